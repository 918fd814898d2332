/**
 * All cases, topic by topic.
 * @module
 */

import { sharedCases, unreachableCases } from './cases/backend.js'
import { abortCases, argumentCases, closeCases, healthCases } from './cases/calls.js'
import { describeCases } from './cases/describe.js'
import { expectCases } from './cases/expect.js'
import { listCases } from './cases/list.js'
import { deleteCases, pruneCases } from './cases/remove.js'
import { textCases } from './cases/text.js'
import { ttlCases } from './cases/ttl.js'
import { markCases, watchCases } from './cases/watch.js'
import type { ConformanceCase } from './harness.js'

/**
 * Every promise of the adapter interface, in the order in which they are best mended.
 *
 * Plain data: hand it to a runner with {@link runConformance}, or run it in a loop. A new case is a minor version.
 *
 * @example
 * ```ts
 * import { conformanceCases } from 'storyart-sdk/testing'
 *
 * const topics = new Set(conformanceCases.map(({ topic }) => topic))
 * console.log([...topics].join(' ')) // text expect ttl list delete describe prune watch shared marks health close abort arguments unreachable
 * ```
 */
export const conformanceCases: readonly ConformanceCase[] = [
  ...textCases,
  ...expectCases,
  ...ttlCases,
  ...listCases,
  ...deleteCases,
  ...describeCases,
  ...pruneCases,
  ...watchCases,
  ...markCases,
  ...healthCases,
  ...closeCases,
  ...abortCases,
  ...argumentCases,
  ...sharedCases,
  ...unreachableCases,
]
