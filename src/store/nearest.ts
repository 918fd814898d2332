/**
 * The version closest to a moment.
 * @module
 */
import type { SessionAdapter } from '../adapters/adapter.js'
import { type Coverage, loadFirst, type WalkStep, walkIndex } from './load.js'
import type { SessionRecord } from './record.js'

/** Closest first; of two at the same distance the older, which was there at the moment asked for. @internal */
export function loadNearest(
  adapter: SessionAdapter,
  moment: number,
  signal: AbortSignal | undefined,
): Promise<SessionRecord | null> {
  const coverage = { partial: false }
  return loadFirst(outwards(adapter, moment, coverage, signal), coverage, adapter, signal)
}

async function* outwards(
  adapter: SessionAdapter,
  moment: number,
  coverage: Coverage,
  signal: AbortSignal | undefined,
): AsyncGenerator<WalkStep, void, undefined> {
  const split = Math.floor(moment) + 1
  const older = walkIndex(adapter, { before: split }, 'newest', coverage, signal)
  const newer = walkIndex(adapter, { from: split }, 'oldest', coverage, signal)
  let left = await older.next()
  let right = await newer.next()
  while (!left.done || !right.done) {
    const takeLeft = !left.done && (right.done || moment - left.value.timestamp <= right.value.timestamp - moment)
    if (takeLeft && !left.done) {
      yield left.value
      left = await older.next()
    } else if (!right.done) {
      yield right.value
      right = await newer.next()
    }
  }
}
