import { describe, expect, it } from 'vitest'
import { readPrompt } from '../../../../src/prompt/queue/prompt-text.js'

describe('readPrompt', () => {
  it('hands out a stored prompt itself', () => {
    const stored = { prompt: 'a lighthouse', width: 1344, extra: { kept: true } }
    expect(readPrompt(stored)).toBe(stored)
  })

  it('makes a prompt of a text and invents nothing', () => {
    expect(readPrompt(' a lighthouse ')).toEqual({ prompt: ' a lighthouse ' })
  })

  it.each([
    [
      { positive: 'a lighthouse', negative: 'fog' },
      { prompt: 'a lighthouse', negativeprompt: 'fog' },
    ],
    [{ positive: 'a lighthouse', negative: ' ' }, { prompt: 'a lighthouse' }],
    [{ positive: 'a lighthouse' }, { prompt: 'a lighthouse' }],
  ])('reads the pair %j', (pair, prompt) => {
    expect(readPrompt(pair)).toEqual(prompt)
  })

  it.each([
    [undefined, 'missing'],
    [null, 'missing'],
    ['', 'empty'],
    [' \n\u00a0', 'empty'],
    [{ prompt: '' }, 'empty'],
    [{ prompt: '\t', width: 1344 }, 'empty'],
    [{}, 'empty'],
    [{ positive: null, negative: 'fog' }, 'empty'],
    ['[Beat s1-bb1: Generation failed]', 'placeholder'],
    [' [Beat s1-bb1: Generation failed]\n', 'placeholder'],
    [{ prompt: '[Beat : Generation failed]', seed: 0 }, 'placeholder'],
    [{ positive: '[Beat s2-bb9: Generation failed]' }, 'placeholder'],
  ])('calls %j %s', (stored, flaw) => {
    expect(readPrompt(stored)).toBe(flaw)
  })

  it.each([
    'A note reads [Beat s1-b1: Generation failed]',
    '[Beat s1-b1: Generation failed], a lighthouse',
    '[Beat s1-b1]: Generation failed',
  ])('paints what only looks like a failure: %s', (text) => {
    expect(readPrompt(text)).toEqual({ prompt: text })
  })
})
