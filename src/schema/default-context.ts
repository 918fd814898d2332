/**
 * The context of a session that has none yet.
 * @module
 */
import type { EnhancedEpisodeContext } from './episode-context.js'

/** Freezes a value with all it holds. */
function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part)
  return Object.freeze(value)
}

/** The empty episode context StoryArt starts with: no characters, no scenes. Frozen; copy it to change it. */
export const DEFAULT_EPISODE_CONTEXT: EnhancedEpisodeContext = /*@__PURE__*/ frozen({
  episode: { episode_number: 0, episode_title: '', episode_summary: '', characters: [], scenes: [] },
})
