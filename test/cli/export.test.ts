import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fullEpisode, hostileSessions, hostileText, sampleSession } from '../fixtures/index.js'
import { type RedisServer, startRedis } from '../redis/server.js'
import { cli, fileStore, NOW, room } from './cli.js'
import { database, keyOf, storeAsServer } from './redis.js'

const T = 1_704_067_200_000
const DAY_MS = 86_400_000
/** As the library writes it down; StoryArt's server escapes nothing. */
const textOf = (timestamp: number) => `{"scriptText":"caf\\u00e9 \\u2028 ${timestamp}","timestamp":${timestamp}}`
const serverText = (timestamp: number) => textOf(timestamp).replace('\\u00e9', '\u00e9').replace('\\u2028', '\u2028')

/** A store of sessions that end after one, two and three days. */
async function saved(...timestamps: number[]): Promise<string[]> {
  const store = fileStore()
  for (const [at, timestamp] of timestamps.entries()) {
    await cli([...store, 'save', '-', '--ttl', `${at + 1}d`], { stdin: textOf(timestamp) })
  }
  return store
}

function lineOf(timestamp: number, expiresAt: number | null): string {
  const until = expiresAt === null ? null : `"${new Date(expiresAt).toISOString()}"`
  return `{"timestamp":${timestamp},"expiresAt":${until},"session":${textOf(timestamp)}}`
}

describe('storyart export', () => {
  it('writes all sessions, a line each with its life, whatever the form', async () => {
    const store = await saved(T, T + 1)
    const lines = [lineOf(T, NOW + DAY_MS), lineOf(T + 1, NOW + 2 * DAY_MS)]
    const stdout = lines.map((line) => `${line}\n`).join('')
    expect(await cli([...store, 'export'])).toEqual({ code: 0, stdout, stderr: '' })
    expect(await cli([...store, '--ndjson', 'export', '--all'])).toEqual({ code: 0, stdout, stderr: '' })
    const json = await cli([...store, '--json', 'export'])
    expect(JSON.parse(json.stdout)).toEqual(lines.map((line) => JSON.parse(line)))
    expect(await cli([...fileStore(), 'export'])).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('writes those that are named, or of a range', async () => {
    const store = await saved(T, T + DAY_MS, T + 2 * DAY_MS)
    const exported = async (...args: string[]) => {
      const { code, stdout } = await cli([...store, '-q', 'export', ...args])
      expect(code).toBe(0)
      return stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).timestamp - T)
    }
    expect(await exported('--from', '2024-01-02')).toEqual([DAY_MS, 2 * DAY_MS])
    expect(await exported('--before', `${T + DAY_MS}`)).toEqual([0])
    expect(await exported('latest', `${T}`, '2024-01-02', `${T}`)).toEqual([2 * DAY_MS, 0, DAY_MS])
  })

  it('passes over expired sessions, and says how many', async () => {
    const store = await saved(T, T + 1)
    expect(await cli([...store, 'export'], { now: () => NOW + DAY_MS })).toEqual({
      code: 0,
      stdout: `${lineOf(T + 1, NOW + 2 * DAY_MS)}\n`,
      stderr: 'left out: 1 expired session; `storyart prune` removes what they left\n',
    })
  })

  it('writes files, whole, and leaves those that are there', async () => {
    const store = await saved(T, T + 1)
    const cwd = room()
    expect(await cli([...store, 'export', '--to', 'a/b', '--dry-run'], { cwd })).toEqual({
      code: 0,
      stdout: 'dry run: 2 written\n',
      stderr: '',
    })
    expect(await readdir(cwd)).toEqual([])
    expect(await cli([...store, 'export', '--to', 'a/b'], { cwd })).toEqual({
      code: 0,
      stdout: '2 written\n',
      stderr: '',
    })
    const file = join(cwd, 'a/b', `${T}.json`)
    expect(await readdir(join(cwd, 'a/b'))).toEqual([`${T}.json`, `${T + 1}.json`])
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(textOf(T)))

    await writeFile(file, '{"scriptText":"mine"}')
    const again = await cli([...store, '--json', 'export', '--to', 'a/b'], { cwd })
    const message = `a/b/${T}.json is there with another content, and is kept: --overwrite replaces it`
    expect(again).toMatchObject({ code: 6, stderr: `${message}\n` })
    expect(JSON.parse(again.stdout)).toEqual({
      dryRun: false,
      ...{ written: 0, replaced: 0, same: 1, kept: 1, expired: 0, failed: 0 },
      notes: [{ timestamp: T, outcome: 'kept', message, file: `a/b/${T}.json` }],
    })
    expect(await readFile(file, 'utf8')).toBe('{"scriptText":"mine"}')
    const over = await cli([...store, 'export', '--to', 'a/b', '--overwrite'], { cwd })
    expect(over).toEqual({ code: 0, stdout: '0 written, 1 replaced, 1 same\n', stderr: '' })
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(textOf(T)))
  })

  it('says what it cannot write', async () => {
    const store = await saved(T)
    const cwd = room()
    await writeFile(join(cwd, 'file'), '')
    expect(await cli([...store, 'export', '--to', 'file'], { cwd })).toMatchObject({
      code: 1,
      stderr: 'storyart: file cannot be written: EEXIST\n',
    })
    await mkdir(join(cwd, 'd', `${T}.json`), { recursive: true })
    expect(await cli([...store, 'export', '--to', 'd'], { cwd })).toMatchObject({
      code: 1,
      stderr: `storyart: d/${T}.json cannot be read: EISDIR\n`,
    })
  })

  it('refuses wrong options', async () => {
    const store = await saved(T)
    for (const args of [
      [`${T}`, '--from', '2024'],
      [`${T}`, '--all'],
      ['--all', '--before', '2024'],
      ['--from', 'yesterday'],
      ['./file.json'],
      ['nonsense'],
      ['--overwrite'],
      ['--dry-run'],
    ]) {
      expect(await cli([...store, 'export', ...args])).toMatchObject({ code: 2, stdout: '' })
    }
  })

  it('says what is missing, after all that is there', async () => {
    const store = await saved(T)
    const stderr = `storyart: there is no session ${T + 1}: see \`storyart list\`\n`
    expect(await cli([...store, 'export', `${T + 1}`])).toEqual({ code: 3, stdout: '', stderr })
    expect(await cli([...store, 'export', `${T + 1}`, `${T}`])).toEqual({
      code: 8,
      stdout: `${lineOf(T, NOW + DAY_MS)}\n`,
      stderr,
    })
    expect(await cli([...fileStore(), 'export', 'latest'])).toMatchObject({ code: 3, stdout: '' })
  })

  it('comes back in another store as the same text, with the same life', async () => {
    const store = fileStore()
    const sessions = [
      { ...sampleSession(), timestamp: T },
      { ...fullEpisode(), timestamp: T + 1 },
    ]
    for (const [at, session] of sessions.entries()) {
      await cli([...store, 'save', '-', '--ttl', `${at + 1}d`], { stdin: JSON.stringify(session) })
    }
    for (const form of ['--ndjson', '--json']) {
      const other = fileStore()
      const { stdout } = await cli([...store, form, 'export'])
      const later = () => NOW + 1000
      expect(await cli([...other, 'import', '-'], { stdin: stdout, now: later })).toMatchObject({ code: 0 })
      expect(await cli([...other, form, 'export'], { now: later })).toEqual({ code: 0, stdout, stderr: '' })
      const stored = await cli([...other, '--ndjson', 'get', `${T + 1}`])
      expect(stored.stdout).toBe(`${JSON.stringify(sessions[1])}\n`)
      expect((await cli([...other, 'get', `${T}`], { now: () => NOW + DAY_MS })).code).toBe(3)
    }
  })
})

describe('storyart export from Redis', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  it('leaves out what cannot be read and says why, writes the rest, and changes nothing', async () => {
    const { client, store } = await database(server)
    await storeAsServer(client, T, serverText(T).replaceAll(',', ',\r\n'))
    await storeAsServer(client, T + 1, '{"scriptText":"a secret')
    await storeAsServer(client, T + 2, textOf(T + 2), 60_000)
    await client.zadd('storyart:sessions:index', T + 3, keyOf(T + 3))
    const keys = (await client.keys('*')).sort()
    const ran = await cli([...store, 'export'])
    expect(ran).toMatchObject({
      code: 8,
      stderr: expect.stringMatching(
        new RegExp(
          `^left out: Session ${T + 1} cannot be used: not JSON at line 1.*\nleft out: 1 expired session.*\n$`,
        ),
      ),
    })
    expect(ran.stderr).not.toContain('secret')
    const [first, second, ...rest] = ran.stdout.split('\n')
    const exact = `{"timestamp":${T},"expiresAt":null,"session":${serverText(T).replaceAll(',', ', ')}}`
    expect([first, rest]).toEqual([exact, ['']])
    const life = Date.parse(JSON.parse(second ?? '').expiresAt) - NOW
    expect(life).toBeGreaterThan(50_000)
    expect(life).toBeLessThanOrEqual(60_000)
    expect((await client.keys('*')).sort()).toEqual(keys)
    expect(await cli([...store, '-q', 'export', `${T + 1}`])).toMatchObject({ code: 4, stdout: '', stderr: '' })
  })

  it('says of a session in no index how to get it', async () => {
    const { client, store } = await database(server)
    await client.set(keyOf(T), textOf(T))
    expect(await cli([...store, 'export', `${T}`])).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining(`session ${T} is in no index`),
    })
  })

  it('reads every hostile session that may be kept, and refuses the others', async () => {
    const { client, store } = await database(server)
    const kept: number[] = []
    for (const [at, hostile] of hostileSessions().entries()) {
      await storeAsServer(client, T + at, hostileText(hostile))
      if (hostile.expect === 'kept') kept.push(T + at)
    }
    const { code, stdout } = await cli([...store, '-q', 'export'])
    expect(code).toBe(8)
    expect(
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).timestamp),
    ).toEqual(kept)
  })
})
