import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type RedisServer, startRedis } from '../redis/server.js'
import { cli, fileStore, NOW } from './cli.js'
import { database, INDEX, keyOf, storeAsServer } from './redis.js'

const T = 1_704_067_200_000
const DAY_MS = 86_400_000

describe('storyart prune', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  it('removes the entries of expired sessions and no other, and counts them before it does', async () => {
    const { client, store } = await database(server)
    // More than a page of the index, the live ones in between.
    for (let at = 0; at < 1200; at++) await client.zadd(INDEX, T + at, keyOf(T + at))
    for (const at of [0, 600, 1199]) await storeAsServer(client, T + at, '{}', at === 0 ? undefined : 90_000)
    const live = [0, 600, 1199].map((at) => keyOf(T + at))
    expect(await cli([...store, '--json', 'prune', '--dry-run'])).toEqual({
      code: 0,
      stdout: '{\n  "dryRun": true,\n  "wouldRemove": 1197\n}\n',
      stderr: '1197 entries of expired sessions would be removed\n',
    })
    expect(await client.zcard(INDEX)).toBe(1200)
    expect((await client.keys('*')).sort()).toEqual([...live, INDEX].sort())
    expect(await cli([...store, '--ndjson', 'prune'])).toEqual({
      code: 0,
      stdout: '{"dryRun":false,"removed":1197}\n',
      stderr: '1197 entries of expired sessions removed\n',
    })
    expect(await client.zrange(INDEX, '0', '-1')).toEqual(live)
    expect(await cli([...store, '-q', 'prune'])).toEqual({ code: 0, stdout: '0\n', stderr: '' })
  })

  it('removes expired sessions of a store of files', async () => {
    const store = fileStore()
    for (const days of [1, 2]) {
      await cli([...store, 'save', '-', '--as', `${T + days}`, '--ttl', `${days}d`], { stdin: '{}' })
    }
    const now = () => NOW + DAY_MS
    for (const stdout of ['1\n', '1\n'])
      expect(await cli([...store, 'prune', '--dry-run'], { now })).toMatchObject({ stdout })
    for (const stdout of ['1\n', '0\n'])
      expect(await cli([...store, 'prune'], { now })).toMatchObject({ code: 0, stdout })
    expect((await cli([...store, 'get', `${T + 2}`], { now })).code).toBe(0)
  })

  it('asks a server for nothing, which prunes by itself', async () => {
    let requests = 0
    const web = createServer((_, answer) => {
      requests++
      answer.end()
    }).listen(0, '127.0.0.1')
    await once(web, 'listening')
    onTestFinished(() => void web.close())
    const store = ['--store', `http://127.0.0.1:${(web.address() as AddressInfo).port}`]
    for (const args of [['prune'], ['prune', '--dry-run']]) {
      expect(await cli([...store, ...args])).toMatchObject({ code: 0, stdout: '0\n' })
    }
    expect(requests).toBe(0)
  })

  it('refuses wrong options, and says that the store cannot be reached', async () => {
    expect(await cli([...fileStore(), 'prune', '--all'])).toMatchObject({ code: 2, stdout: '' })
    for (const args of [['prune'], ['prune', '--dry-run']]) {
      expect(await cli(['--store', 'redis://127.0.0.1:1', ...args])).toMatchObject({ code: 5, stdout: '' })
    }
  })
})
