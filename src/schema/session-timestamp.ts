/**
 * The version number of a session.
 * @module
 */
import { z } from 'zod'

/**
 * A session's timestamp: an integer, ms since the epoch, from 1 to 8,640,000,000,000,000 (the last moment a `Date` can
 * hold).
 *
 * Exact, for what is written. The field `timestamp` inside a stored session may also be a text or `null`.
 */
export const SessionTimestampSchema = z.int().min(1).max(8_640_000_000_000_000)

/** A number that passed {@link SessionTimestampSchema}: ms since the epoch. */
export type SessionTimestamp = z.infer<typeof SessionTimestampSchema>
