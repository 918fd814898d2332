import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, fileStore, room } from './cli.js'

const T = 1_704_067_200_000
const CONTEXT = { episode: { characters: [{ character_name: 'Nell Ward', base_trigger: 'nlwrd woman' }] } }
const SESSION = {
  scriptText: 'a \u001b[2Jlamp\u009b31m\r\nfog',
  episodeContext: JSON.stringify(CONTEXT),
  mood: null,
  analyzedEpisode: { title: 'Nine', scenes: [{ sceneNumber: 1, beats: [{ beatId: 's1-b1' }] }] },
  timestamp: T,
}

/** A store with the session in it. */
async function stored(): Promise<string[]> {
  const store = fileStore()
  await cli([...store, 'save', '-'], { stdin: JSON.stringify(SESSION) })
  return store
}

describe('storyart get', () => {
  it('prints the session by timestamp, as the latest, by date, from a file and from stdin', async () => {
    const store = await stored()
    const cwd = room()
    await writeFile(join(cwd, 'a.json'), JSON.stringify(SESSION))
    const whole = `${JSON.stringify(SESSION).replace('\u009b', '\\u009b')}\n`
    for (const named of [[String(T)], ['latest'], [], ['2024-01-03'], ['a.json'], ['-']]) {
      const ran = await cli([...store, 'get', ...named, '--ndjson'], { cwd, stdin: JSON.stringify(SESSION) })
      expect({ named, code: ran.code, stdout: ran.stdout }).toEqual({ named, code: 0, stdout: whole })
    }
    expect(JSON.parse((await cli([...store, 'get'])).stdout)).toEqual(SESSION)
  })

  it('prints what stands at a path, also null, and a text as it is', async () => {
    const store = await stored()
    const at = (path: string) => cli([...store, 'get', '--at', path])
    expect((await at('analyzedEpisode.scenes[0].beats[0].beatId')).stdout).toBe('s1-b1\n')
    expect((await at('mood')).stdout).toBe('null\n')
    expect((await at('scriptText')).stdout).toBe(`${SESSION.scriptText}\n`)
    expect((await cli([...store, 'get', '--at', 'scriptText', '--json'])).stdout).toBe(
      `${JSON.stringify(SESSION.scriptText).replace('\u009b', '\\u009b')}\n`,
    )
    for (const path of ['analyzedEpisode.scenes[1]', 'constructor', 'mood.x']) {
      expect(await at(path)).toEqual({ code: 3, stdout: '', stderr: `storyart: session ${T} has nothing at ${path}\n` })
    }
  })

  it('sends no commands to a terminal, whatever stands in a text', async () => {
    const store = await stored()
    const shown = await cli([...store, 'get', '--at', 'scriptText'], { isTerminal: true })
    expect(shown.stdout).toBe('a \ufffd[2Jlamp\ufffd31m\nfog\n')
    const exported = await cli([...store, 'export'], { isTerminal: true })
    expect(JSON.parse(exported.stdout).session.scriptText).toBe(SESSION.scriptText)
  })

  it('prints the context as a document, and says what is wrong with a broken one', async () => {
    const store = await stored()
    expect(JSON.parse((await cli([...store, 'get', '--context'])).stdout)).toEqual(CONTEXT)
    expect((await cli([...store, 'get', '--context', '--at', 'episode.characters[0].base_trigger'])).stdout).toBe(
      'nlwrd woman\n',
    )
    const broken = await cli(['get', '-', '--context'], { stdin: '{"episodeContext":"{\\"episode\\": secret"}' })
    expect(broken).toMatchObject({ code: 4, stdout: '', stderr: expect.not.stringContaining('secret') })
  })

  it('writes a file whole, in place of the one before, and leaves no draft', async () => {
    const store = await stored()
    const cwd = room()
    await writeFile(join(cwd, 'out.json'), 'old')
    expect(await cli([...store, 'get', '-o', 'out.json'], { cwd })).toEqual({
      code: 0,
      stdout: '',
      stderr: 'written: out.json\n',
    })
    expect(JSON.parse(await readFile(join(cwd, 'out.json'), 'utf8'))).toEqual(SESSION)
    expect(await readdir(cwd)).toEqual(['out.json'])
    expect(await cli([...store, 'get', 'bogus'], { cwd })).toMatchObject({ code: 2, stdout: '' })
  })
})
