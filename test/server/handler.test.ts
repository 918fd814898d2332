import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { revisionOf } from '../../src/index.js'
import { createSessionHandler } from '../../src/server/index.js'
import { fullEpisode } from '../fixtures/index.js'
import { ask, jsonRequest, type LiveServer, memoryStore, serve } from './harness.js'

let live: LiveServer
let base: string

beforeEach(async () => {
  live = await serve()
  base = `${live.url}/api/v1/session`
})

afterEach(() => live.stop())

const text = '{"scriptText":"SCENE 1","timestamp":5}'
const etag = `"${revisionOf(text)}"`
const put = (timestamp: number, body: string, headers: Record<string, string> = {}, query = '') =>
  ask(`${base}/${timestamp}${query}`, jsonRequest('PUT', body, headers))

describe('revisions', () => {
  it('every read of a session has one, and 304 for who has it', async () => {
    await put(5, text)
    for (const path of ['5', 'latest', '5?view=raw']) {
      const read = await ask(`${base}/${path}`)
      expect(read.headers.get('ETag')).toBe(etag)
      expect(read.headers.get('StoryArt-Storage')).toBe('memory')
      for (const tag of [etag, `W/${etag}`, `"other", ${etag.replace(/"$/, '-gzip"')}`, '*']) {
        const again = await fetch(`${base}/${path}`, { headers: { 'If-None-Match': tag } })
        expect([again.status, await again.text(), again.headers.get('ETag')?.slice(0, 41)]).toEqual([
          304,
          '',
          etag.slice(0, 41),
        ])
      }
      expect((await fetch(`${base}/${path}`, { headers: { 'If-None-Match': '"other"' } })).status).toBe(200)
    }
    expect((await ask(`${base}/latest`)).headers.get('Content-Location')).toBe('/api/v1/session/5')
  })

  it('a put keeps the text exactly, and says its revision', async () => {
    const odd = ' {"b":1.0, "scriptText":"Caf\u00e9 \\u00e9 \u{1f3ac}",\n"b":1e2 } '
    const { status, body, headers } = await put(7, odd)
    expect(status).toBe(200)
    expect(body).toEqual({
      success: true,
      message: 'Session saved successfully',
      sessionKey: 'storyart:session:7',
      storage: 'memory',
      timestamp: 7,
      savedAt: '1970-01-01T00:00:00.007Z',
      degraded: false,
    })
    expect(headers.get('ETag')).toBe(`"${revisionOf(odd)}"`)
    expect(await (await fetch(`${base}/7?view=raw`)).text()).toBe(odd)
    expect((await ask(`${base}/7`)).body).toEqual({
      success: true,
      data: { scriptText: 'Caf\u00e9 \u00e9 \u{1f3ac}', b: 100, timestamp: 7 },
      storage: 'memory',
    })
  })

  it('a byte order mark is refused where the text is kept, and read over where StoryArt reads over it', async () => {
    const refused = await put(5, `\uFEFF${text}`)
    expect([refused.status, (await ask(`${base}/5`)).status]).toEqual([400, 404])
    expect((await ask(`${base}/save`, jsonRequest('POST', `\uFEFF${text}`))).status).toBe(200)
    expect(await (await fetch(`${base}/5?view=raw`)).text()).toBe(text)
  })

  it('If-None-Match: * creates only', async () => {
    const headers = { 'If-None-Match': '*' }
    expect((await put(5, text, headers)).status).toBe(200)
    const { status, body } = await put(5, text, headers)
    expect(status).toBe(412)
    expect(body).toMatchObject({ success: false, code: 'SESSION_CONFLICT', reason: 'exists' })
  })

  it('If-Match writes only over exactly that, whatever the coding it was read in', async () => {
    const other = '{"scriptText":"SCENE 2"}'
    expect((await put(5, text, { 'If-Match': etag })).body).toMatchObject({ reason: 'missing' })
    await put(5, text)
    expect((await put(5, other, { 'If-Match': etag.replace(/"$/, '-gzip"') })).status).toBe(200)
    expect(await put(5, text, { 'If-Match': etag })).toMatchObject({ status: 412, body: { reason: 'changed' } })
    expect(await (await fetch(`${base}/5?view=raw`)).text()).toBe(other)
  })

  it.each([
    [{ 'If-Match': '*' }],
    [{ 'If-Match': `${etag}, "${'0'.repeat(40)}"` }],
    [{ 'If-None-Match': etag }],
    [{ 'If-Match': etag, 'If-None-Match': '*' }],
    [{ 'If-Match': 'abc' }],
  ])('a condition that cannot be kept is 400, and never ignored: %j', async (headers) => {
    expect((await put(5, text, headers)).status).toBe(400)
    expect((await ask(`${base}/5`)).status).toBe(404)
  })
})

describe('put', () => {
  it('takes what is a session, under its own timestamp', async () => {
    expect(await put(6, text)).toMatchObject({ status: 400, body: { issues: [{ path: 'timestamp' }] } })
    expect(await put(5, text.replace('5}', '"5"}'))).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'timestamp' }] },
    })
    expect(await put(5, '[]')).toMatchObject({ status: 400, body: { code: 'SESSION_INVALID' } })
    expect(await put(5, '')).toMatchObject({ status: 400, body: { code: 'SESSION_INVALID' } })
    const deep = `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect(await put(5, deep)).toMatchObject({ status: 400, body: { code: 'SESSION_INVALID' } })
  })

  it('gives it a life, none, or the remaining one; and touch a new one', async () => {
    const lifeOf = async (id: number) => {
      const { body } = await ask(`${base}/list?view=entries`)
      return (body as { entries: { id: number; ttlMs: number | null }[] }).entries.find((entry) => entry.id === id)
        ?.ttlMs
    }
    await put(5, text, {}, '?ttlMs=60000')
    expect(await lifeOf(5)).toBeLessThanOrEqual(60_000)
    await put(5, text, {}, '?ttlMs=keep')
    expect(await lifeOf(5)).toBeLessThanOrEqual(60_000)
    await put(5, text, {}, '?ttlMs=none')
    expect(await lifeOf(5)).toBeNull()
    await put(5, text)
    expect(await lifeOf(5)).toBeGreaterThan(604_000_000)
    expect((await ask(`${base}/5/touch?ttlMs=1000`, { method: 'POST' })).body).toEqual({ success: true })
    expect(await lifeOf(5)).toBeLessThanOrEqual(1000)
    for (const ttl of ['0', '-1', '1.5', 'x', '']) expect((await put(5, text, {}, `?ttlMs=${ttl}`)).status).toBe(400)
    expect((await ask(`${base}/5/touch?ttlMs=0`, { method: 'POST' })).status).toBe(400)
    expect((await ask(`${base}/6/touch`, { method: 'POST' })).status).toBe(404)
  })

  it('keeps the summary it is given, none for an empty one, and else makes one', async () => {
    await put(1, '{}', { 'StoryArt-Summary': encodeURIComponent('any\ntext \u{1f3ac}') })
    await put(2, '{}', { 'StoryArt-Summary': '' })
    await put(3, '{"scriptText":"preview"}')
    const { body } = await ask(`${base}/list?view=entries&order=oldest`)
    const { entries } = body as { entries: { summary?: string }[] }
    expect(entries[0]?.summary).toBe('any\ntext \u{1f3ac}')
    expect(entries[1]).not.toHaveProperty('summary')
    expect(entries[2]?.summary).toContain('preview')
    expect((await put(4, '{}', { 'StoryArt-Summary': '%zz' })).status).toBe(400)
  })
})

describe('lists', () => {
  beforeEach(async () => {
    for (let id = 1; id <= 5; id++) await live.store.save({ scriptText: `${id}`, timestamp: id })
  })

  it('summaries come in pages that tile', async () => {
    const seen: number[] = []
    let query = '?view=summary&limit=2'
    for (let page = 0; page < 4; page++) {
      const body = (await ask(`${base}/list${query}`)).body as {
        sessions: { timestamp: number }[]
        cursor?: string
        count: number
      }
      expect(body.count).toBe(body.sessions.length)
      seen.push(...body.sessions.map(({ timestamp }) => timestamp))
      if (body.cursor === undefined) break
      query = `?limit=2&cursor=${body.cursor}`
    }
    expect(seen).toEqual([5, 4, 3, 2, 1])
  })

  it('entries and whole sessions keep to a range', async () => {
    expect((await ask(`${base}/list?view=entries&from=2&before=4&details=false&order=oldest`)).body).toMatchObject({
      entries: [{ id: 2 }, { id: 3 }],
    })
    expect((await ask(`${base}/list?from=2&before=4`)).body).toMatchObject({
      count: 2,
      sessions: [{ timestamp: 3 }, { timestamp: 2 }],
    })
  })

  it.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'limit=1e3',
    'cursor=zzz',
    'view=all',
    'from=1.5',
    'view=entries&order=up',
    'view=entries&details=maybe',
    'view=summary&before=',
  ])('a parameter that cannot be used is 400: %s', async (query) => {
    const { status, body } = await ask(`${base}/list?${query}`)
    const entries = query === 'limit=0' || query === 'limit=1001'
    expect(status, String(entries)).toBe(400)
    expect(body).toMatchObject({ success: false, code: 'INVALID_ARGUMENT' })
  })

  it('hold one session in memory at a time, and none before somebody reads', async () => {
    let reads = 0
    const store = memoryStore()
    for (let id = 1; id <= 20; id++) await store.save({ scriptText: 'x', timestamp: id })
    const adapter = Reflect.get(store, 'adapter')
    const get = adapter.get.bind(adapter)
    adapter.get = (...args: unknown[]) => {
      reads++
      return get(...args)
    }
    const response = await createSessionHandler(store)(new Request('http://localhost/api/v1/session/list'))
    expect(reads).toBe(1)
    const reader = response.body?.getReader()
    for (let chunk = 1; chunk <= 5; chunk++) await reader?.read()
    expect(reads).toBe(5)
    await reader?.cancel()
    expect(reads).toBe(5)
    await store.close()
  })
})

describe('what follows from a session', () => {
  const session = fullEpisode()

  beforeEach(async () => {
    await live.store.save({ ...session, timestamp: 1_767_225_600_000 })
  })

  it('prompts-status', async () => {
    const { body } = await ask(`${base}/1767225600000/prompts-status`)
    const beats = session.analyzedEpisode?.scenes?.flatMap((scene) => scene.beats ?? []) ?? []
    expect(body).toEqual({
      promptsReady: true,
      sessionTimestamp: 1_767_225_600_000,
      totalBeats: beats.length,
      totalPrompts: beats.filter((beat) => beat.prompts?.cinematic).length,
      lastUpdated: '2026-01-01T00:00:00.000Z',
    })
    expect((await ask(`${base}/7/prompts-status`)).status).toBe(404)
  })

  it('queue', async () => {
    const { body } = await ask(`${base}/1767225600000/queue?formats=cinematic&include=all`)
    const queue = body as { count: number; jobs: { format: string; key: string }[] }
    expect(queue.count).toBe(queue.jobs.length)
    expect(queue.count).toBeGreaterThan(100)
    expect(new Set(queue.jobs.map(({ format }) => format))).toEqual(new Set(['cinematic']))
    expect((await ask(`${base}/1767225600000/queue?formats=vertical`)).body).toMatchObject({ count: 0, jobs: [] })
    for (const query of ['formats=square', 'formats=', 'formats=cinematic,cinematic', 'include=some']) {
      expect((await ask(`${base}/1767225600000/queue?${query}`)).status).toBe(400)
    }
  })
})

describe('methods', () => {
  it('HEAD is GET without the body', async () => {
    await put(5, text)
    for (const path of ['5', 'latest', 'list', '5/queue', '6']) {
      const [head, get] = [await fetch(`${base}/${path}`, { method: 'HEAD' }), await fetch(`${base}/${path}`)]
      expect([head.status, await head.text()]).toEqual([get.status, ''])
      await get.text()
      for (const name of ['Content-Type', 'ETag', 'Content-Length'])
        expect(head.headers.get(name)).toBe(get.headers.get(name))
    }
  })

  it.each([
    ['save', 'POST, OPTIONS'],
    ['latest', 'GET, HEAD, OPTIONS'],
    ['5', 'GET, HEAD, PUT, DELETE, OPTIONS'],
    ['5/touch', 'POST, OPTIONS'],
  ])('%s: OPTIONS says what it takes, others are 405', async (path, allow) => {
    const options = await fetch(`${base}/${path}`, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('Allow'), await options.text()]).toEqual([204, allow, ''])
    const patch = await ask(`${base}/${path}`, { method: 'PATCH' })
    expect([patch.status, patch.headers.get('Allow')]).toEqual([405, allow])
    expect(patch.body).toEqual({ success: false, error: `This route takes ${allow}` })
  })

  it('DELETE removes, once', async () => {
    await put(5, text)
    expect(await ask(`${base}/5`, { method: 'DELETE' })).toMatchObject({ status: 200, body: { success: true } })
    expect(await ask(`${base}/5`, { method: 'DELETE' })).toMatchObject({ status: 404 })
  })
})

describe('compression', () => {
  const long = JSON.stringify({ scriptText: 'SCENE '.repeat(1000), timestamp: 9 })

  beforeEach(async () => {
    await put(9, long)
    await put(5, text)
  })

  it.each([
    ['gzip', 'gzip'],
    ['deflate', 'deflate'],
    ['br;q=0, gzip;q=0.5, deflate;q=0.9', 'deflate'],
    ['*', 'gzip'],
    ['identity, gzip;q=0', null],
    ['', null],
  ])('Accept-Encoding "%s" gives %s', async (accept, coding) => {
    const response = await fetch(`${base}/9`, { headers: { 'Accept-Encoding': accept } })
    expect(response.headers.get('Content-Encoding')).toBe(coding)
    expect(response.headers.get('Vary')).toBe('Accept-Encoding')
    expect(response.headers.get('ETag')).toBe(`"${revisionOf(long)}${coding === null ? '' : `-${coding}`}"`)
    expect(await response.json()).toMatchObject({ data: { timestamp: 9 } })
  })

  it('spares small bodies', async () => {
    const response = await fetch(`${base}/5`, { headers: { 'Accept-Encoding': 'gzip' } })
    expect([response.headers.get('Content-Encoding'), response.headers.get('Vary')]).toEqual([null, null])
    await response.text()
  })

  it('takes compressed bodies, and refuses what is none', async () => {
    const send = (body: BodyInit, coding: string) =>
      ask(`${base}/9`, {
        method: 'PUT',
        body,
        headers: { 'Content-Type': 'application/json', 'Content-Encoding': coding },
      })
    expect((await send(gzipSync(long), 'gzip')).status).toBe(200)
    expect((await send(long, 'gzip')).status).toBe(400)
    expect((await send(gzipSync(long).subarray(0, 30), 'gzip')).status).toBe(400)
    expect((await send(long, 'zstd')).status).toBe(415)
  })
})

describe('openapi.json', () => {
  it('is what the option says, or 404', async () => {
    const get = async (openapi?: object | (() => Promise<object>)) =>
      createSessionHandler(memoryStore(), { openapi })(new Request('http://localhost/api/v1/session/openapi.json'))
    expect((await get()).status).toBe(404)
    expect(await (await get({ openapi: '3.1.0' })).json()).toEqual({ openapi: '3.1.0' })
    expect(await (await get(async () => ({ openapi: '3.1.1' }))).json()).toEqual({ openapi: '3.1.1' })
  })
})
