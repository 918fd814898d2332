import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Sketch, type Sketched } from '../../../src/store/watch-sketch.js'

const HOUR_MS = 3_600_000

const session = fc.record({
  id: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  hash: fc.integer({ min: 1, max: 0xffffffff }),
  endsAt: fc.oneof(
    fc.constant(Number.POSITIVE_INFINITY),
    fc.integer({ min: 0, max: 4_000_000 }).map((hours) => hours * HOUR_MS),
  ),
})

const sketchOf = (sessions: readonly Sketched[]): Sketch => {
  const sketch = new Sketch()
  for (const one of sessions) sketch.toggle(one)
  return sketch
}

const byId = (a: Sketched, b: Sketched): number => a.id - b.id

it('two sketches give exactly what is in one of them, or say that it is too much', () => {
  let told = 0
  let few = 0
  fc.assert(
    fc.property(
      fc.uniqueArray(session, { selector: ({ id }) => id, maxLength: 60 }),
      fc.nat({ max: 12 }),
      fc.nat({ max: 12 }),
      (all, gone, added) => {
        const before = sketchOf(all.slice(0, Math.max(0, all.length - added)))
        const text = before.toString()
        expect(Sketch.parse(text)?.toString()).toBe(text)
        const after = sketchOf(all.slice(gone))
        const found = Sketch.parse(text)?.differences(after)
        const older = new Set(all.slice(0, Math.max(0, all.length - added)))
        const newer = new Set(all.slice(gone))
        const exact = all.filter((one) => older.has(one) !== newer.has(one)).sort(byId)
        if (found) expect(found.sort(byId)).toEqual(exact)
        if (exact.length <= 4) few++
        if (exact.length <= 4 && found) told++
      },
    ),
    { numRuns: 300, seed: 1 },
  )
  expect(few).toBeGreaterThan(20)
  expect(told).toBe(few)
})

it('a text that is none is none', () => {
  for (const text of ['0', 'a'.repeat(1119), 'a'.repeat(1121)]) expect(Sketch.parse(text)).toBeUndefined()
  expect(Sketch.parse('')?.toString()).toBe('')
})

it('damaged text is read to an end', () => {
  const damaged = Sketch.parse('zzzzzz1'.repeat(160))
  expect(damaged?.differences(sketchOf([{ id: 7, hash: 1, endsAt: 0 }]))).toBeUndefined()
})
