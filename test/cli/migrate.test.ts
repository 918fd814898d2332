import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fullEpisode, hostileSessions, hostileText, storySwarmSession } from '../fixtures/index.js'
import { type RedisServer, startRedis } from '../redis/server.js'
import { cli, fileStore, NOW, room } from './cli.js'
import { database, INDEX, keyOf, meddled, storeAsServer } from './redis.js'

const T = 1_704_067_200_000
const textOf = (timestamp: number, words = 'caf\u00e9') => `{ "scriptText": "${words}", "timestamp": ${timestamp} }`
const COUNTS = { dryRun: false, written: 0, replaced: 0, same: 0, kept: 0, expired: 0, failed: 0, notes: [] }

describe('storyart migrate', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  /** The databases of StoryArt's move: from 1 to 0. */
  async function databases() {
    const [from, to] = [await database(server, 1), await database(server, 0)]
    const migrate = (...args: string[]) => cli(['--json', ...to.store, 'migrate', '--from', from.address, ...args])
    return { from, to, migrate }
  }

  it('copies texts and lives as they are from database 1 to 0, and leaves the source alone', async () => {
    const { from, to, migrate } = await databases()
    await storeAsServer(from.client, T, textOf(T), 90_000)
    await storeAsServer(from.client, T + 1, textOf(T + 1))
    await storeAsServer(from.client, T + 2, JSON.stringify({ ...fullEpisode(), timestamp: T + 2 }), 604_800_000)
    const before = await everything(from.client)
    const ran = await migrate()
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(ran.stdout)).toEqual({ ...COUNTS, written: 3 })
    expect(await everything(from.client)).toEqual(before)
    expect(await everything(to.client)).toEqual(before)
    for (const timestamp of [T, T + 1, T + 2]) {
      const ends = await Promise.all([from, to].map(({ client }) => client.pexpiretime(keyOf(timestamp))))
      if (timestamp === T + 1) expect(ends).toEqual([-1, -1])
      // What passes between the question how long it lives and the copy arriving, on a busy machine.
      else expect(Math.abs((ends[0] ?? 0) - (ends[1] ?? 0))).toBeLessThan(1000)
    }
    expect(JSON.parse((await migrate()).stdout)).toEqual({ ...COUNTS, same: 3 })
  })

  it('copies the summary beside a session, so that the first list reads no documents', async () => {
    const { from, to, migrate } = await databases()
    await cli([...from.store, 'save', '-', '--as', `${T}`], { stdin: '{"analyzedEpisode":{"title":"Nine"}}' })
    await migrate()
    expect(await to.client.get(`storyart:summary:${T}`)).toBe(await from.client.get(`storyart:summary:${T}`))
    expect(await to.client.get(`storyart:summary:${T}`)).toContain('Nine')
  })

  it('makes no orphan of an expired session, and does not see one that is in no index', async () => {
    const { from, to, migrate } = await databases()
    await from.client.zadd(INDEX, T, keyOf(T))
    await from.client.set(keyOf(T + 1), textOf(T + 1))
    await storeAsServer(from.client, T + 2, textOf(T + 2), 90_000)
    expect(JSON.parse((await migrate()).stdout)).toEqual({ ...COUNTS, written: 1, expired: 1 })
    expect(await to.client.zrange(INDEX, '0', '-1')).toEqual([keyOf(T + 2)])
    expect(await to.client.exists(keyOf(T), keyOf(T + 1))).toBe(0)
    expect(await from.client.zrange(INDEX, '0', '-1')).toEqual([keyOf(T), keyOf(T + 2)])
    // What the help says of the one in no index.
    const { stdout } = await cli([...from.store, 'get', `${T + 1}`])
    await cli([...from.store, 'save', '-'], { stdin: stdout })
    expect(JSON.parse((await migrate()).stdout)).toEqual({ ...COUNTS, written: 1, same: 1, expired: 1 })
  })

  it('leaves what is there with another content, says so, and replaces it only if told', async () => {
    const { from, to, migrate } = await databases()
    for (const timestamp of [T, T + 1]) await storeAsServer(from.client, timestamp, textOf(timestamp), 90_000)
    await storeAsServer(to.client, T, textOf(T, 'mine'), 60_000)
    await storeAsServer(to.client, T + 1, JSON.stringify(JSON.parse(textOf(T + 1))), 60_000)
    const message = `there is another session ${T}, which is kept: --overwrite replaces it`
    const notes = [{ timestamp: T, outcome: 'kept', message }]
    const ran = await migrate()
    expect(ran).toMatchObject({ code: 6, stderr: `${message}\n` })
    expect(JSON.parse(ran.stdout)).toEqual({ ...COUNTS, same: 1, kept: 1, notes })
    expect(await to.client.get(keyOf(T))).toBe(textOf(T, 'mine'))
    expect(await to.client.pttl(keyOf(T + 1))).toBeLessThanOrEqual(60_000)
    const over = await migrate('--overwrite')
    expect(over).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(over.stdout)).toEqual({ ...COUNTS, replaced: 1, same: 1 })
    expect(await to.client.get(keyOf(T))).toBe(textOf(T))
    expect(await to.client.pttl(keyOf(T))).toBeGreaterThan(60_000)
  })

  it('writes nothing in a dry run, and says what would happen', async () => {
    const { from, to, migrate } = await databases()
    for (const at of [0, 1, 2]) await storeAsServer(from.client, T + at, textOf(T + at))
    await storeAsServer(to.client, T, textOf(T))
    await storeAsServer(to.client, T + 1, textOf(T + 1, 'mine'))
    const before = [await everything(from.client), await everything(to.client)]
    const dry = await migrate('--dry-run')
    expect(dry.code).toBe(6)
    expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, written: 1, same: 1, kept: 1 })
    const over = await cli([...to.store, 'migrate', '--from', from.address, '--dry-run', '--overwrite'])
    expect(over).toEqual({ code: 0, stdout: 'dry run: 1 written, 1 replaced, 1 same\n', stderr: '' })
    expect([await everything(from.client), await everything(to.client)]).toEqual(before)
  })

  it('copies what can be copied, and says what cannot', async () => {
    const { from, migrate, to } = await databases()
    const kept: number[] = []
    const all = hostileSessions()
    for (const [at, hostile] of all.entries()) {
      await storeAsServer(from.client, T + at, hostileText(hostile))
      if (hostile.expect === 'kept') kept.push(T + at)
    }
    await from.client.lpush(keyOf(T + 999), 'a list')
    await from.client.zadd(INDEX, T + 999, keyOf(T + 999))
    const ran = await migrate()
    expect(ran.code).toBe(8)
    const report = JSON.parse(ran.stdout)
    expect(report).toMatchObject({ written: kept.length, failed: all.length + 1 - kept.length })
    expect(report.notes.at(-1)).toMatchObject({ timestamp: T + 999, outcome: 'failed' })
    expect(await to.client.zrange(INDEX, '0', '-1')).toEqual(kept.map(keyOf))
    for (const timestamp of kept)
      expect(await to.client.get(keyOf(timestamp))).toBe(await from.client.get(keyOf(timestamp)))
  })

  it('fails for a session that does not read back as it was written', async () => {
    const { from, to } = await databases()
    await storeAsServer(from.client, T, textOf(T))
    const theirs = () => to.client.set(keyOf(T), textOf(T, 'theirs'))
    const address = await meddled(server, theirs, /\r\nget\r\n/i)
    const ran = await cli(['--store', address, 'migrate', '--from', from.address])
    expect(ran).toMatchObject({
      code: 4,
      stdout: '0 written, 1 failed\n',
      stderr: expect.stringContaining('does not read back'),
    })
  })

  it('brings sessions into shape if asked, and copies the others as they are', async () => {
    const { from, to, migrate } = await databases()
    await storeAsServer(from.client, T, JSON.stringify({ ...storySwarmSession({ prompts: 'strings' }), timestamp: T }))
    await storeAsServer(from.client, T + 1, textOf(T + 1))
    const ran = await migrate('--normalize')
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining(`session ${T}: analyzedEpisode`) })
    expect(ran.stderr).not.toContain(`${T + 1}`)
    const { analyzedEpisode } = JSON.parse((await to.client.get(keyOf(T))) ?? '')
    expect(analyzedEpisode.scenes[0].beats[0].prompts.cinematic).toHaveProperty('prompt')
    expect(await to.client.get(keyOf(T + 1))).toBe(textOf(T + 1))
  })

  it('goes through more than a page, and between stores of different kinds and prefixes', async () => {
    const { from } = await databases()
    for (let at = 0; at < 120; at++) await storeAsServer(from.client, T + at, textOf(T + at), 90_000)
    const files = fileStore()
    expect(await cli(['migrate', '--from', from.address, '--to', files[1] ?? ''])).toMatchObject({
      stdout: '120 written\n',
    })
    expect((await cli([...files, 'export'])).stdout.split('\n')).toHaveLength(121)
    const prefixed = ['--key-prefix', 'app:', ...from.store]
    const ran = await cli([...prefixed, 'migrate', '--from', from.address, '--from-key-prefix', ''])
    expect(ran).toMatchObject({ code: 0, stdout: '120 written\n' })
    expect(await from.client.get(`app:${keyOf(T + 119)}`)).toBe(textOf(T + 119))
    const later = () => NOW + 90_001
    const back = await cli(['migrate', '--from', files[1] ?? '', '--to', from.address], { now: later })
    expect(back).toMatchObject({ code: 0, stdout: '0 written, 120 expired\n' })
  })

  it('refuses what is the same store, however it is written', async () => {
    const directory = room()
    const { port } = server
    const pairs: [string, string, Record<string, string>?][] = [
      [`redis://127.0.0.1:${port}`, `redis://localhost:${port}/0`],
      ['redis://example.test', 'rediss://user:secret@example.test:6379/0'],
      ['redis://h/1', 'redis://h?db=1'],
      [`file:${directory}`, `file://${directory}/`],
      ['https://example.test/api/v1/', 'https://example.test:443'],
      ['memory:', 'memory:'],
    ]
    for (const [from, to] of pairs) {
      const ran = await cli(['migrate', '--from', from, '--to', to])
      expect(ran).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining('both addresses are the same store') })
    }
    for (const env of [
      {},
      { REDIS_URL: 'redis://localhost:6379/5' },
      { REDIS_HOST: '127.0.0.1', REDIS_PORT: '6379' },
      { STORYART_STORE: 'redis://localhost' },
    ]) {
      expect(await cli(['migrate', '--from', 'redis://127.0.0.1:6379/0'], { env })).toMatchObject({
        code: 2,
        stdout: '',
      })
    }
    expect(await cli(['migrate'])).toMatchObject({ code: 2, stdout: '' })
    expect(await cli(['migrate', '--from', 'nowhere'])).toMatchObject({ code: 2, stdout: '' })
  })

  it('says that a store cannot be reached, and what is done by then', async () => {
    const { from } = await databases()
    await storeAsServer(from.client, T, textOf(T))
    for (const args of [
      ['--from', 'redis://127.0.0.1:1', '--to', from.address],
      ['--from', from.address, '--to', 'redis://127.0.0.1:1'],
    ]) {
      expect(await cli(['migrate', ...args])).toMatchObject({ code: 5, stdout: '0 written\n' })
    }
  })
})

/** Every key with its text, and the index; not the record of changes, which every write adds to. */
async function everything(client: Awaited<ReturnType<typeof database>>['client']) {
  const keys = (await client.keys('*')).sort().filter((key) => key !== INDEX && key !== 'storyart:changes')
  const texts = await Promise.all(keys.map(async (key) => [key, await client.get(key)]))
  return { texts, index: await client.zrange(INDEX, '0', '-1', 'WITHSCORES') }
}
