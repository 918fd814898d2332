/**
 * The episode context of a session, read without ever failing.
 * @module
 */

import type { EnhancedEpisodeContext, Session } from '../schema/index.js'
import { isRecord } from './is-record.js'

/**
 * What a session holds in place of a context. `placeholder`: the bracketed note StoryArt writes when it restores or
 * saves a session without one.
 */
export type ContextFlaw = 'missing' | 'empty' | 'placeholder' | 'not-json'

/** Text around text: once is how StoryArt stores it, twice happens, more is no accident. */
const MAX_ENCODINGS = 4

const PLACEHOLDER = /^\s*\[[^[\]{}"]*\]\s*$/

/**
 * Reads the context: a JSON text, a text encoded twice, or an object.
 *
 * The type is that of the schema, but what was a text has not been through it: only what is checked where it is read may
 * be relied on, as the other helpers do.
 */
export function sessionContext({ episodeContext: stored }: Session): EnhancedEpisodeContext | ContextFlaw {
  if (stored == null) return 'missing'
  let value: unknown = stored
  for (let encodings = 0; typeof value === 'string'; encodings++) {
    if (!value.trim()) return 'empty'
    if (encodings === MAX_ENCODINGS) return 'not-json'
    const text = value
    try {
      value = JSON.parse(text)
    } catch {
      return PLACEHOLDER.test(text) ? 'placeholder' : 'not-json'
    }
  }
  return isRecord(value) ? value : 'not-json'
}
