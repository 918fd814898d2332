import { describe, expect, it } from 'vitest'
import { conformanceCases } from '../../../src/testing/index.js'
import { mutants } from './mutants/index.js'
import { sharedMemoryHarness } from './shared-memory.js'

const titleOf = ({ topic, name }: { topic: string; name: string }): string => `${topic}: ${name}`

describe('an adapter is caught that', () => {
  it.each(mutants)('%s', async (_fault, mutation, caughtBy, says) => {
    const watchful = conformanceCases.find((one) => titleOf(one) === caughtBy)
    if (!watchful) throw new Error(`there is no case "${caughtBy}"`)
    await expect(watchful.run(sharedMemoryHarness(mutation))).rejects.toThrow(says)
  })
})

describe('the table of mutants', () => {
  it('has each fault once', () => {
    const faults = mutants.map(([fault]) => fault)
    expect(new Set(faults).size).toBe(faults.length)
  })

  it('has a mutant for every case, so that no case is empty', () => {
    const caught = new Set(mutants.map(([, , caughtBy]) => caughtBy))
    expect(conformanceCases.map(titleOf).filter((title) => !caught.has(title))).toEqual([])
  })
})
