import { describe, expect, it } from 'vitest'
import { conformanceCases, runConformance } from '../../../src/testing/index.js'
import { sharedMemoryHarness } from './shared-memory.js'

describe('a sound backend with clients keeps every promise', () => {
  const plan = runConformance(it, () => sharedMemoryHarness())

  it('nothing is skipped', () => {
    expect(plan.skipped).toEqual([])
    expect(plan.registered).toHaveLength(conformanceCases.length)
  })
})
