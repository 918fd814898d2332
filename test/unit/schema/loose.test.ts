import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { loose, whole } from '../../../src/schema/loose.js'

afterEach(() => vi.unstubAllGlobals())

describe('loose', () => {
  it('generates no code: neither built, nor passed, nor failed', () => {
    const compiler = vi.fn(globalThis.Function)
    vi.stubGlobal('Function', compiler)
    const schema = loose({ id: z.string(), part: loose({ size: z.number() }).nullish() })
    expect(schema.safeParse({ id: 'x', part: { size: 1 } }).success).toBe(true)
    expect(schema.safeParse({ id: 1, part: { size: 'x' } }).error?.issues.map(({ path }) => path)).toEqual([
      ['id'],
      ['part', 'size'],
    ])
    expect(compiler).not.toHaveBeenCalled()
  })

  it('hands back the very object, every unknown key in its place', () => {
    const given = JSON.parse('{"b":1,"__proto__":{"polluted":1},"id":"x","a":[{"z":1}],"1":2}')
    const parsed = loose({ a: z.array(loose({})), id: z.string() }).parse(given)
    expect(parsed).toBe(given)
    expect(JSON.stringify(parsed)).toBe('{"1":2,"b":1,"__proto__":{"polluted":1},"id":"x","a":[{"z":1}]}')
  })

  it('stays an object schema of zod: extended, picked, described, read', async () => {
    const base = loose({ id: z.string(), size: z.number().optional() })
    expect(base).toBeInstanceOf(z.ZodObject)
    const given = { other: 1, note: 'n', id: 'x' }
    expect(base.extend({ note: z.string() }).parse(given)).toBe(given)
    expect(base.extend({ note: z.string() }).safeParse({ id: 'x' }).success).toBe(false)
    expect(base.pick({ size: true }).safeParse({ id: 1 }).success).toBe(true)
    expect(base.describe('d').description).toBe('d')
    expect(await base.parseAsync(given)).toBe(given)
    expect(z.toJSONSchema(base)).toMatchObject({ type: 'object', required: ['id'], additionalProperties: {} })
  })

  it('leaves to zod what cannot be done in place', () => {
    const base = loose({ id: z.string() })
    const given = { id: ' x ', other: 1 }
    expect(base.strip().parse(given)).toEqual({ id: ' x ' })
    expect(base.strict().safeParse(given).success).toBe(false)
    expect(base.extend({ id: z.string().trim() }).parse(given)).toEqual({ id: 'x', other: 1 })
    expect(base.extend({ size: z.number().default(3) }).parse(given)).toEqual({ id: ' x ', size: 3, other: 1 })
    expect(base.refine(({ id }) => id.length > 9).safeParse(given).success).toBe(false)
    expect(base.extend({ id: z.coerce.string() }).parse({ id: 7 })).toEqual({ id: '7' })
  })

  it('does not lose itself in a schema that refers to itself', () => {
    const tree = loose({ name: z.string() }).extend({
      get children() {
        return z.array(tree).optional()
      },
    }) as z.ZodObject
    expect(tree.safeParse({ name: 'a', children: [{ name: 'b', children: [] }] }).success).toBe(true)
    expect(tree.safeParse({ name: 'a', children: [{ name: 1 }] }).success).toBe(false)
  })
})

describe('whole', () => {
  const base = loose({
    id: z.string(),
    note: z.string().nullish(),
    list: z.array(z.string()).nullish(),
    any: z.unknown().optional(),
  })
  const strict = whole(base, { list: z.array(z.string()) })

  it('requires what is named and refuses null in what is known', () => {
    expect(strict.safeParse({ id: 'x', list: [], any: null, other: null }).success).toBe(true)
    expect(strict.safeParse({ id: 'x', list: [], note: undefined }).success).toBe(true)
    expect(strict.safeParse({ id: 'x', list: [], note: null }).success).toBe(false)
    expect(strict.safeParse({ id: 'x', list: null }).success).toBe(false)
    expect(strict.safeParse({ id: 'x' }).success).toBe(false)
    expect(strict.safeParse({ list: [] }).success).toBe(false)
  })

  it('leaves the schema it starts from alone', () => {
    expect(base.safeParse({ id: 'x', note: null, list: null }).success).toBe(true)
  })
})
