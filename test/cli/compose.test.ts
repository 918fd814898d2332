import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { storySwarmSession } from '../fixtures/index.js'
import { cli, fileStore, NOW, room } from './cli.js'

const T = 1_704_067_200_000
const DAY_MS = 86_400_000
const SESSION = {
  timestamp: T,
  analyzedEpisode: {
    scenes: [
      {
        sceneNumber: 1,
        beats: [
          { beatId: 's1-b1', core_action: 'Fog rolls over the quay.' },
          { beatId: 's1-b2', core_action: 'A bell rings.', prompts: { cinematic: { prompt: 'a bell' } } },
          { beatId: 's1-b3', core_action: 'She waits.', imageDecision: { type: 'REUSE_IMAGE' } },
          { beatId: 's1-b4', core_action: 'Rain.' },
        ],
      },
    ],
  },
}

async function saved(session: object = SESSION, ...options: string[]): Promise<string[]> {
  const store = fileStore()
  await cli([...store, 'save', '-', ...options], { stdin: JSON.stringify(session) })
  return store
}

/** The cinematic prompt of each beat. */
async function prompts(store: readonly string[]): Promise<(string | undefined)[]> {
  const { analyzedEpisode } = JSON.parse((await cli([...store, 'get', `${T}`])).stdout)
  return analyzedEpisode.scenes.flatMap(({ beats }: { beats: { prompts?: { cinematic?: { prompt: string } } }[] }) =>
    beats.map((beat) => beat.prompts?.cinematic?.prompt),
  )
}

/** A module of this test alone. */
async function moduleOf(source: string): Promise<string> {
  const file = join(room(), 'shouting.mjs')
  await writeFile(file, source)
  return file
}

const SHOUT = 'items.map(({ key, composed }) => ({ key, prompt: composed.prompt.toUpperCase() }))'

describe('storyart compose', () => {
  it('fills in what is missing, keeps the life, and says who wrote what', async () => {
    const store = await saved(SESSION, '--ttl', '1d')
    expect(await cli([...store, 'compose'])).toEqual({
      code: 0,
      stdout: [
        'beat   format     by        reason',
        's1-b1  cinematic  composer',
        's1-b4  cinematic  composer',
        '',
      ].join('\n'),
      stderr: `session ${T} is changed in file\nsession ${T}: 2 prompts filled in\n`,
    })
    const [first, second, third] = await prompts(store)
    expect([first?.includes('Fog rolls over the quay'), second, third]).toEqual([true, 'a bell', undefined])
    expect((await cli([...store, 'get'], { now: () => NOW + DAY_MS - 1 })).code).toBe(0)
    expect((await cli([...store, 'get'], { now: () => NOW + DAY_MS })).code).toBe(3)
    expect(await cli([...store, 'compose'])).toEqual({
      code: 0,
      stdout: 'no prompt is missing\n',
      stderr: `session ${T}: 0 prompts filled in\n`,
    })
  })

  it('reports as JSON, a document or a line each, and writes nothing in a dry run', async () => {
    const store = await saved()
    const rows = ['s1-b1', 's1-b4'].map((beatId) => ({
      sceneNumber: 1,
      beatId,
      beatIndex: beatId === 's1-b1' ? 0 : 3,
      format: 'cinematic',
      by: 'composer',
      reason: null,
    }))
    const json = await cli([...store, '--json', 'compose', '--dry-run'])
    expect(JSON.parse(json.stdout)).toEqual(rows)
    expect(json).toMatchObject({ code: 0, stderr: `session ${T}: 2 prompts would be filled in; nothing is written\n` })
    const ndjson = await cli([...store, '--ndjson', 'compose', '--dry-run'])
    expect(ndjson.stdout).toBe(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    expect(await prompts(store)).toEqual([undefined, 'a bell', undefined, undefined])
  })

  it('fills in the formats, beats, style and length that are asked for', async () => {
    const store = await saved()
    const ran = await cli([
      ...store,
      '--json',
      'compose',
      '--format',
      'vertical,cinematic',
      '--all',
      '--style',
      'oil painting',
    ])
    expect(JSON.parse(ran.stdout)).toHaveLength(7)
    expect((await prompts(store))[2]).toContain('oil painting')
    const beat = { beatId: 's1-b1', core_action: 'Fog.', emotional_tone: 'Tense', locationAttributes: ['wet stones'] }
    const [long, short] = await Promise.all(
      [[], ['--max-tokens', '1']].map(async (options) => {
        const one = await saved({ timestamp: T, analyzedEpisode: { scenes: [{ beats: [beat] }] } })
        await cli([...one, 'compose', ...options])
        return (await prompts(one))[0]
      }),
    )
    expect([long?.includes('wet stones'), short?.includes('wet stones'), short?.includes('Fog')]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('fills in a session from a file, of another dialect, into a file or stdout', async () => {
    const stdin = JSON.stringify(storySwarmSession())
    expect(await cli(['compose', '-'], { stdin })).toMatchObject({ code: 2, stdout: '' })
    const ran = await cli(['compose', '-', '-o', '-'], { stdin })
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('cinematic  composer') })
    const again = await cli(['compose', '-', '--dry-run'], { stdin: ran.stdout })
    expect(again).toMatchObject({ code: 0, stdout: 'no prompt is missing\n' })
    expect(await cli(['-q', 'compose', '-', '-o', '-'], { stdin: ran.stdout })).toEqual({ ...ran, stderr: '' })
  })

  it('says what it cannot fill in', async () => {
    const store = await saved({ timestamp: T, analyzedEpisode: { scenes: [{ beats: [{ beatId: 's1-b1' }] }] } })
    expect(await cli([...store, '--json', 'compose'])).toEqual({
      code: 8,
      stdout: `[\n  {\n    "sceneNumber": null,\n    "beatId": "s1-b1",\n    "beatIndex": 0,\n    "format": "cinematic",\n    "by": null,\n    "reason": "nothing to compose from"\n  }\n]\n`,
      stderr: `session ${T}: 0 prompts filled in; 1 not as asked\n`,
    })
  })

  it.each([
    ['a default export', `export default { name: 'shouting', generate: async ({ items }) => ${SHOUT} }`],
    ['an export of its name', `export const generator = { name: 'shouting', generate: async ({ items }) => ${SHOUT} }`],
    ['a function, named by its file', `export default async ({ items }) => ${SHOUT}`],
  ])('asks a generator: %s', async (_, source) => {
    const store = await saved()
    const ran = await cli([...store, 'compose', '--generator', await moduleOf(source)])
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('s1-b4  cinematic  shouting') })
    expect((await prompts(store))[0]).toContain('FOG ROLLS OVER THE QUAY')
  })

  it('composes what a generator fails to write, and says why', async () => {
    const store = await saved()
    const source = "export default async ({ items }) => [{ key: items[0].key, failure: 'too foggy' }]"
    const ran = await cli([...store, 'compose', '--generator', await moduleOf(source)])
    expect(ran).toMatchObject({ code: 8, stderr: expect.stringContaining('2 prompts filled in; 2 not as asked') })
    expect(ran.stdout).toMatch(/s1-b1 +cinematic +composer +too foggy\ns1-b4 +cinematic +composer +no result\n/)
    expect((await prompts(store))[0]).toContain('Fog rolls over the quay')
  })

  it('asks once for each prompt, also when somebody writes meanwhile, and keeps what they wrote', async () => {
    const store = await saved()
    const asked: string[][] = []
    let writes = 0
    // What the module calls while it is asked.
    Reflect.set(globalThis, 'askedInTest', async (beats: string[]) => {
      asked.push(beats)
      if (writes++ > 0) return
      const beatsNow = SESSION.analyzedEpisode.scenes[0]?.beats.map((beat) =>
        beat.beatId === 's1-b4' ? { ...beat, prompts: { cinematic: { prompt: 'rain by hand' } } } : beat,
      )
      const added = { beatId: 's1-b5', core_action: 'Thunder.' }
      const session = {
        ...SESSION,
        mood: 'blue',
        analyzedEpisode: { scenes: [{ sceneNumber: 1, beats: [...(beatsNow ?? []), added] }] },
      }
      await cli([...store, 'save', '-'], { stdin: JSON.stringify(session) })
    })
    onTestFinished(() => void Reflect.deleteProperty(globalThis, 'askedInTest'))
    const source = `export default async ({ items }) => {
      await globalThis.askedInTest(items.map(({ place }) => place.beatId))
      return ${SHOUT}
    }`
    const ran = await cli([...store, 'compose', `${T}`, '--generator', await moduleOf(source)])
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/s1-b1 .*shouting\ns1-b5 .*shouting\n$/) })
    expect(asked).toEqual([['s1-b1', 's1-b4'], ['s1-b5']])
    const [first, , , fourth, fifth] = await prompts(store)
    expect([first?.includes('FOG'), fourth, fifth?.includes('THUNDER')]).toEqual([true, 'rain by hand', true])
    expect(await cli([...store, 'get', '--at', 'mood'])).toMatchObject({ stdout: 'blue\n' })
  })

  it.each([
    ['export const other = 1', 2, 'has no generator'],
    ['export default { generate: 5 }', 2, 'has no generator'],
    ['syntax error here', 2, 'cannot be loaded'],
    ["throw new Error('needs a key')", 2, 'cannot be loaded: needs a key'],
    [
      "export default async () => { throw new Error('no credit left') }",
      1,
      'the generator shouting failed: no credit left',
    ],
    ['export default async () => 5', 1, 'resolved to something else'],
    ['export default async () => [{ key: 5 }]', 1, 'resolved to something else'],
    [
      'export default async ({ items }) => [{ key: items[0].key, prompt: { width: 5 } }]',
      1,
      'resolved to something else',
    ],
  ])('refuses the module %j', async (source, code, words) => {
    const store = await saved()
    const ran = await cli([...store, 'compose', '--generator', await moduleOf(source)])
    expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(words) })
    expect(ran.stderr).not.toContain('unexpected')
    expect((await prompts(store))[0]).toBeUndefined()
  })

  it('refuses wrong options, and says that there is no such module or session', async () => {
    const store = await saved()
    expect(await cli([...store, 'compose', '--max-tokens', '0'])).toMatchObject({ code: 2, stdout: '' })
    expect(await cli([...store, 'compose', '--format', 'square'])).toMatchObject({ code: 2, stdout: '' })
    expect(await cli([...store, 'compose', '--generator', './none.mjs'])).toMatchObject({ code: 2, stdout: '' })
    expect(await cli([...store, 'compose', '1704067200001'])).toMatchObject({ code: 3, stdout: '' })
  })
})
