import { describe, expect, it, onTestFinished } from 'vitest'
import { manualSave, sampleSession } from '../fixtures/index.js'
import { ask, startRedis } from '../redis/server.js'
import { cli, fileStore, NOW, room } from './cli.js'
import { CONTROLS, ESCAPING } from './hostile.js'

/** Saves sessions a minute apart, the last one now; returns their timestamps, newest first. */
async function saved(store: readonly string[], texts: readonly string[]): Promise<number[]> {
  const timestamps: number[] = []
  for (const [at, stdin] of texts.entries()) {
    const timestamp = NOW - (texts.length - 1 - at) * 60_000
    expect(await cli([...store, '-q', 'save', '-', '--as', `${timestamp}`], { stdin })).toMatchObject({ code: 0 })
    timestamps.unshift(timestamp)
  }
  return timestamps
}

const titled = (title: string) => JSON.stringify({ scriptText: 'x', analyzedEpisode: { title, scenes: [] } })

describe('storyart list', () => {
  it('shows the newest first, with all that tells sessions apart', async () => {
    const store = fileStore()
    await saved(store, [JSON.stringify(manualSave()), JSON.stringify(sampleSession())])
    expect(await cli([...store, 'list'], { now: () => NOW + 3_600_000 })).toEqual({
      code: 0,
      stdout: [
        'timestamp      saved (UTC)       episode                      scenes  beats  prompts    size  expires  story',
        '1770379200000  2026-02-06 12:00  3: Nine Strokes Under Water       4     40       46  191 KB  6d 23h   7c0e4d1a',
        '1770379140000  2026-02-06 11:59  1                                 0      0        0   396 B  6d 23h   4b1f0c52',
        '',
      ].join('\n'),
      stderr: '',
    })
  })

  it('cuts titles so that a line fits into the terminal', async () => {
    const store = fileStore()
    await saved(store, [titled('a title of a good many words, which is cut')])
    const narrow = (await cli([...store, 'list'], { columns: 110 })).stdout.split('\n')
    expect(narrow[1]).toContain('  a title of a good many w…  ')
    expect((await cli([...store, 'list'], { columns: 20 })).stdout).toContain('  a title of a go…  ')
    expect((await cli([...store, 'list'])).stdout).toContain('  a title of a good many words, which is cut  ')
  })

  it('gives summaries as JSON, and none of the documents', async () => {
    const store = fileStore()
    const [newer, older] = await saved(store, ['{"scriptText":"a  script"}', JSON.stringify(sampleSession())])
    const { stdout } = await cli([...store, 'list', '--json'])
    const rows = JSON.parse(stdout)
    expect(rows.map(({ timestamp }: { timestamp: number }) => timestamp)).toEqual([newer, older])
    expect(rows[1]).toEqual({
      timestamp: older,
      savedAt: '2026-02-06T11:59:00.000Z',
      storage: 'file',
      sizeBytes: '{"scriptText":"a  script","timestamp":1770379140000}'.length,
      expiresAt: '2026-02-13T12:00:00.000Z',
      storyUuid: null,
      episodeNumber: null,
      title: '',
      sceneCount: 0,
      beatCount: 0,
      promptCount: 0,
      scriptPreview: 'a script',
    })
    const lines = (await cli([...store, 'list', '--ndjson'])).stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(rows)
  })

  it('stops at the limit, and says how to go on', async () => {
    const store = fileStore()
    const all = await saved(
      store,
      ['a', 'b', 'c'].map((title) => titled(title)),
    )
    const timestamps = async (...options: string[]) => {
      const { stdout, stderr, code } = await cli([...store, 'list', '--ndjson', ...options])
      expect(code).toBe(0)
      return { found: stdout.match(/(?<="timestamp":)\d+/g)?.map(Number) ?? [], stderr }
    }
    const more = `there are more: --before ${all[1]} goes on, --all shows all\n`
    expect(await timestamps('--limit', '2')).toEqual({ found: all.slice(0, 2), stderr: more })
    expect(await timestamps('--limit', '3')).toEqual({ found: all, stderr: '' })
    expect(await timestamps('--before', `${all[1]}`)).toEqual({ found: all.slice(2), stderr: '' })
    expect(await timestamps('--from', '2026-02-06T11:59Z')).toEqual({ found: all.slice(0, 2), stderr: '' })
    expect(await timestamps('--from', `${all[1]}`, '--before', `${all[0]}`)).toEqual({ found: [all[1]], stderr: '' })
    expect(await cli([...store, 'list', '--before', '2020-01-01'])).toEqual({
      code: 0,
      stdout: 'there is no session of that time in this store\n',
      stderr: '',
    })
  })

  it('shows 20 unless told otherwise', async () => {
    const store = fileStore()
    await saved(
      store,
      Array.from({ length: 22 }, (_, at) => titled(`${at}`)),
    )
    const count = async (...options: string[]) =>
      (await cli([...store, '-q', 'list', '--ndjson', ...options])).stdout.trimEnd().split('\n').length
    expect(await count()).toBe(20)
    expect(await count('--all')).toBe(22)
  })

  it('says that a store is empty, which is no failure', async () => {
    const store = fileStore()
    expect(await cli([...store, 'list'])).toEqual({
      code: 0,
      stdout: 'there is no session in this store\n',
      stderr: '',
    })
    expect(await cli([...store, 'list', '--json'])).toEqual({ code: 0, stdout: '[]\n', stderr: '' })
    expect(await cli([...store, 'list', '--ndjson'])).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('refuses what is no number, no moment, or says two things', async () => {
    const store = fileStore()
    const refused = async (...options: string[]) => {
      const { code, stdout, stderr } = await cli([...store, 'list', ...options])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      return stderr.split('\n')[0]
    }
    expect(await refused('--limit', '0')).toBe(
      "error: option '--limit <n>' argument '0' is invalid. It must be a whole number of 1 or more.",
    )
    expect(await refused('--before', 'yesterday')).toBe(
      "error: option '--before <moment>' argument 'yesterday' is invalid. It must be ms since the epoch, or a date such as 2026-02-06 or 2026-02-06T18:30Z.",
    )
    expect(await refused('--all', '--limit', '3')).toBe(
      "error: option '--all' cannot be used with option '--limit <n>'",
    )
  })

  it('shows nothing that a terminal takes for commands', async () => {
    const store = fileStore()
    await saved(store, [ESCAPING])
    const { stdout } = await cli([...store, 'list'])
    expect(stdout).toContain('7: Red \ufffd]0;owned\ufffdtitle')
    expect(CONTROLS.test(stdout)).toBe(false)
  })

  it('shows what a degraded store has, and ends with the code for half', async () => {
    const directory = room()
    await saved(fileStore(directory), [titled('waits')])
    const away = ['--store', 'redis://127.0.0.1:1', '--fallback', `file:${directory}`]
    const { code, stdout, stderr } = await cli([...away, 'list'])
    expect(code).toBe(8)
    expect(stdout).toContain('  waits  ')
    expect(stderr).toContain('a part of the store could not be asked: there may be more sessions\n')
  })

  it('passes over what is no session, and over what has expired, and says so', async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    const store = ['--store', redis.url]
    const [newest = 0, gone, older] = await saved(store, [titled('first'), titled('second'), titled('third')])
    await ask(redis.port, `DEL storyart:session:${gone}`)
    await ask(redis.port, `SET storyart:session:${newest + 1} nonsense`)
    await ask(redis.port, `ZADD storyart:sessions:index ${newest + 1} storyart:session:${newest + 1}`)
    const { code, stdout, stderr } = await cli([...store, 'list', '--all', '--ndjson'])
    expect(code).toBe(0)
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.map(({ timestamp, title, storage }) => [timestamp, title, storage])).toEqual([
      [newest, 'third', 'redis'],
      [older, 'first', 'redis'],
    ])
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^passed over ${newest + 1}: .*not JSON`)),
      'passed over 1 expired session',
      '',
    ])
  })

  it('streams: what was read is written before the rest is asked for', async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    const store = ['--store', redis.url, '--deadline', '300ms']
    await saved(
      store,
      Array.from({ length: 150 }, (_, at) => titled(`${at}`)),
    )
    let lines = 0
    const onStdout = (piece: string) => {
      expect(piece).toMatch(/^\{.*\}\n$/)
      if (++lines === 1) redis.freeze()
    }
    expect(await cli([...store, 'list', '--all', '--ndjson'], { onStdout })).toMatchObject({ code: 5 })
    expect(lines).toBe(100)
  })
})
