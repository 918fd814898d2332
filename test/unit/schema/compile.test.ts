import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compile } from '../../../src/schema/compile.js'
import * as schemas from '../../../src/schema/index.js'
import { type Fault, pathTo } from '../../../src/schema/rule.js'
import { guideSession, sampleSession, storySwarmSession, v1Session } from '../../fixtures/index.js'

type Any = z.core.$ZodTypes

/** The same schema made of zod's own classes, which never heard of rules. */
function plain(schema: z.core.$ZodType): z.ZodType {
  const { def } = (schema as Any)._zod
  if (def.type === 'optional') return plain(def.innerType).optional()
  if (def.type === 'nullable') return plain(def.innerType).nullable()
  if (def.type === 'union') return z.union(def.options.map(plain))
  if (def.type === 'array') {
    const list = z.array(plain(def.element))
    return def.checks?.length ? list.min(1) : list
  }
  if (def.type !== 'object') return schema as z.ZodType
  return z.looseObject(Object.fromEntries(Object.entries(def.shape).map(([key, field]) => [key, plain(field)])))
}

function ruleOf(schema: z.core.$ZodType) {
  const rule = compile(schema)
  if (!rule) throw new Error('not understood')
  return rule
}

function faultsIn(schema: z.core.$ZodType, value: unknown): Fault[] {
  const faults: Fault[] = []
  ruleOf(schema).explain(value, '', faults)
  return faults
}

const context = (session: { episodeContext: string }): unknown => JSON.parse(session.episodeContext)
const sessions = [sampleSession(), guideSession(), v1Session(), storySwarmSession()]
const SEEDS: readonly (readonly [string, z.ZodType, unknown[]])[] = [
  [
    'SessionSchema',
    schemas.SessionSchema,
    [...sessions, { ...guideSession(), episodeContext: context(sampleSession()) }],
  ],
  ['EnhancedEpisodeContextSchema', schemas.EnhancedEpisodeContextSchema, sessions.map(context)],
  ['CompleteSessionSchema', schemas.CompleteSessionSchema, sessions],
  ['GuideSessionSchema', schemas.GuideSessionSchema, sessions],
  ['CompleteEpisodeContextSchema', schemas.CompleteEpisodeContextSchema, sessions.map(context)],
  ['GuideEpisodeContextSchema', schemas.GuideEpisodeContextSchema, sessions.map(context)],
  ['StoryUuidSchema', schemas.StoryUuidSchema, ['5d0c9c1e-0f5b-4a7c-9a51-2f4f3f0f7b11']],
  ['SessionTimestampSchema', schemas.SessionTimestampSchema, [1]],
]

const replacement = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    '',
    'x',
    'NEW_IMAGE',
    0,
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    10n,
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [null],
    ['x'],
    [{}],
    { prompt: 1 },
    { prompt: 'x' },
    { beatId: '' },
    new Date(0),
    () => 1,
  ),
  fc.anything(),
)

/** A copy in which the value at a random place is another one, or gone. */
function mutated(value: unknown, steps: readonly number[], by: unknown): unknown {
  if (typeof value !== 'object' || value === null || steps.length === 0) return by
  const keys = Object.keys(value)
  const key = keys[(steps[0] ?? 0) % (keys.length || 1)]
  if (key === undefined) return by
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value }
  copy[key] = mutated(copy[key], steps.slice(1), by)
  return copy
}

const mutation = fc.tuple(fc.array(fc.nat(60), { maxLength: 9 }), replacement)

describe('compile', () => {
  it.each(Object.entries(schemas).filter(([name]) => name.endsWith('Schema')))('understands %s', (_, schema) => {
    expect(compile(schema as z.ZodType)).toBeDefined()
  })

  it.each(SEEDS)('is of one mind with zod on %s', (_, schema, seeds) => {
    const reference = plain(schema)
    const seed = fc.constantFrom(...seeds)
    fc.assert(
      fc.property(seed, fc.array(mutation, { maxLength: 4 }), (start, mutations) => {
        const value = mutations.reduce((current, [steps, by]) => mutated(current, steps, by), start)
        const { success, error } = reference.safeParse(value)
        expect(ruleOf(schema).accepts(value)).toBe(success)
        if (success) return
        // zod stops at a union; a fault goes on to the place inside it
        const faults = faultsIn(schema, value).map(({ path }) => path)
        const issues = error.issues.map(({ path }) => (path as (string | number)[]).reduce<string>(pathTo, ''))
        expect(faults.length).toBeGreaterThan(0)
        for (const issue of issues) expect(faults.some((fault) => fault.startsWith(issue))).toBe(true)
        for (const fault of faults) expect(issues.some((issue) => fault.startsWith(issue))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['a text with a transformation', z.string().trim()],
    ['a text with a check of its own', z.string().refine((text) => text.length > 1)],
    ['a text of a format', z.email()],
    ['a coerced text', z.coerce.string()],
    ['a number with an exclusive bound', z.number().gt(3)],
    ['a number of a format', z.int32()],
    ['a multiple', z.number().multipleOf(3)],
    ['a default', z.string().default('x')],
    ['an optional that refuses undefined', z.string().exactOptional()],
    ['a list of at most two', z.array(z.string()).max(2)],
    ['a text with a pattern that remembers', z.string().regex(/x/g)],
    ['a record', z.record(z.string(), z.string())],
    ['a date', z.date()],
    [
      'a discriminated union',
      z.discriminatedUnion('a', [z.object({ a: z.literal(1) }), z.object({ a: z.literal(2) })]),
    ],
    ['a union with a part of that kind', z.union([z.string(), z.date()])],
    ['an object that drops keys', z.object({})],
    ['an object that refuses keys', z.strictObject({})],
    ['an object with a part of that kind', z.looseObject({ at: z.date() })],
    ['an object whose required field takes undefined', z.looseObject({ at: z.unknown() })],
    ['an object with a check', z.looseObject({}).refine(() => false)],
    ['an array with a check', z.array(z.string()).refine(() => false)],
    [
      'an optional with a check',
      z
        .string()
        .optional()
        .refine(() => false),
    ],
    ['a schema that refers to itself', z.lazy(() => z.string())],
  ])('leaves %s to zod', (_, schema) => {
    expect(compile(schema)).toBeUndefined()
  })

  it('reads a schema once', () => {
    expect(compile(schemas.SessionSchema)).toBe(compile(schemas.SessionSchema))
  })
})

describe('faults', () => {
  const cases: readonly (readonly [string, z.ZodType, unknown, Fault[]])[] = [
    ['the document', schemas.SessionSchema, null, [{ path: '', message: 'expected object, received null' }]],
    [
      'a list',
      schemas.AnalyzedEpisodeSchema,
      { scenes: {} },
      [{ path: 'scenes', message: 'expected array or null, received object' }],
    ],
    [
      'a missing id',
      schemas.AnalyzedSceneSchema,
      { beats: [{}] },
      [{ path: 'beats[0].beatId', message: 'expected string of at least 1 character, received nothing' }],
    ],
    [
      'an empty id',
      schemas.BeatAnalysisSchema,
      { beatId: '' },
      [{ path: 'beatId', message: 'expected string of at least 1 character, received another string' }],
    ],
    [
      'a union of kinds',
      schemas.BeatAnalysisSchema,
      { beatId: 'x', imageDecision: 1 },
      [{ path: 'imageDecision', message: 'expected object, string or null, received number' }],
    ],
    [
      'the inside of a union',
      schemas.BeatPromptsSchema,
      { vertical: { prompt: 'x', steps: '40' } },
      [{ path: 'vertical.steps', message: 'expected number or null, received string' }],
    ],
    [
      'a number that is none',
      schemas.SwarmUIPromptSchema,
      { prompt: '', width: Number.NaN },
      [{ path: 'width', message: 'expected number or null, received NaN' }],
    ],
    [
      'a value of a list of values',
      schemas.CompleteBeatSchema.pick({ visualSignificance: true }),
      { visualSignificance: 'None' },
      [{ path: 'visualSignificance', message: 'expected "High", "Medium" or "Low", received string' }],
    ],
    [
      'the nearest of several objects',
      schemas.CompleteImageDecisionSchema,
      { type: 'REUSE_IMAGE', reason: 'x', reuseSourceBeatId: 's1-b1' },
      [{ path: 'reuseSourceBeatLabel', message: 'expected string, received nothing' }],
    ],
    [
      'too short a list',
      schemas.CompleteAnalyzedEpisodeSchema,
      { episodeNumber: 1, title: '', scenes: [] },
      [{ path: 'scenes', message: 'expected array with at least 1 entry, received another array' }],
    ],
    [
      'a timestamp',
      schemas.SessionTimestampSchema,
      1.5,
      [{ path: '', message: 'expected whole number from 1 to 8640000000000000, received another number' }],
    ],
    [
      'a UUID',
      schemas.StoryUuidSchema,
      'restored-1',
      [
        {
          path: '',
          message:
            'expected string like /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/, received another string',
        },
      ],
    ],
  ]

  it.each(cases)('name %s', (_, schema, value, faults) => {
    expect(faultsIn(schema, value)).toEqual(faults)
  })

  it('come in the order of the document, missing fields last', () => {
    const value = { seed: 'a', extra: 1, width: 'b', model: 2 }
    expect(faultsIn(schemas.SwarmUIPromptSchema, value).map(({ path }) => path)).toEqual([
      'seed',
      'width',
      'model',
      'prompt',
    ])
  })

  it('stop at a thousand', () => {
    const scenes = [
      { beats: Array.from({ length: 700 }, () => ({})) },
      { beats: Array.from({ length: 100_000 }, () => ({})) },
    ]
    expect(faultsIn(schemas.SessionSchema, { analyzedEpisode: { scenes } })).toHaveLength(1000)
  })

  it.each([
    ['title', 'a.title'],
    ['$x_1', 'a.$x_1'],
    ['odd key', 'a["odd key"]'],
    ['', 'a[""]'],
    ['__proto__', 'a.__proto__'],
    ['x'.repeat(65), `a["${'x'.repeat(64)}…"]`],
  ])('write the key %j as %s', (key, path) => {
    expect(pathTo('a', key)).toBe(path)
  })
})
