import { describe, expect, it } from 'vitest'
import { promptReader } from '../../../../src/prompt/queue/prompt-reader.js'

describe('promptReader', () => {
  it('reads each kind by itself', () => {
    const vertical = { prompt: 'tall' }
    const beat = { beatId: 'a', prompts: { cinematic: 'wide', vertical, marketingVertical: null } }
    const readings = promptReader({}).read(beat)
    expect(readings).toEqual({
      cinematic: { prompt: 'wide' },
      vertical: { prompt: 'tall' },
      marketingVertical: 'missing',
    })
    expect(readings.vertical).toBe(vertical)
  })

  it.each([undefined, null, {}])('finds nothing in prompts of %j', (prompts) => {
    const beat = prompts === undefined ? { beatId: 'a' } : { beatId: 'a', prompts }
    expect(promptReader({}).read(beat)).toEqual({
      cinematic: 'missing',
      vertical: 'missing',
      marketingVertical: 'missing',
    })
  })

  it('takes StorySwarm`s prompt for the 16:9 one', () => {
    const pair = { beatId: 'a', prompts: {}, prompt: { positive: 'wide', negative: 'fog' } }
    expect(promptReader({}).read(pair).cinematic).toEqual({ prompt: 'wide', negativeprompt: 'fog' })
    expect(promptReader({}).read(pair).vertical).toBe('missing')
    expect(promptReader({}).read({ beatId: 'a', prompt: 'wide' }).cinematic).toEqual({ prompt: 'wide' })
  })

  it('asks the beat, then StorySwarm, then the legacy list, for each kind', () => {
    const session = {
      prompts: [{ beatId: 'a', cinematic: 'old wide', vertical: 'old tall', marketingVertical: 'old ad' }],
    }
    const read = (beat: object) => promptReader(session).read({ beatId: 'a', ...beat })
    expect(read({ prompts: { cinematic: 'own' }, prompt: 'swarm' }).cinematic).toEqual({ prompt: 'own' })
    expect(read({ prompts: { cinematic: ' ' }, prompt: 'swarm' }).cinematic).toEqual({ prompt: 'swarm' })
    expect(read({ prompt: { positive: '' } })).toEqual({
      cinematic: { prompt: 'old wide' },
      vertical: { prompt: 'old tall' },
      marketingVertical: { prompt: 'old ad' },
    })
  })

  it('tells the flaw of the first that is there', () => {
    const failed = '[Beat s1-bb1: Generation failed]'
    const session = { prompts: [{ beatId: 'a', cinematic: failed }] }
    expect(promptReader(session).read({ beatId: 'a' }).cinematic).toBe('placeholder')
    expect(promptReader(session).read({ beatId: 'a', prompts: { cinematic: '' } }).cinematic).toBe('empty')
    expect(promptReader({}).read({ beatId: 'a', prompts: { cinematic: failed }, prompt: '' }).cinematic).toBe(
      'placeholder',
    )
  })

  it('gives the n-th legacy entry of an id to the n-th beat with it, whatever blanks the ids carry', () => {
    const reader = promptReader({
      prompts: [
        { beatId: 'a', cinematic: 'first' },
        { beatId: 'b ', cinematic: 'other' },
        { beatId: ' a', cinematic: 'second' },
      ],
    })
    expect(reader.read({ beatId: 'a' }).cinematic).toEqual({ prompt: 'first' })
    expect(reader.leftOver()).toEqual([' a', 'b '])
    expect(reader.read({ beatId: 'a ' }).cinematic).toEqual({ prompt: 'second' })
    expect(reader.read({ beatId: 'a' }).cinematic).toBe('missing')
    expect(reader.leftOver()).toEqual(['b '])
  })

  it('does not change the session', () => {
    const session = { prompts: [{ beatId: 'a', cinematic: 'x' }] }
    promptReader(session).read({ beatId: 'a' })
    expect(session).toEqual({ prompts: [{ beatId: 'a', cinematic: 'x' }] })
  })
})
