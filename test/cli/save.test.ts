import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, fileStore, NOW, room } from './cli.js'

const SESSION = '{"scriptText":"SCENE 1","mood":"blue","analyzedEpisode":{"title":"Nine","scenes":[]}}'
const DAY_MS = 86_400_000

describe('storyart save', () => {
  it('stores stdin as a new version, and prints its timestamp alone', async () => {
    const store = fileStore()
    expect(await cli([...store, 'save', '-'], { stdin: SESSION })).toEqual({
      code: 0,
      stdout: `${NOW}\n`,
      stderr: `saved as storyart:session:${NOW} in file; level: loadable\n`,
    })
    const { stdout } = await cli([...store, 'get', '--ndjson'])
    expect(stdout).toBe(`${SESSION.slice(0, -1)},"timestamp":${NOW}}\n`)
  })

  it("stores under the session's own timestamp, that of --as, or a new one", async () => {
    const store = fileStore()
    const stdin = `${SESSION.slice(0, -1)},"timestamp":1704067200000}`
    const saved = async (...options: string[]) =>
      (await cli([...store, '-q', 'save', '-', ...options], { stdin })).stdout
    expect(await saved()).toBe('1704067200000\n')
    expect(await saved('--as', '1704067200001')).toBe('1704067200001\n')
    expect(await saved('--new')).toBe(`${NOW}\n`)
  })

  it('gives it the life of --ttl', async () => {
    const store = fileStore()
    await cli([...store, 'save', '-', '--ttl', '1d'], { stdin: SESSION })
    expect((await cli([...store, 'get'], { now: () => NOW + DAY_MS - 1 })).code).toBe(0)
    expect((await cli([...store, 'get'], { now: () => NOW + DAY_MS })).code).toBe(3)
  })

  it('keeps its conditions', async () => {
    const store = fileStore()
    const save = (...options: string[]) =>
      cli([...store, 'save', '-', '--as', '1704067200000', ...options], { stdin: SESSION })
    const first = JSON.parse((await save('--json')).stdout)
    expect(first).toEqual({
      timestamp: 1704067200000,
      sessionKey: 'storyart:session:1704067200000',
      storage: 'file',
      savedAt: '2024-01-01T00:00:00.000Z',
      revision: first.revision,
      degraded: false,
      level: 'loadable',
    })
    expect(await save('--if-absent')).toMatchObject({ code: 6, stdout: '' })
    expect(await save('--if-revision', first.revision)).toMatchObject({ code: 0 })
    expect(await save('--if-revision', '0'.repeat(first.revision.length))).toMatchObject({ code: 6, stdout: '' })
    expect(await save('--if-revision', first.revision, '--if-absent')).toMatchObject({ code: 2, stdout: '' })
    expect(await save('--new')).toMatchObject({ code: 2, stdout: '' })
  })

  it('writes nothing in a dry run, and says what would be refused', async () => {
    const directory = room()
    const store = fileStore(join(directory, 'store'))
    expect(await cli([...store, 'save', '-', '--dry-run'], { stdin: SESSION })).toEqual({
      code: 0,
      stdout: 'stdin can be stored: loadable\n',
      stderr: '',
    })
    expect((await cli([...store, 'get'])).code).toBe(3)
    const stdin =
      '{"analyzedEpisode":{"scenes":[{"beats":[{},{"beatId":"s1-b1","prompts":{"cinematic":{"width":"wide"}}}]}]}}'
    expect(await cli([...store, 'save', '-', '--dry-run'], { stdin })).toEqual({
      code: 4,
      stdout: '',
      stderr: [
        'storyart: Stdin cannot be used: analyzedEpisode.scenes[0].beats[0].beatId: expected string of at least 1 character, received nothing (and 2 more) (SESSION_INVALID)',
        '  analyzedEpisode.scenes[0].beats[0].beatId: expected string of at least 1 character, received nothing',
        '  analyzedEpisode.scenes[0].beats[1].prompts.cinematic.width: expected number or null, received string',
        '  analyzedEpisode.scenes[0].beats[1].prompts.cinematic.prompt: expected string, received nothing',
        '',
      ].join('\n'),
    })
  })

  it('reads UTF-8 with a byte order mark, and nothing that is not UTF-8', async () => {
    const cwd = room()
    await writeFile(join(cwd, 'marked.json'), '\ufeff{"scriptText":"Café"}')
    await writeFile(join(cwd, 'latin.json'), Buffer.from('{"scriptText":"Café"}', 'latin1'))
    const store = fileStore()
    expect((await cli([...store, 'save', 'marked.json'], { cwd })).code).toBe(0)
    expect((await cli([...store, 'save', '-'], { stdin: '\ufeff{"scriptText":"Café"}' })).code).toBe(0)
    expect((await cli([...store, 'get', '--at', 'scriptText'])).stdout).toBe('Café\n')
    expect(await cli([...store, 'save', 'latin.json'], { cwd })).toEqual({
      code: 4,
      stdout: '',
      stderr: 'storyart: latin.json is not UTF-8: save it as UTF-8, and try again\n',
    })
  })

  it('says which file it cannot read, and never what is in it', async () => {
    const cwd = room()
    await writeFile(join(cwd, 'cut.json'), '{"scriptText":"a secret')
    const store = fileStore()
    expect(await cli([...store, 'save', 'cut.json'], { cwd })).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/^storyart: The file cut\.json cannot be used: (?!.*secret)/),
    })
    expect(await cli([...store, 'save', 'none.json'], { cwd })).toEqual({
      code: 3,
      stdout: '',
      stderr: 'storyart: there is no none.json\n',
    })
  })

  it('keeps a save in the fallback while the store is away, and moves it later', async () => {
    const [directory, other] = [room(), room()]
    const away = ['--store', 'redis://127.0.0.1:1', '--fallback', `file:${directory}`]
    const saved = await cli([...away, '--json', 'save', '-'], { stdin: SESSION })
    expect(JSON.parse(saved.stdout)).toMatchObject({ storage: 'file', degraded: true })
    expect(saved).toMatchObject({ code: 0, stderr: expect.stringContaining('in the fallback waits 1 session: ') })
    const back = ['--store', `file:${other}`, '--fallback', `file:${directory}`]
    const moved = await cli([...back, 'get', '--at', 'mood'])
    expect(moved).toMatchObject({
      code: 0,
      stdout: 'blue\n',
      stderr: expect.stringContaining('brought from the fallback into the store: 1 session\n'),
    })
    expect((await cli([...fileStore(other), 'get', '--at', 'mood'])).stdout).toBe('blue\n')
  })
})
