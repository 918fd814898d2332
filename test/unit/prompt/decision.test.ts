import { describe, expect, it } from 'vitest'
import { imageDecision, wantsImage } from '../../../src/prompt/decision.js'
import type { BeatAnalysis } from '../../../src/schema/index.js'

type Stored = BeatAnalysis['imageDecision']

describe('imageDecision', () => {
  it.each<[Stored, ReturnType<typeof imageDecision>, boolean]>([
    [{ type: 'NEW_IMAGE' }, 'NEW_IMAGE', true],
    [{ type: 'REUSE_IMAGE', reuseSourceBeatId: 's1-b1' }, 'REUSE_IMAGE', false],
    [{ type: 'NO_IMAGE' }, 'NO_IMAGE', false],
    ['NEW_IMAGE', 'NEW_IMAGE', true],
    ['REUSE_IMAGE', 'REUSE_IMAGE', false],
    [' no_image\n', 'NO_IMAGE', false],
    [{ type: 'Reuse Image' }, 'REUSE_IMAGE', false],
    [{ type: 'no-image' }, 'NO_IMAGE', false],
    [{ type: 'KEEP_IMAGE' }, null, true],
    [{ type: 'NO_IMAGE_YET' }, null, true],
    [{ type: '' }, null, true],
    [{ type: null }, null, true],
    [{}, null, true],
    ['', null, true],
    [null, null, true],
    [undefined, null, true],
  ])('reads %j as %s', (stored, type, wanted) => {
    const beat: BeatAnalysis = { beatId: 's1-b1', imageDecision: stored }
    expect(imageDecision(beat)).toBe(type)
    expect(wantsImage(beat)).toBe(wanted)
  })

  it('reads a beat without the field', () => {
    expect(imageDecision({ beatId: 'b' })).toBeNull()
    expect(wantsImage({ beatId: 'b' })).toBe(true)
  })
})
