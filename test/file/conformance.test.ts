import { describe, expect, it } from 'vitest'
import { conformanceCases, runConformance } from '../../src/testing/index.js'
import { fileHarness } from './harness.js'

describe.concurrent('fileAdapter keeps the promises of an adapter', () => {
  const plan = runConformance(it, fileHarness)

  it('all of them', () => {
    expect(plan.skipped).toEqual([])
    expect(plan.registered).toHaveLength(conformanceCases.length)
  })
})
