/** A short chaos run; `npm run test:chaos` makes long ones. And proof that it would notice. */
import { describe, expect, it } from 'vitest'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import { type ChaosOptions, runChaos } from '../chaos/chaos.js'

describe('faults at random, with clients at work', { timeout: 240_000 }, () => {
  it.each([1, 2])('lose nothing that was acknowledged: seed %i', async (seed) => {
    const report = await runChaos({ seed, ms: 6000 })
    expect(report.violation).toBeUndefined()
    expect(report.exact).toBeGreaterThan(20)
  })
})

type Sabotage = NonNullable<ChaosOptions['sabotage']>

/** Answers for its adapter now and then, without asking it. */
function lying(operation: 'put' | 'get' | 'delete', answer: unknown, every: number): Sabotage {
  let calls = 0
  return (adapter: SessionAdapter) => ({
    ...adapter,
    [operation]: (...args: never[]) =>
      ++calls % every === 0 ? Promise.resolve(answer) : Reflect.apply(adapter[operation], adapter, args),
  })
}

describe('the same with a liar in between, even without any fault,', { timeout: 240_000 }, () => {
  const NOTHING_THERE = /found nothing|is not there|misses it|nowhere|must be|is lost|refused|replaced/

  it.each([
    ['one of 100 acknowledged saves is not made', lying('put', { stored: true }, 100), NOTHING_THERE],
    ['one of 100 reads says that nothing is there', lying('get', null, 100), /found nothing/],
    ['one of 4 acknowledged deletes is not made', lying('delete', true, 4), /must be|may be|refused/],
  ])('is found out: %s', async (_, sabotage, message) => {
    const { violation } = await runChaos({ seed: 3, ms: 60_000, faults: [], sabotage })
    expect(violation?.message).toMatch(message)
    expect(violation?.trace.length).toBeGreaterThan(20)
  })
})
