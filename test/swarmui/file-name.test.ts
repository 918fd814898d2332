import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ImageJob } from '../../src/prompt/queue/queue.js'
import { fileName, stemOf } from '../../src/swarmui/file-name.js'
import { jobsOf } from './harness.js'

const [first] = jobsOf(1)
const job = (change: Partial<ImageJob>): ImageJob => {
  if (!first) throw new Error('there is a job')
  return { ...first, ...change }
}

describe('names of pictures', () => {
  it.each([
    [job({}), 1, 's01-b001-cinematic-1'],
    [job({ beatId: 's1-b10', format: 'marketingVertical' }), 2, 's01-b010-marketingvertical-2'],
    [job({ beatId: 'opening', sceneNumber: null }), 1, 's00-opening-cinematic-1'],
    [job({ beatId: 's2-b1', sceneNumber: 12 }), 1, 's12-s002-b001-cinematic-1'],
    [job({ beatId: '../../CON: \u00e9t\u00e9?' }), 1, 's01-_con_t_-cinematic-1'],
    [job({ images: 12 }), 3, 's01-b001-cinematic-03'],
  ])('%#', (one, take, expected) => {
    expect(stemOf(one, take)).toBe(expected)
  })

  it('sort as the story goes', () => {
    const stems = [
      job({ beatId: 's1-b2' }),
      job({ beatId: 's1-b10' }),
      job({ beatId: 's1-b100' }),
      job({ sceneNumber: 2, beatId: 's2-b1' }),
    ].map((one) => stemOf(one, 1))
    expect([...stems].sort()).toEqual(stems)
    expect([fileName('s', 2, 'jpeg'), fileName('s', 1, 'png')].sort()).toEqual(['s.png', 's.v2.jpg'])
  })

  it('are names on every operating system', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.integer(), (beatId, sceneNumber) => {
        const name = fileName(stemOf(job({ beatId, sceneNumber }), 1), 1, 'webp')
        expect(name).toMatch(/^s[0-9-]+-[a-z0-9_-]*-cinematic-1\.webp$/)
        expect(name.length).toBeLessThan(120)
      }),
      { numRuns: 50 },
    )
  })
})
