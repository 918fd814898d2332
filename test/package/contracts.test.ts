import { readdirSync, readFileSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import type { ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import * as schemas from '../../src/schema/index.js'
import {
  guideSession,
  hostileSessions,
  hostileText,
  manualSave,
  sampleSession,
  storySwarmSession,
  v1Session,
} from '../fixtures/index.js'
import * as answers from '../scripts/contracts/answers.js'
import { type JsonSchema, schemasOf } from '../scripts/contracts/json-schema.js'
import { fileOf } from '../scripts/contracts/write-contracts.js'

const zods = schemasOf(schemas)

function documentOf(name: string): JsonSchema {
  return JSON.parse(readFileSync(`dist/schema/${fileOf(name)}`, 'utf8'))
}

const compiled = new Map<string, ValidateFunction>()

/** What a validator that knows nothing of zod makes of a file. */
function validatorOf(name: string): ValidateFunction {
  const known = compiled.get(name)
  if (known) return known
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(documentOf(name))
  compiled.set(name, validate)
  return validate
}

const sessions = [sampleSession(), guideSession(), v1Session(), storySwarmSession(), manualSave()]

/** Every value inside of a JSON value, itself included. */
function* partsOf(value: unknown): Generator<unknown> {
  yield value
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* partsOf(part)
}

/** Puts a value in the place of another one, or takes that one away. */
function changed(value: unknown, steps: readonly number[], by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return by
  const keys = Object.keys(value)
  const key = keys[(steps[0] ?? 0) % Math.max(keys.length, 1)]
  if (key === undefined || steps.length === 0) return by
  if (Array.isArray(value))
    return value.map((part, index) => (String(index) === key ? changed(part, steps.slice(1), by) : part))
  const { [key as never]: part, ...rest } = value
  if (steps.length === 1 && by === undefined) return rest
  return { ...value, [key]: changed(part, steps.slice(1), by) }
}

const replacement = fc.constantFrom<unknown>(
  ...[undefined, null, '', 'x', 'NEW_IMAGE', 'N/A', 0, -1, 1.5, 2 ** 53, true, [], {}, [null], ['x'], [{}]],
  ...[{ prompt: 1 }, { prompt: 'x' }, { beatId: '' }, { beatId: 's1-b1' }, { type: 'NEW_IMAGE' }, { name: 5 }],
)

describe('dist/schema', () => {
  it('has one file for each exported schema, and package.json exports exactly these', () => {
    const files = readdirSync('dist/schema').sort()
    expect(files).toEqual([...zods.keys()].map(fileOf).sort())
    const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> }
    const exported = Object.entries(exports).filter(([name]) => name.startsWith('./schema/'))
    expect(exported).toEqual(files.map((file) => [`./schema/${file}`, `./dist/schema/${file}`]))
    expect(exports['./openapi.json']).toBe('./dist/openapi.json')
  })

  it.each([...zods.keys()])('is JSON Schema 2020-12 in the strict sense, and alone: %s', (name) => {
    expect(documentOf(name)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: name })
    expect(() => validatorOf(name)).not.toThrow()
    const references = JSON.stringify(documentOf(name)).match(/"\$ref":"[^"]*"/g) ?? []
    expect(references.filter((reference) => !reference.startsWith('"$ref":"#/$defs/'))).toEqual([])
  })

  it('describes every schema of the session and every field', () => {
    const { $defs = {}, ...root } = documentOf('Session')
    for (const [name, schema] of Object.entries({ Session: root, ...$defs })) {
      if (typeof schema === 'boolean') throw new Error(`${name} says nothing`)
      expect(schema.description, name).toMatch(/\.$/)
      for (const [field, property] of Object.entries(schema.properties ?? {})) {
        expect(property, `${name}.${field}`).toHaveProperty('description')
      }
    }
    expect(Object.keys($defs).length).toBeGreaterThan(15)
  })

  it('keeps fields it does not know', () => {
    const validate = validatorOf('Session')
    expect(validate({ scriptText: 'SCENE 1', moods: ['blue'], analyzedEpisode: { scenes: [{ extra: 1 }] } })).toBe(true)
  })

  it('takes and refuses the sessions that zod takes and refuses', () => {
    const validate = validatorOf('Session')
    const verdicts = { taken: 0, refused: 0 }
    const compare = (name: string, value: unknown): void => {
      const taken = schemas.SessionSchema.safeParse(value).success
      expect(validate(value), name).toBe(taken)
      verdicts[taken ? 'taken' : 'refused']++
    }
    for (const [index, session] of sessions.entries()) compare(`fixture ${index}`, session)
    for (const hostile of hostileSessions()) {
      let value: unknown
      try {
        value = JSON.parse(hostileText(hostile))
      } catch {
        continue // not JSON: nothing to validate
      }
      compare(hostile.name, value)
    }
    expect(verdicts.taken).toBeGreaterThan(20)
    expect(verdicts.refused).toBeGreaterThan(20)
  })

  const contexts = sessions.flatMap(({ episodeContext }) => JSON.parse(String(episodeContext) || '{}') as unknown)
  // One of each kind there is, by the fields it has.
  const kinds = new Map<string, unknown>()
  for (const part of [...sessions, ...contexts].flatMap((whole) => [...partsOf(whole)])) {
    if (typeof part === 'object' && part !== null && !Array.isArray(part)) kinds.set(Object.keys(part).join(), part)
  }
  const pool = [...kinds.values()]

  it.each([...zods])('has the verdict of zod on changed values: %s', (name, schema: z.ZodType) => {
    const validate = validatorOf(name)
    // Values that are meant to be of this schema, if there are any in the fixtures, and others that are not.
    const fitting = pool.filter((part) => schema.safeParse(part).success && Object.keys(Object(part)).length > 2)
    const value = fc.oneof(
      fc.constantFrom(...(fitting.length > 0 ? fitting : pool)),
      fc.constantFrom(...pool),
      fc.jsonValue(),
    )
    const steps = fc.array(fc.nat(), { maxLength: 6 })
    fc.assert(
      fc.property(value, steps, replacement, (before, path, by) => {
        const after: unknown = JSON.parse(JSON.stringify(changed(before, path, by) ?? null))
        expect(validate(after)).toBe(schema.safeParse(after).success)
      }),
      { numRuns: 60 },
    )
  })

  it('has the verdict of zod on texts and numbers', () => {
    const uuid = '5D0c9c1e-0f5b-4a7c-9a51-2f4f3f0f7b11'
    for (const value of [uuid, uuid.toUpperCase(), `${uuid}0`, `restored-${uuid}`, '', 5, null]) {
      expect(validatorOf('StoryUuid')(value)).toBe(schemas.StoryUuidSchema.safeParse(value).success)
    }
    for (const value of [1, 0, -1, 1.5, 8.64e15, 8.64e15 + 1, 1.7e12, '1', null]) {
      expect(validatorOf('SessionTimestamp')(value)).toBe(schemas.SessionTimestampSchema.safeParse(value).success)
    }
  })
})

describe('dist/openapi.json', () => {
  const source = readFileSync('dist/openapi.json', 'utf8')

  it('has nothing that an independent linter recommends to change', async () => {
    const config = await createConfig({ extends: ['recommended'] })
    const problems = await lintFromString({ source, config })
    expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual([])
  })

  it('holds every body under its own name, and of the schemas those of the session', () => {
    const { components, openapi } = JSON.parse(source) as { openapi: string; components: { schemas: object } }
    expect(openapi).toBe('3.1.1')
    const bodies = [
      ...schemasOf(answers).keys(),
      'Session',
      'SessionTimestamp',
      ...Object.keys(documentOf('Session').$defs ?? {}),
    ]
    expect(Object.keys(components.schemas).sort()).toEqual(bodies.sort())
  })
})
