import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storySwarmSession } from '../fixtures/index.js'
import { type RedisServer, startRedis } from '../redis/server.js'
import { cli, fileStore, room } from './cli.js'
import { database, keyOf, meddled, storeAsServer } from './redis.js'

const T = 1_704_067_200_000
const SESSION = {
  scriptText: 'SCENE 1',
  mood: 'café',
  analyzedEpisode: {
    scenes: [
      {
        sceneNumber: 1,
        beats: [
          {
            beatId: 's1-b1',
            prompts: { cinematic: { prompt: 'a red coat, <lora:red coat:1>' }, vertical: 'a Red Coat' },
          },
          { beatId: 's1-b2', prompts: { cinematic: 'fog' } },
        ],
      },
      { sceneNumber: 2, beats: [{ beatId: 's2-b1', prompts: { cinematic: 'red coat and red coat' } }] },
    ],
  },
  timestamp: T,
}

async function saved(session: object = SESSION): Promise<string[]> {
  const store = fileStore()
  await cli([...store, 'save', '-'], { stdin: JSON.stringify(session) })
  return store
}

/** The prompts of all beats, in the order of the document. */
async function prompts(store: readonly string[]): Promise<string[]> {
  return promptsOf((await cli([...store, 'get', `${T}`])).stdout)
}

function promptsOf(text: string): string[] {
  const { analyzedEpisode } = JSON.parse(text) as typeof SESSION
  const all: unknown[] = analyzedEpisode.scenes.flatMap(({ beats }) =>
    beats.flatMap((beat) => Object.values(beat.prompts as Record<string, unknown>)),
  )
  return all.map((one) => (typeof one === 'string' ? one : (one as { prompt: string }).prompt))
}

describe('storyart edit', () => {
  it('replaces a text everywhere, literally, and shows each change', async () => {
    const store = await saved()
    expect(await cli([...store, 'edit', '--find', 'red coat', '--replace', "$& $1 $'"])).toEqual({
      code: 0,
      stdout: [
        'beat   format     before                         after',
        "s1-b1  cinematic  a red coat, <lora:red coat:1>  a $& $1 $', <lora:$& $1 $':1>",
        "s1-b1  cinematic  a red coat, <lora:red coat:1>  a $& $1 $', <lora:$& $1 $':1>",
        "s2-b1  cinematic  red coat and red coat          $& $1 $' and $& $1 $'",
        "s2-b1  cinematic  red coat and red coat          $& $1 $' and $& $1 $'",
        '',
      ].join('\n'),
      stderr: `session ${T} is changed in file\nsession ${T}: 4 changes in 2 prompts\n`,
    })
    expect(await prompts(store)).toEqual([
      "a $& $1 $', <lora:$& $1 $':1>",
      'a Red Coat',
      'fog',
      "$& $1 $' and $& $1 $'",
    ])
  })

  it('gives its report as JSON, a document or a line each', async () => {
    const store = await saved()
    const change = {
      path: 'analyzedEpisode.scenes[0].beats[1].prompts.cinematic',
      beatId: 's1-b2',
      beatIndex: 1,
      sceneNumber: 1,
      format: 'cinematic',
      edit: 0,
      start: 0,
      before: 'fog',
      after: 'mist',
    }
    const dry = ['edit', '--find', 'fog', '--replace', 'mist', '--dry-run']
    const stderr = `session ${T}: 1 change in 1 prompt would be made; nothing is written\n`
    const json = await cli([...store, '--json', ...dry])
    expect(JSON.parse(json.stdout)).toEqual([change])
    expect(json).toMatchObject({ code: 0, stderr })
    expect(await cli([...store, '--ndjson', '-q', ...dry])).toEqual({
      code: 0,
      stdout: `${JSON.stringify(change)}\n`,
      stderr: '',
    })
  })

  it('reports what is there, whatever letters it has', async () => {
    const prompts = { cinematic: 'a fog\u2028b \u001b[31m' }
    const store = await saved({ timestamp: T, analyzedEpisode: { scenes: [{ beats: [{ beatId: 'b', prompts }] }] } })
    const dry = ['edit', '--find', 'fog', '--replace', 'mist', '--dry-run']
    expect(JSON.parse((await cli([...store, '--json', ...dry])).stdout)).toMatchObject([
      { after: 'a mist\u2028b \u001b[31m' },
    ])
    expect((await cli([...store, ...dry])).stdout).toContain('a mist b \ufffd[31m')
  })

  it('takes a pattern, whose groups mean something, and any case', async () => {
    const store = await saved()
    const args = ['--find', 'red (?<what>c\\w+)', '--replace', '$<what>: $1 $$', '--regex', '--ignore-case']
    expect(await cli([...store, '-q', 'edit', ...args, '--scene', '1'])).toMatchObject({ code: 0 })
    expect(await prompts(store)).toEqual([
      'a coat: coat $, <lora:coat: coat $:1>',
      'a Coat: Coat $',
      'fog',
      'red coat and red coat',
    ])
  })

  it('takes a text in any case, which is still literal on both sides', async () => {
    const store = await saved()
    await cli([...store, 'edit', '--find', 'RED COAT', '--replace', '$1', '--ignore-case', '--format', 'vertical'])
    expect((await prompts(store))[1]).toBe('a $1')
    expect(await cli([...store, 'edit', '--find', 'r.d', '--replace', 'x', '--ignore-case'])).toMatchObject({ code: 3 })
  })

  it('edits only what the filter names, and nothing in tags if asked', async () => {
    const store = await saved()
    const edit = ['edit', '--find', 'red coat', '--replace', 'cape']
    expect(await cli([...store, ...edit, '--beat', 's1-b1', '--format', 'cinematic', '--protect-tags'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('1 change in 1 prompt; left as it is in tags: 1 match\n'),
    })
    expect(await prompts(store)).toEqual(['a cape, <lora:red coat:1>', 'a Red Coat', 'fog', 'red coat and red coat'])
    expect(await cli([...store, ...edit, '--beat', 's9-b9'])).toMatchObject({ code: 3, stdout: '' })
  })

  it('makes several edits, each over what the ones before have left', async () => {
    const store = await saved()
    const cwd = room()
    const edits = [
      { find: 'red', replace: 'blue' },
      { find: 'BLUE (coat)', replace: '$1', regex: true, flags: 'iu' },
      { find: 'nowhere', replace: '' },
      { find: 'FOG', replace: '$&', flags: 'i' },
    ]
    await writeFile(join(cwd, 'edits.json'), JSON.stringify(edits))
    const ran = await cli([...store, '--ndjson', 'edit', '--edits', 'edits.json'], { cwd })
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('edit 3 finds nothing\n') })
    expect(await prompts(store)).toEqual(['a coat, <lora:coat:1>', 'a Red Coat', '$&', 'coat and coat'])
  })

  it('writes nothing in a dry run, or when nothing is found', async () => {
    const directory = room()
    const store = fileStore(directory)
    await cli([...store, 'save', '-'], { stdin: JSON.stringify(SESSION) })
    const before = await contents(directory)
    const dry = await cli([...store, 'edit', '--find', 'fog', '--replace', 'mist', '--dry-run'])
    expect(dry.code).toBe(0)
    expect(await cli([...store, 'edit', '--find', 'zebra', '--replace', 'x'])).toEqual({
      code: 3,
      stdout: '',
      stderr: `storyart: nothing of it is found in session ${T}\n`,
    })
    expect(await cli([...store, 'edit', '--find', 'fog', '--replace', 'fog'])).toEqual({
      code: 0,
      stdout: 'nothing changes\n',
      stderr: `session ${T}: 0 changes in 0 prompts\n`,
    })
    expect(await contents(directory)).toEqual(before)
  })

  it('edits a file into another, and keeps the report off stdout where the session goes', async () => {
    const cwd = room()
    await writeFile(join(cwd, 'in.json'), JSON.stringify(SESSION))
    const edit = ['edit', './in.json', '--find', 'fog', '--replace', 'mist']
    expect(await cli(edit, { cwd })).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--output') })
    expect(await cli([...edit, '--output', 'out.json'], { cwd })).toMatchObject({ code: 0 })
    const written = await readFile(join(cwd, 'out.json'), 'utf8')
    expect(written).toBe(`${JSON.stringify(SESSION, null, 2).replace('"fog"', '"mist"')}\n`)
    const piped = await cli([...edit, '--output', '-'], { cwd })
    expect(piped).toMatchObject({ code: 0, stdout: written, stderr: expect.stringContaining('s1-b2  cinematic  fog') })
    expect(await cli(['-q', ...edit, '--output', '-'], { cwd })).toEqual({ code: 0, stdout: written, stderr: '' })
    expect(await readFile(join(cwd, 'in.json'), 'utf8')).toBe(JSON.stringify(SESSION))
    const same = await cli(['-q', 'edit', './in.json', '--find', 'fog', '--replace', 'fog', '-o', '-'], { cwd })
    expect(same.stdout).toBe(`${JSON.stringify(SESSION, null, 2)}\n`)
    const none = ['edit', './in.json', '--find', 'zebra', '--replace', 'x', '-o']
    for (const output of ['-', 'none.json'])
      expect(await cli([...none, output], { cwd })).toMatchObject({ code: 3, stdout: '' })
    expect((await readdir(cwd)).sort()).toEqual(['in.json', 'out.json'])
    const stored = await saved()
    await cli([...stored, 'edit', '--find', 'fog', '--replace', 'mist', '--output', 'copy.json'], { cwd })
    expect(promptsOf(await readFile(join(cwd, 'copy.json'), 'utf8'))[2]).toBe('mist')
    expect((await prompts(stored))[2]).toBe('fog')
  })

  it('edits prompts of other dialects', async () => {
    const cwd = room()
    await writeFile(join(cwd, 'in.json'), JSON.stringify(storySwarmSession({ prompts: 'pairs' })))
    const ran = await cli(
      ['--json', 'edit', './in.json', '--find', 'gloved hands', '--replace', 'HANDS', '--dry-run'],
      { cwd },
    )
    expect(JSON.parse(ran.stdout)).toMatchObject([{ format: 'cinematic', after: expect.stringContaining('HANDS') }])
  })

  it.each([
    [['--find', 'x'], '--replace'],
    [['--replace', 'x'], '--find'],
    [['--find', '', '--replace', 'x'], 'find must be a text that is not empty'],
    [['--find', '(', '--replace', 'x', '--regex'], 'Unterminated group'],
    [
      ['--find', 'x', '--replace', 'y', '--edits', 'e.json'],
      "'--edits <file>' cannot be used with option '--find <text>'",
    ],
    [['--edits', 'broken.json'], 'broken.json is not JSON at line 2, column 3'],
    [['--edits', 'none.json'], 'broken'],
    [['--edits', 'object.json'], 'must hold a list of edits'],
    [['--edits', 'find.json'], 'find.json[1]: find must be a text'],
    [['--edits', 'extra.json'], 'extra.json[0]: an edit has no "flag"'],
    [['--edits', 'flags.json'], 'flags.json[0]: Invalid flags'],
  ])('refuses %j', async (args, words) => {
    const cwd = room()
    const files: Record<string, string> = {
      'broken.json': '[\n  secret',
      'object.json': '{}',
      'find.json': '[{"find":"a","replace":"b"},{"find":5,"replace":"b"}]',
      'extra.json': '[{"find":"a","replace":"b","flag":"i"}]',
      'flags.json': '[{"find":"a","replace":"b","regex":true,"flags":"uv"}]',
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text)
    const ran = await cli([...(await saved()), 'edit', ...args], { cwd })
    if (args.includes('none.json'))
      return expect(ran).toMatchObject({ code: 3, stderr: 'storyart: there is no none.json\n' })
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(words) })
    expect(ran.stderr).not.toContain('secret')
  })

  it('says that there is no such session', async () => {
    expect(await cli([...fileStore(), 'edit', `${T}`, '--find', 'a', '--replace', 'b'])).toMatchObject({ code: 3 })
  })
})

describe('storyart edit on Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  it('keeps the remaining life to the millisecond, and none of what has no end', async () => {
    const { client, store } = await database(server)
    for (const [timestamp, ttlMs] of [
      [T, 90_000],
      [T + 1, undefined],
    ] as const) {
      await storeAsServer(client, timestamp, JSON.stringify({ ...SESSION, timestamp }), ttlMs)
      const ends = await client.pexpiretime(keyOf(timestamp))
      const ran = await cli([...store, 'edit', `${timestamp}`, '--find', 'fog', '--replace', 'mist'])
      expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('changed in redis') })
      expect(promptsOf((await client.get(keyOf(timestamp))) ?? '')[2]).toBe('mist')
      // A life that is read and set again may end a millisecond or two away.
      expect(Math.abs((await client.pexpiretime(keyOf(timestamp))) - ends)).toBeLessThan(10)
    }
  })

  it('leaves the bytes of a session alone in which nothing changes', async () => {
    const { client, store } = await database(server)
    const raw = JSON.stringify(SESSION, null, 2)
    await storeAsServer(client, T, raw)
    await cli([...store, 'edit', '--find', 'fog', '--replace', 'fog'])
    await cli([...store, 'edit', '--find', 'fog', '--replace', 'mist', '--dry-run'])
    await cli([...store, 'edit', '--find', 'zebra', '--replace', 'x'])
    expect(await client.get(keyOf(T))).toBe(raw)
  })

  it('loses nothing of what somebody else writes in between, and edits that, too', async () => {
    const { client, store } = await database(server)
    await storeAsServer(client, T, JSON.stringify(SESSION), 90_000)
    const others = {
      ...SESSION,
      mood: 'blue',
      analyzedEpisode: {
        scenes: [{ sceneNumber: 3, beats: [{ beatId: 's3-b1', prompts: { cinematic: 'thick fog' } }] }],
      },
    }
    const address = await meddled(server, () => client.set(keyOf(T), JSON.stringify(others), 'KEEPTTL'))
    const ran = await cli(['--store', address, 'edit', '--find', 'fog', '--replace', 'mist'])
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('s3-b1  cinematic  thick fog  thick mist') })
    const { stdout } = await cli([...store, 'get', `${T}`])
    expect(promptsOf(stdout)).toEqual(['thick mist'])
    expect(JSON.parse(stdout)).toMatchObject({ mood: 'blue' })
  })

  it('brings back nothing that was deleted in between, and writes nothing when others took the text away', async () => {
    const { client } = await database(server)
    const edit = ['edit', '--find', 'fog', '--replace', 'mist']
    await storeAsServer(client, T, JSON.stringify(SESSION))
    const gone = await meddled(server, () => client.del(keyOf(T)))
    expect(await cli(['--store', gone, ...edit])).toMatchObject({ code: 3, stdout: '' })
    expect(await client.exists(keyOf(T))).toBe(0)
    await storeAsServer(client, T, JSON.stringify(SESSION))
    const without = JSON.stringify({ ...SESSION, analyzedEpisode: { scenes: [] } }, null, 1)
    const changed = await meddled(server, () => client.set(keyOf(T), without))
    expect(await cli(['--store', changed, ...edit])).toMatchObject({ code: 3, stdout: '' })
    expect(await client.get(keyOf(T))).toBe(without)
  })
})

/** Names, contents and times of all files below a directory. */
async function contents(directory: string): Promise<Record<string, string>> {
  const all: Record<string, string> = {}
  for (const name of await readdir(directory, { recursive: true })) {
    const file = join(directory, name)
    const found = await stat(file)
    if (found.isFile()) all[name] = `${found.mtimeMs} ${await readFile(file, 'utf8')}`
  }
  return all
}
