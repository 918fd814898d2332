import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { manualSave, storySwarmSession, v1Session } from '../fixtures/index.js'
import { cli, fileStore, NOW, room } from './cli.js'

const T = 1_704_067_200_000
const DAY_MS = 86_400_000
const iso = (ms: number) => new Date(ms).toISOString()
const session = (words: string, timestamp?: number) => ({ scriptText: words, ...(timestamp ? { timestamp } : {}) })
const line = (timestamp: number, words: string, expiresAt?: string | null) =>
  JSON.stringify({ timestamp, expiresAt, session: session(words, timestamp) })

async function script(store: readonly string[], timestamp: number, now = NOW): Promise<string> {
  return (await cli([...store, '-q', 'get', `${timestamp}`, '--at', 'scriptText'], { now: () => now })).stdout
}

const COUNTS = { dryRun: false, written: 0, replaced: 0, same: 0, kept: 0, expired: 0, failed: 0, notes: [] }

describe('storyart import', () => {
  it('takes each session under the timestamp of its line, its own, or that of its file', async () => {
    const [store, cwd] = [fileStore(), room()]
    await writeFile(
      join(cwd, 'lines.txt'),
      `\ufeff${line(T, 'line')}\r\n\n{"scriptText":"bare","timestamp":${T + 1}}\n`,
    )
    await writeFile(join(cwd, `${T + 2}.json`), JSON.stringify(session('name'), null, 2))
    await writeFile(join(cwd, 'pretty.ndjson'), JSON.stringify(session('pretty', T + 3), null, 2))
    await writeFile(
      join(cwd, 'list.json'),
      JSON.stringify([JSON.parse(line(T + 4, 'listed')), session('also', T + 5)], null, 2),
    )
    await writeFile(join(cwd, 'short-list.json'), `[\n${line(T + 6, 'alone')}\n]\n`)
    await writeFile(join(cwd, 'odd.json'), `{"scriptText":"odd","session":{},"timestamp":${T + 7}}`)
    const files = ['short-list.json', 'odd.json', 'lines.txt', `${T + 2}.json`, 'pretty.ndjson', 'list.json']
    expect(await cli([...store, 'import', ...files], { cwd })).toEqual({ code: 0, stdout: '8 written\n', stderr: '' })
    const words = ['line', 'bare', 'name', 'pretty', 'listed', 'also', 'alone', 'odd']
    for (const [at, word] of words.entries()) expect(await script(store, T + at)).toBe(`${word}\n`)
  })

  it('gives a new timestamp to what has none, and says which', async () => {
    const store = fileStore()
    expect(await cli([...store, 'import', '-'], { stdin: JSON.stringify(manualSave()) })).toEqual({
      code: 0,
      stdout: '1 written\n',
      stderr: `line 1 of stdin is session ${NOW}\n`,
    })
    expect(await script(store, NOW)).toContain('The lake is low')
  })

  it('keeps the life that remains, or gives the one of --ttl; what has expired is told and left out', async () => {
    const stdin = [
      line(T, 'a day', iso(NOW + DAY_MS)),
      line(T + 1, 'for ever', null),
      line(T + 2, 'a week'),
      line(T + 3, 'over', iso(NOW)),
    ].join('\n')
    const store = fileStore()
    expect(await cli([...store, 'import', '-'], { stdin })).toEqual({
      code: 0,
      stdout: '3 written, 1 expired\n',
      stderr: `line 4 of stdin: session ${T + 3} has expired, and is left out; --ttl gives it a new life\n`,
    })
    expect([await script(store, T, NOW + DAY_MS - 1), await script(store, T, NOW + DAY_MS)]).toEqual(['a day\n', ''])
    expect(await script(store, T + 1, NOW + 9999 * DAY_MS)).toBe('for ever\n')
    expect(await script(store, T + 2, NOW + 7 * DAY_MS - 1)).toBe('a week\n')
    expect(await script(store, T + 2, NOW + 7 * DAY_MS)).toBe('')
    const other = fileStore()
    expect(await cli([...other, 'import', '-', '--ttl', '2d'], { stdin })).toMatchObject({
      code: 0,
      stdout: '4 written\n',
    })
    for (const at of [0, 1, 2, 3]) {
      expect(await script(other, T + at, NOW + 2 * DAY_MS - 1)).not.toBe('')
      expect(await script(other, T + at, NOW + 2 * DAY_MS)).toBe('')
    }
  })

  it('leaves what is there, and replaces it only if told', async () => {
    const store = fileStore()
    await cli([...store, 'import', '-'], { stdin: `${line(T, 'one')}\n${line(T + 1, 'two')}\n` })
    const stdin = `${line(T, 'one', iso(NOW + DAY_MS))}\n${line(T + 1, 'another')}\n`
    const message = `line 2 of stdin: there is another session ${T + 1}, which is kept`
    const kept = await cli([...store, '--ndjson', 'import', '-'], { stdin })
    const notes = [{ timestamp: T + 1, outcome: 'kept', message, file: '-', line: 2 }]
    expect(kept).toMatchObject({ code: 0, stderr: `${message}\n` })
    expect(JSON.parse(kept.stdout)).toEqual({ ...COUNTS, same: 1, kept: 1, notes })
    expect(await script(store, T + 1)).toBe('two\n')
    const over = await cli([...store, 'import', '-', '--overwrite'], { stdin })
    expect(over).toEqual({ code: 0, stdout: '0 written, 1 replaced, 1 same\n', stderr: '' })
    expect(await script(store, T + 1)).toBe('another\n')
    // What is the same keeps the life it has.
    expect(await script(store, T, NOW + DAY_MS)).toBe('one\n')
  })

  it('writes nothing in a dry run, and says what would happen', async () => {
    const store = fileStore()
    await cli([...store, 'import', '-'], { stdin: line(T, 'one') })
    const stdin = [line(T, 'one'), line(T, 'two'), line(T + 1, 'three'), '{"scriptText":"new"}'].join('\n')
    const dry = await cli([...store, 'import', '-', '--dry-run'], { stdin })
    expect(dry).toMatchObject({ code: 0, stdout: 'dry run: 2 written, 1 same, 1 kept\n' })
    const over = await cli([...store, '--json', 'import', '-', '--dry-run', '--overwrite'], { stdin })
    expect(JSON.parse(over.stdout)).toMatchObject({ dryRun: true, written: 2, replaced: 1, same: 1, kept: 0 })
    expect(await script(store, T)).toBe('one\n')
    expect((await cli([...store, 'export'])).stdout.split('\n')).toHaveLength(2)
  })

  it('goes on after bad lines and files, and says where which fault is', async () => {
    const [store, cwd] = [fileStore(), room()]
    const lines = [
      '{"timestamp":1,"session":{"scriptText":"a secret',
      line(T, 'good'),
      '{"analyzedEpisode":{"scenes":[{"beats":[{}]}]}}',
      `{"timestamp":"${T}","session":{}}`,
      `{"timestamp":${T + 1},"expiresAt":"soon","session":{}}`,
      '[]',
      line(T + 2, 'good'),
    ]
    await writeFile(join(cwd, 'in.ndjson'), lines.join('\n'))
    await writeFile(join(cwd, 'broken.json'), '{\n "scriptText": "a secret')
    const ran = await cli([...store, 'import', 'in.ndjson', 'none.json', 'broken.json'], { cwd })
    expect(ran).toMatchObject({ code: 8, stdout: '2 written, 7 failed\n' })
    expect(ran.stderr.split('\n')).toEqual([
      expect.stringMatching(/^line 1 of the file in\.ndjson cannot be used: it is not JSON at line 1, column /),
      'Line 3 of the file in.ndjson cannot be used: analyzedEpisode.scenes[0].beats[0].beatId: expected string of at least 1 character, received nothing',
      'line 4 of the file in.ndjson cannot be used: timestamp: must be a whole number of ms since the epoch',
      'line 5 of the file in.ndjson cannot be used: expiresAt: must be a moment in ISO 8601, or null for no end',
      expect.stringMatching(/^Line 6 of the file in\.ndjson cannot be used: /),
      'there is no none.json',
      expect.stringMatching(/^the file broken\.json cannot be used: it is not JSON at line 2, column /),
      '',
    ])
    expect(ran.stderr).not.toContain('secret')
    expect([await script(store, T), await script(store, T + 2)]).toEqual(['good\n', 'good\n'])
  })

  it('ends with the code of what nothing could be done about', async () => {
    const [store, cwd] = [fileStore(), room()]
    expect(await cli([...store, 'import', '-'], { stdin: 'no JSON' })).toMatchObject({
      code: 4,
      stdout: '0 written, 1 failed\n',
    })
    expect(await cli([...store, 'import', 'none.json'], { cwd })).toMatchObject({ code: 3 })
    const away = await cli(['--store', 'redis://127.0.0.1:1', 'import', '-'], { stdin: line(T, 'one') })
    expect(away).toMatchObject({ code: 5, stdout: '0 written\n' })
    for (const args of [[], ['-', '--ttl', 'long'], ['-', '--replace']]) {
      expect(await cli([...store, 'import', ...args])).toMatchObject({ code: 2, stdout: '' })
    }
  })

  it('stores no letters that are not there', async () => {
    const [store, cwd] = [fileStore(), room()]
    const bytes = Buffer.from(line(T, 'caf*'))
    bytes[bytes.indexOf('*')] = 0xe9
    await writeFile(join(cwd, 'latin1.json'), bytes)
    expect(await cli([...store, 'import', 'latin1.json'], { cwd })).toMatchObject({
      code: 4,
      stderr: 'latin1.json is not UTF-8: convert it first\n',
    })
  })

  it('brings other dialects into shape, says how, and keeps the old if not asked', async () => {
    const [plain, store] = [fileStore(), fileStore()]
    const foreign = { ...storySwarmSession({ prompts: 'strings' }), timestamp: `${T}` }
    const stdin = JSON.stringify({ success: true, data: foreign })
    expect(await cli([...plain, 'import', '-'], { stdin: JSON.stringify(foreign) })).toMatchObject({ code: 4 })
    const ran = await cli([...store, 'import', '-', '--normalize'], { stdin })
    expect(ran).toMatchObject({ code: 0, stdout: '1 written\n' })
    expect(ran.stderr).toContain('line 1 of stdin: timestamp: the text became a number\n')
    expect(ran.stderr).toMatch(/beats\[0\]\.prompts\.cinematic and \d+ other places: /)
    const { stdout } = await cli([
      ...store,
      'get',
      `${T}`,
      '--at',
      'analyzedEpisode.scenes[0].beats[0].prompts.cinematic',
    ])
    expect(JSON.parse(stdout)).toHaveProperty('prompt')
    await cli([...plain, 'import', '-'], { stdin: JSON.stringify({ ...v1Session(), timestamp: T }) })
    expect((await cli([...plain, '--ndjson', 'get', `${T}`])).stdout).toBe(
      `${JSON.stringify({ ...v1Session(), timestamp: T })}\n`,
    )
  })

  it('reads line by line, whatever stands in the lines and however they arrive', async () => {
    const store = fileStore()
    const many = Array.from({ length: 300 }, (_, at) => line(T + at, `\u{1f600} \u2028 \u0085 \r ${'x'.repeat(500)}`))
    const ran = await cli([...store, 'import', '-'], { stdin: many.join('\n') })
    expect(ran).toEqual({ code: 0, stdout: '300 written\n', stderr: '' })
    expect(await script(store, T + 299)).toBe(`\u{1f600} \u2028 \u0085 \r ${'x'.repeat(500)}\n`)
  })
})
