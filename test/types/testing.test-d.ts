/** The conformance cases, as whoever writes an adapter registers them. Checked by `tsc`, never run. */
import { memoryAdapter, type SessionAdapter } from 'storyart-sdk'
import {
  type ConformanceCase,
  type ConformanceHarness,
  type ConformanceOptions,
  type ConformancePlan,
  type ConformanceSkip,
  conformanceCases,
  runConformance,
} from 'storyart-sdk/testing'
import { expectTypeOf, it } from 'vitest'

const least: ConformanceHarness = {
  open: async () => memoryAdapter(),
  elapse: async () => undefined,
}

export async function running(test: (name: string, work: () => Promise<void>) => void): Promise<void> {
  const plan = runConformance(it, () => least)
  expectTypeOf(plan).toEqualTypeOf<ConformancePlan>()
  expectTypeOf(plan.registered).toEqualTypeOf<string[]>()
  expectTypeOf(plan.skipped).toEqualTypeOf<ConformanceSkip[]>()
  const options: ConformanceOptions = { skip: [{ name: 'close', reason: 'it is never closed' }] }
  void runConformance(test, async () => least, options)
  expectTypeOf(conformanceCases).toEqualTypeOf<readonly ConformanceCase[]>()
  for (const { name, topic, run } of conformanceCases) {
    expectTypeOf([name, topic]).toEqualTypeOf<string[]>()
    expectTypeOf(run).toEqualTypeOf<(harness: ConformanceHarness) => Promise<void>>()
  }
  // @ts-expect-error each case opens an adapter of its own, so an adapter alone will not do
  void runConformance(it, memoryAdapter())
  // @ts-expect-error what is skipped has a reason
  void runConformance(it, () => least, { skip: [{ name: 'close' }] })
  // @ts-expect-error a plan cannot be changed
  conformanceCases.push(...conformanceCases)
}

export function harnesses(open: () => Promise<SessionAdapter>): ConformanceHarness[] {
  return [
    { ...least, reopen: open, unreachable: open, tickMs: 10, patienceMs: 100, document: (json) => json },
    { ...least, dispose: async () => undefined },
    // @ts-expect-error time has to pass in some way
    { open },
  ]
}
