/**
 * From cases to a test runner.
 * @module
 */

import { StoryArtError } from '../errors.js'
import { conformanceCases } from './cases.js'
import type { ConformanceHarness } from './harness.js'

/** A promise that an adapter cannot keep, and why. */
export interface ConformanceSkip {
  /** The name of a case, or of a topic for all its cases. */
  name: string
  /** Why it cannot hold for this backend. Not blank. */
  reason: string
}

/** How {@link runConformance} treats the cases. */
export interface ConformanceOptions {
  /** The promises that cannot hold. A name that no case or topic has is refused. Default: none. */
  skip?: readonly ConformanceSkip[] | undefined
}

/** What {@link runConformance} did, so that nothing is skipped silently. */
export interface ConformancePlan {
  /** The titles handed to `register`, in order. */
  registered: string[]
  /** The titles left out, each with its reason. */
  skipped: ConformanceSkip[]
}

/**
 * Hands every conformance case to a test runner, each with a harness of its own.
 *
 * A title is `topic: name`. The harness is made when the case runs, and disposed of also when it fails.
 *
 * @param register - The runner's own function, such as `test`: called at once, once a case.
 * @param harnessFactory - Makes a harness on an empty store.
 * @param options - What to leave out.
 * @returns What was registered and what was skipped.
 * @throws {StoryArtError} INVALID_ARGUMENT when a skip names no case and no topic, or gives no reason.
 * @example
 * ```ts
 * import { memoryAdapter } from 'storyart-sdk'
 * import { runConformance } from 'storyart-sdk/testing'
 *
 * const tests: (() => Promise<void>)[] = []
 * const plan = runConformance(
 *   (_title, test) => tests.push(test),
 *   () => {
 *     let now = 0
 *     return {
 *       open: async () => memoryAdapter({ now: () => now }),
 *       elapse: async (ms) => {
 *         now += ms
 *       },
 *     }
 *   },
 *   {
 *     skip: [
 *       { name: 'shared', reason: 'the store dies with its adapter' },
 *       { name: 'unreachable', reason: 'memory always answers' },
 *     ],
 *   },
 * )
 * for (const test of tests) await test()
 * console.log(plan.registered.includes('ttl: a life ends')) // true
 * ```
 */
export function runConformance(
  register: (title: string, test: () => Promise<void>) => unknown,
  harnessFactory: () => ConformanceHarness | Promise<ConformanceHarness>,
  options: ConformanceOptions = {},
): ConformancePlan {
  const { skip = [] } = options
  for (const { name, reason } of skip) {
    if (!conformanceCases.some((known) => known.name === name || known.topic === name)) {
      throw new StoryArtError('INVALID_ARGUMENT', `runConformance: no case and no topic is called "${name}".`)
    }
    if (reason.trim() === '') {
      throw new StoryArtError('INVALID_ARGUMENT', `runConformance: say why "${name}" is skipped.`)
    }
  }
  const plan: ConformancePlan = { registered: [], skipped: [] }
  for (const one of conformanceCases) {
    const title = `${one.topic}: ${one.name}`
    const skipped = skip.find(({ name }) => name === one.name || name === one.topic)
    if (skipped) {
      plan.skipped.push({ name: title, reason: skipped.reason })
      continue
    }
    plan.registered.push(title)
    register(title, async () => {
      const harness = await harnessFactory()
      try {
        await one.run(harness)
      } finally {
        await harness.dispose?.()
      }
    })
  }
  return plan
}
