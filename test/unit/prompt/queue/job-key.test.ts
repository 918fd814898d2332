import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ImageFormat } from '../../../../src/prompt/image-format.js'
import { hexDigits } from '../../../../src/prompt/queue/hex-digits.js'
import { jobKey, promptHasher } from '../../../../src/prompt/queue/job-key.js'
import type { SwarmUIPrompt } from '../../../../src/schema/index.js'

const prompt = {
  prompt: 'a lighthouse at dusk',
  model: 'flux1-dev-fp8',
  width: 1344,
  height: 768,
  steps: 40,
  cfgscale: 1,
  seed: -1,
}

const prompts = fc.record(
  {
    prompt: fc.string({ unit: 'grapheme', maxLength: 40 }),
    model: fc.option(fc.string()),
    width: fc.integer(),
    seed: fc.option(fc.integer()),
    extra: fc.jsonValue(),
  },
  { requiredKeys: ['prompt'] },
)

/** The same object with its keys, at every level, the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  )
}

describe('jobKey', () => {
  it('is the hash of three lines, so that any language can make it', () => {
    // mmh3 of 'cinematic\n{}\na lighthouse at dusk', and of the same with its parameters.
    expect(jobKey('cinematic', { prompt: 'a lighthouse at dusk' })).toBe('c2346ca40d7399e360f4338b36b4c78d')
    const parameters = { seed: -1, loras: null, height: 768, cfgscale: 1 }
    expect(jobKey('cinematic', { ...parameters, prompt: 'a lighthouse at dusk' })).toBe(
      'd3476a75be9a2e97eff570d2e5bceb89',
    )
  })

  it('does not depend on the order of keys, at any level', () => {
    fc.assert(
      fc.property(prompts, (one) => {
        const other = reversed(one) as typeof one
        expect(jobKey('cinematic', other)).toBe(jobKey('cinematic', one))
      }),
    )
  })

  it('takes undefined for missing', () => {
    const stored: SwarmUIPrompt = { ...prompt, sampler: undefined, loras: undefined }
    expect(jobKey('vertical', stored)).toBe(jobKey('vertical', prompt))
  })

  it.each<[string, Partial<SwarmUIPrompt>]>([
    ['text', { prompt: 'a lighthouse at dusk ' }],
    ['model', { model: 'flux1-dev' }],
    ['width', { width: 1345 }],
    ['height', { height: 769 }],
    ['steps', { steps: 41 }],
    ['cfgscale', { cfgscale: 1.5 }],
    ['seed', { seed: 0 }],
    ['sampler', { sampler: 'euler' }],
    ['scheduler', { scheduler: 'beta' }],
    ['loras', { loras: 'gargan' }],
    ['loraweights', { loraweights: '1' }],
    ['a number for a text', { loraweights: 1 }],
    ['negativeprompt', { negativeprompt: 'fog' }],
    ['null', { sampler: null }],
    ['an unknown parameter', { fluxguidancescale: 3.5 } as Partial<SwarmUIPrompt>],
  ])('changes with the %s', (_, change) => {
    expect(jobKey('cinematic', { ...prompt, ...change })).not.toBe(jobKey('cinematic', prompt))
  })

  it('changes with the format', () => {
    const keys = (['cinematic', 'vertical', 'marketingVertical'] as const).map((format) => jobKey(format, prompt))
    expect(new Set(keys).size).toBe(3)
  })

  it('cannot be led astray by text that looks like parameters', () => {
    expect(jobKey('cinematic', { prompt: '{"seed":1}\nx' })).not.toBe(jobKey('cinematic', { prompt: 'x', seed: 1 }))
  })

  it('differs for prompts that differ in anything', () => {
    fc.assert(
      fc.property(prompts, prompts, (one, other) => {
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
        expect(jobKey('cinematic', one) === jobKey('cinematic', other)).toBe(same)
      }),
    )
  })

  it('is different for 20,000 prompts that differ in a few letters', () => {
    const keyOf = keyMaker('cinematic')
    const keys = new Set<string>()
    for (let i = 0; i < 20_000; i++) keys.add(keyOf({ prompt: `beat ${i}, a lighthouse at dusk`, seed: i % 7 }))
    expect(keys.size).toBe(20_000)
  })
})

describe('promptHasher', () => {
  it('makes the same keys in a row as one by one', () => {
    fc.assert(
      fc.property(fc.array(prompts, { maxLength: 8 }), (list) => {
        const keyOf = keyMaker('vertical')
        // Each one twice, so that the parameters of the one before are met again.
        for (const one of list) {
          const key = jobKey('vertical', one)
          expect(keyOf(one)).toBe(key)
          expect(keyOf({ ...one })).toBe(key)
        }
      }),
    )
  })

  it('tells a missing parameter from one it does not know', () => {
    const keyOf = keyMaker('cinematic')
    const first = keyOf({ prompt: 'x', sampler: undefined })
    expect(keyOf({ prompt: 'x', scheduler: 'beta' })).not.toBe(first)
    expect(keyOf({ prompt: 'x', sampler: undefined })).toBe(first)
    expect(keyOf({ prompt: 'x' })).toBe(first)
  })

  it('takes long texts after short ones, and short ones after long ones', () => {
    const keyOf = keyMaker('cinematic')
    const texts = ['a', '\u00e9'.repeat(9_000), 'b', '\u706f'.repeat(30_000), 'a', '', '\ud800']
    for (const text of texts) expect(keyOf({ prompt: text })).toBe(jobKey('cinematic', { prompt: text }))
  })

  it('takes long parameters after short ones, and short ones after long ones', () => {
    const keyOf = keyMaker('cinematic')
    for (const model of ['a', 'b'.repeat(9_000), 'c', '\u706f'.repeat(30_000), '']) {
      const one = { prompt: 'a lighthouse', model }
      expect(keyOf(one)).toBe(jobKey('cinematic', one))
    }
  })
})

/** The keys of one prompt after another, from one hasher. */
function keyMaker(format: ImageFormat): (prompt: SwarmUIPrompt) => string {
  const hash = promptHasher(format)
  const words = new Int32Array(8)
  return (prompt) => {
    hash(prompt, words, 4)
    return hexDigits(words.subarray(4))
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
