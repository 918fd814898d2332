/**
 * The names and the life of a stored session, as StoryArt's own server writes them.
 * @module
 */

/** What stands before the timestamp in a session's key: `storyart:session:1704067200000`. */
export const SESSION_KEY_PREFIX = 'storyart:session:'

/** The key of the index: a sorted set of session keys with the timestamp as score. */
export const SESSION_INDEX_KEY = 'storyart:sessions:index'

/** How long a session lives unless said otherwise, in ms: 7 days. */
export const SESSION_TTL_MS = 604_800_000
