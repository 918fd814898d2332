import { describe, expect, it } from 'vitest'
import { sectionKey, splitSections } from '../../../../src/prompt/syntax/sections.js'

describe('splitSections', () => {
  it('gives each section the words behind its tag', () => {
    expect(splitSections('a coat, <segment:face,0.4> green eyes <lora:x> <segment:coat> ')).toEqual({
      prose: 'a coat,',
      sections: ['<segment:face,0.4> green eyes <lora:x>', '<segment:coat>'],
    })
  })

  it('is outside again behind the end of a region', () => {
    expect(splitSections('a <region:0,0,1,1> b <region:end> c <base>d')).toEqual({
      prose: 'a c',
      sections: ['<region:0,0,1,1> b', '<base>d'],
    })
  })

  it.each(['<lora:segment>', '<Segment:face>', '<segmented:x>', '<random:<segment:x>>', 'I <3 <segment:x>'])(
    'knows %s as no section',
    (text) => {
      expect(splitSections(text)).toEqual({ prose: text, sections: [] })
    },
  )
})

describe('sectionKey', () => {
  it('does without the numbers of sections read before', () => {
    expect(sectionKey('<segment:face,0.4//cid=11>')).toBe('<segment:face,0.4>')
  })
})
