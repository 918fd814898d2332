/**
 * The story's id.
 * @module
 */
import { z } from 'zod'

/**
 * A story's UUID, of any version, in any case: the rule StoryArt restores by.
 *
 * Exact, for use on demand. Inside a session `storyUuid` may be any text, because StoryArt itself writes placeholders
 * such as `restored-1704067200000` there.
 */
export const StoryUuidSchema = z
  .string()
  .regex(/^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/)

/** A text that passed {@link StoryUuidSchema}. */
export type StoryUuid = z.infer<typeof StoryUuidSchema>
