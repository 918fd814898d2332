import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { characterDescriptions, searchSession } from '../../src/prompt/index.js'
import { fullEpisode, guideSession, sampleSession } from '../fixtures/index.js'
import { cli, fileStore, room } from './cli.js'
import { CENSUS, CONTROLS, ESCAPING, surviveHostile } from './hostile.js'

const SESSION = {
  scriptText: 'A lamp.',
  episodeContext: JSON.stringify({
    episode: {
      characters: [
        { character_name: "Adela 'Addie' Marsh", aliases: ['Ada'], base_trigger: 'ADAM_V1 woman' },
        { character_name: 'Theo Marsh', base_trigger: 'THEO_V1 man' },
        { character_name: 'Old Tom' },
      ],
    },
  }),
  analyzedEpisode: {
    scenes: [
      {
        sceneNumber: 1,
        beats: [
          {
            beatId: 's1-b1',
            core_action: 'The lamp falls.',
            prompts: { cinematic: 'a Lamp, a second lamp', square: { prompt: 'ADAM_V1 woman (grey coat) and a lamp' } },
          },
          { beatId: 's1-b2', prompts: { vertical: 'adam_v1 woman (grey  coat), ADAM_V1 woman asleep' } },
        ],
      },
      { sceneNumber: 2, beats: [{ beatId: 's2-b1', prompts: { cinematic: 'ADAM_V1 woman (red coat), no light' } }] },
    ],
  },
}
const STDIN = JSON.stringify(SESSION)

const run = (...words: string[]) => cli(['search', ...words], { stdin: STDIN })
const found = async (...words: string[]) => {
  const { stdout } = await run(...words, '--ndjson')
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
const placesOf = async (...words: string[]) =>
  (await found(...words)).map(({ beatId, format, start }) => [beatId, format, start].join(' '))

describe('storyart search', () => {
  it('finds a text in prompts of all kinds, every time, in any case', async () => {
    expect(await run('lamp', '-')).toEqual({
      code: 0,
      stdout: `${[
        'beat   where      text',
        's1-b1  cinematic  a Lamp, a second lamp',
        's1-b1  cinematic  a Lamp, a second lamp',
        's1-b1  square     ADAM_V1 woman (grey coat) and a lamp',
      ].join('\n')}\n`,
      stderr: '3 matches in 2 texts of stdin\n',
    })
  })

  it('gives the matches themselves as JSON', async () => {
    const { stdout } = await run('lamp', '-', '--json')
    expect(JSON.parse(stdout)).toEqual(searchSession(SESSION, 'lamp'))
    expect(await found('lamp', '-')).toEqual(searchSession(SESSION, 'lamp'))
  })

  it('looks where it is told, and names the place', async () => {
    expect((await run('lamp', '-', '--in', 'beats,script')).stdout).toBe(
      'beat   where        text\n       scriptText   A lamp.\ns1-b1  core_action  The lamp falls.\n',
    )
    expect(await found('lamp', '-', '--in', 'all')).toHaveLength(5)
    expect(await found('lamp', '-', '--in', 'script', '--in', 'prompts')).toHaveLength(4)
    expect(await run('lamp', '-', '--in', 'context')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('It must be one or more of prompts, beats, script, or all.'),
    })
  })

  it('heeds capitals when told, in patterns, too', async () => {
    expect(await placesOf('Lamp', '-', '--case-sensitive')).toEqual(['s1-b1 cinematic 2'])
    expect(await placesOf('l.mp\\b', '-', '--regex')).toEqual([
      's1-b1 cinematic 2',
      's1-b1 cinematic 17',
      's1-b1 square 32',
    ])
    expect(await placesOf('L.mp', '-', '--regex', '--case-sensitive')).toEqual(['s1-b1 cinematic 2'])
    expect(await placesOf('\\p{Lu}amp', '-', '--regex', '--case-sensitive')).toEqual(['s1-b1 cinematic 2'])
    expect((await run('l.mp', '-')).code).toBe(3)
  })

  it('keeps to scenes, beats and kinds', async () => {
    expect(await placesOf('coat', '-', '--scene', '2')).toEqual(['s2-b1 cinematic 19'])
    expect(await placesOf('coat', '-', '--beat', 's1-b2')).toEqual(['s1-b2 vertical 21'])
    expect(await placesOf('coat', '-', '--format', 'square')).toEqual(['s1-b1 square 20'])
    expect(await run('coat', '-', '--scene', '7')).toMatchObject({
      code: 3,
      stderr: 'storyart: stdin has no scene 7; its scenes: 1, 2\n',
    })
  })

  it('shows as much around a match as is asked for, or fits', async () => {
    const text = `${'a'.repeat(100)} lamp ${'b'.repeat(100)}`
    const stdin = JSON.stringify({
      analyzedEpisode: { scenes: [{ sceneNumber: 1, beats: [{ beatId: 's1-b1', prompts: { vertical: text } }] }] },
    })
    const length = async (columns: number | undefined, ...options: string[]) => {
      const { stdout } = await cli(['search', 'lamp', '-', ...options], {
        stdin,
        ...(columns === undefined ? {} : { columns }),
      })
      return /…a* lamp b*…/.exec(stdout)?.[0].length
    }
    expect(await length(undefined)).toBe(106)
    expect(await length(undefined, '--around', '3')).toBe(12)
    expect(await length(90)).toBe(62)
    expect(await length(90, '--around', '40')).toBe(86)
    expect(await length(90, '--json')).toBe(106)
    expect(await length(300)).toBe(106)
  })

  it('ends with the code for missing when nothing is found', async () => {
    expect(await run('anchor', '-')).toEqual({
      code: 3,
      stdout: 'nothing found\n',
      stderr: '0 matches in 0 texts of stdin\n',
    })
    expect(await run('anchor', '-', '--json')).toMatchObject({ code: 3, stdout: '[]\n' })
  })

  it('refuses a pattern that is none, and to find nothing', async () => {
    expect(await run('(lamp', '-', '--regex')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'storyart: "(lamp" is no pattern: Unterminated group\n',
    })
    const nothing = 'storyart: say what to find, such as `storyart search lamp`, or name a --character\n'
    expect(await run()).toEqual({ code: 2, stdout: '', stderr: nothing })
    expect(await run('', '-', '--regex')).toEqual({ code: 2, stdout: '', stderr: nothing })
    expect(await run('lamp', '-', '--around', 'all')).toMatchObject({ code: 2, stdout: '' })
  })

  it('reads the newest session of the store, or a file', async () => {
    const cwd = room()
    await writeFile(join(cwd, 'guide.json'), JSON.stringify(guideSession()))
    const store = fileStore()
    await cli([...store, 'save', '-', '--as', '1704067200000'], { stdin: STDIN })
    expect((await cli([...store, 'search', 'second'])).stderr).toBe('1 match in 1 text of session 1704067200000\n')
    expect((await cli(['search', 'oak', './guide.json'], { cwd })).stderr).toMatch(/ of the file \.\/guide\.json\n$/)
    expect(await cli([...store, 'search', 'lamp', '1704067200001'])).toMatchObject({ code: 3, stdout: '' })
  })

  it('survives hostile sessions, and shows nothing that a terminal takes for commands', async () => {
    const { stdout } = await cli(['search', 'lamp', '-', '--in', 'all'], { stdin: ESCAPING })
    expect(stdout).toContain('a \ufffd[2Jlamp')
    expect(CONTROLS.test(stdout)).toBe(false)
    await surviveHostile(['search', 'lamp', '-', '--in', 'all'], [0, 3])
  })

  it('goes through ten thousand beats', async () => {
    const stdin = JSON.stringify(fullEpisode({ beats: 10_000 }))
    const { code, stderr } = await cli(['search', 'winter', '-', '--ndjson', '--in', 'all'], { stdin })
    expect(code).toBe(0)
    expect(stderr).toMatch(/^\d{4,} matches in \d{4,} texts of stdin\n$/)
  })
})

describe('storyart search --character', () => {
  it('shows how prompts describe a character, whatever of their names is given', async () => {
    const expected = {
      code: 0,
      stdout: `${[
        '2 mentions in s1-b1, s1-b2',
        '  grey coat',
        '',
        '1 mention in s1-b2',
        '  without a description',
        '',
        '1 mention in s2-b1',
        '  red coat',
        '',
      ].join('\n')}\n`,
      stderr: 'ADAM_V1 woman: 2 descriptions and 4 mentions in the prompts of stdin\n',
    }
    for (const name of ["Adela 'Addie' Marsh", 'Ada', 'ada', ' Addie ', ' ADAM_V1 woman ', 'adam_v1 WOMAN']) {
      expect(await run('--character', name, '-'), name).toEqual(expected)
    }
  })

  it('gives the descriptions themselves as JSON', async () => {
    const { stdout } = await run('--character', 'Ada', '-', '--json', '--scene', '2')
    expect(JSON.parse(stdout)).toEqual(characterDescriptions(SESSION, 'ADAM_V1 woman', { scenes: [2] }))
    expect(await found('--character', 'Ada', '-')).toHaveLength(3)
  })

  it('takes an unknown name as a trigger, and says so', async () => {
    expect(await run('--character', 'grey', '-')).toMatchObject({
      code: 0,
      stderr: [
        '"grey" is taken as a trigger: the episode context knows nobody of that name',
        'grey: 0 descriptions and 2 mentions in the prompts of stdin',
        '',
      ].join('\n'),
    })
    expect(await run('--character', 'Old Tom', '-')).toEqual({
      code: 3,
      stdout: 'nothing found\n',
      stderr: [
        '"Old Tom" is taken as a trigger: Old Tom has no trigger',
        'Old Tom: 0 descriptions and 0 mentions in the prompts of stdin',
        '',
      ].join('\n'),
    })
    const without = await cli(['search', '--character', 'X', '-'], { stdin: '{"scriptText":"x"}' })
    expect(without).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('"X" is taken as a trigger: the episode context cannot be read\n'),
    })
  })

  it('asks who is meant by a name that several bear', async () => {
    expect(await run('--character', 'Marsh', '-')).toEqual({
      code: 2,
      stdout: '',
      stderr: `storyart: "Marsh" may be Adela 'Addie' Marsh, Theo Marsh: name one in full, or by the trigger\n`,
    })
  })

  it('takes no text and none of its options beside it', async () => {
    expect(await run('--character', 'Ada', 'lamp', '-')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'storyart: with --character there is no text to find, only a session\n',
    })
    for (const option of [['--regex'], ['--case-sensitive'], ['--in', 'all'], ['--around', '1']]) {
      expect(await run('--character', 'Ada', '-', ...option), option[0]).toMatchObject({ code: 2, stdout: '' })
    }
  })

  it('survives hostile sessions, and reads a whole episode', async () => {
    await surviveHostile(['search', '--character', 'Billie', '-'], [0, 3], [CENSUS])
    const { stderr } = await cli(['search', '--character', 'Billie', '-'], { stdin: JSON.stringify(sampleSession()) })
    expect(stderr).toBe('BLSNDV woman: 3 descriptions and 13 mentions in the prompts of stdin\n')
  })
})
