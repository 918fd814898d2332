/**
 * Whether a session says of itself which version it is.
 * @module
 */

import type { Session } from '../../schema/index.js'
import type { Report } from './finding.js'

/** The version a key names: ms since the epoch. Both StoryArt's keys and the injector's are read. */
export function timestampInKey(key: string | null | undefined): number | null {
  const digits = /^\s*(?:storyart:)?session:(\d{1,16})\s*$/.exec(key ?? '')?.[1]
  return digits === undefined || Number(digits) === 0 ? null : Number(digits)
}

/** Checks the timestamp against its form, the session's own key, and the one it is stored under. */
export function checkTimestamp({ timestamp, sessionKey }: Session, storedAs: number | undefined, report: Report): void {
  const number = timestamp == null ? null : Number(timestamp)
  if (timestamp != null && !(typeof timestamp === 'number' && Number.isSafeInteger(timestamp) && timestamp > 0)) {
    report('timestamp-form', 'timestamp', 'The timestamp is no whole number of milliseconds')
  }
  const keyed = timestampInKey(sessionKey)
  if (number !== null && keyed !== null && keyed !== number) {
    report('timestamp-mismatch', 'sessionKey', 'The key names another version than the timestamp')
  }
  if (storedAs === undefined) return
  const own = number ?? keyed
  if (own !== null && own !== storedAs) {
    report('timestamp-mismatch', 'timestamp', 'The timestamp is not the one the session is stored under')
  }
}
