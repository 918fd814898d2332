import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { conforms, faultsOf } from '../../../src/schema/conforms.js'
import { SwarmUIPromptSchema } from '../../../src/schema/index.js'

describe('conforms and faultsOf', () => {
  it('answer from the compiled rule', () => {
    expect(conforms(SwarmUIPromptSchema, { prompt: 'x' })).toBe(true)
    expect(faultsOf(SwarmUIPromptSchema, { prompt: 'x' })).toEqual([])
    expect(conforms(SwarmUIPromptSchema, { width: 1 })).toBe(false)
    expect(faultsOf(SwarmUIPromptSchema, { width: 'x' })).toEqual([
      { path: 'width', message: 'expected number or null, received string' },
      { path: 'prompt', message: 'expected string, received nothing' },
    ])
  })

  it('let zod answer for what cannot be compiled', () => {
    const even = z.looseObject({ list: z.array(z.number().multipleOf(2)) })
    expect(conforms(even, { list: [2, 4] })).toBe(true)
    expect(faultsOf(even, { list: [2, 4] })).toEqual([])
    expect(conforms(even, { list: [2, 3] })).toBe(false)
    expect(faultsOf(even, { list: [2, 3, 5] })).toEqual([
      { path: 'list[1]', message: 'not_multiple_of' },
      { path: 'list[2]', message: 'not_multiple_of' },
    ])
  })

  it('narrow the type of what conforms', () => {
    const value: unknown = { prompt: 'x' }
    const text: string = conforms(SwarmUIPromptSchema, value) ? value.prompt : ''
    expect(text).toBe('x')
  })
})
