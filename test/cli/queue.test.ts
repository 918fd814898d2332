import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { imageQueue } from '../../src/prompt/index.js'
import { fullEpisode, sampleSession, storySwarmSession } from '../fixtures/index.js'
import { cli, fileStore, room } from './cli.js'
import { ESCAPING, surviveHostile } from './hostile.js'

const LAMP = { prompt: 'a lamp, lit', width: 1344, height: 768 }
const sessionOf = (lamp: typeof LAMP) => ({
  analyzedEpisode: {
    scenes: [
      {
        sceneNumber: 1,
        title: 'The Quay',
        beats: [
          { beatId: 's1-b1', prompts: { cinematic: lamp, vertical: 'fog' } },
          { beatId: 's1-b2', imageDecision: { type: 'REUSE_IMAGE' }, prompts: { cinematic: LAMP } },
        ],
      },
      { sceneNumber: 2, beats: [{ beatId: 's2-b1', prompts: { cinematic: LAMP, marketingVertical: 'poster' } }] },
    ],
  },
})
const SESSION = sessionOf(LAMP)
const STDIN = JSON.stringify(SESSION)
const [FIRST, SECOND, , LAST] = imageQueue(SESSION).map(({ key }) => key.slice(0, 8))

const run = (...options: string[]) => cli(['queue', '-', ...options], { stdin: STDIN })
const jobsOf = async (...options: string[]) => {
  const { stdout, code } = await run('--json', ...options)
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

describe('storyart queue', () => {
  it('shows the pictures to paint, and counts them', async () => {
    expect(await run()).toEqual({
      code: 0,
      stdout: `${[
        'key         scene  beat   format             size      prompt',
        `${FIRST}        1  s1-b1  cinematic          1344x768  a lamp, lit`,
        `${SECOND}        1  s1-b1  vertical           9:16      fog`,
        `${FIRST}-2      2  s2-b1  cinematic          1344x768  a lamp, lit`,
        `${LAST}        2  s2-b1  marketingVertical  9:16      poster`,
      ].join('\n')}\n`,
      stderr: '4 pictures to paint: 2 cinematic, 1 vertical, 1 marketingVertical\n',
    })
  })

  it('gives the jobs themselves as JSON', async () => {
    expect(await jobsOf()).toEqual(JSON.parse(JSON.stringify(imageQueue(SESSION))))
    const lines = (await run('--ndjson')).stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(await jobsOf())
  })

  it('keeps to scenes, beats and kinds, and takes beats that want no picture', async () => {
    const ids = async (...options: string[]) =>
      (await jobsOf(...options)).map(({ beatId, format }: Record<string, string>) => `${beatId} ${format}`)
    expect(await ids('--scene', '2')).toEqual(['s2-b1 cinematic', 's2-b1 marketingVertical'])
    expect(await ids('--beat', ' s1-b1 ')).toEqual(['s1-b1 cinematic', 's1-b1 vertical'])
    expect(await ids('--beat', 's1-b1', '--format', 'vertical')).toEqual(['s1-b1 vertical'])
    expect(await ids('--all', '--scene', '1')).toEqual(['s1-b1 cinematic', 's1-b1 vertical', 's1-b2 cinematic'])
    const blanks = JSON.stringify({
      analyzedEpisode: { scenes: [{ sceneNumber: 1, beats: [{ beatId: ' b ', prompts: { vertical: 'fog' } }] }] },
    })
    expect((await cli(['queue', '-', '--beat', 'b'], { stdin: blanks })).stderr).toBe(
      '1 picture to paint: 1 vertical\n',
    )
    expect(await run('--scene', '1', '--format', 'marketingVertical')).toEqual({
      code: 0,
      stdout: 'there is nothing to paint\n',
      stderr: '0 pictures to paint\n',
    })
  })

  it('asks for several takes', async () => {
    const { stdout, stderr } = await run('--images', '3', '--scene', '2', '--ndjson')
    expect(stdout.match(/"images":3/g)).toHaveLength(2)
    expect(stderr).toBe('2 pictures to paint: 1 cinematic, 1 marketingVertical, 3 takes of each\n')
    expect(await run('--images', '0')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining("option '--images <n>' argument '0' is invalid"),
    })
  })

  it('leaves what an older version asked for, too', async () => {
    const cwd = room()
    await writeFile(join(cwd, 'older.json'), STDIN)
    const store = fileStore()
    const stdin = JSON.stringify(sessionOf({ ...LAMP, prompt: 'a lamp, dark' }))
    await cli([...store, 'save', '-'], { stdin })
    const again = await cli([...store, 'queue', '--since', 'older.json', '--ndjson'], { cwd })
    expect(again).toMatchObject({ code: 0, stderr: '1 picture to paint: 1 cinematic\n' })
    expect(JSON.parse(again.stdout)).toMatchObject({ beatId: 's1-b1', prompt: { prompt: 'a lamp, dark' } })
    expect((await cli([...store, 'queue', '--since', '-'], { stdin: STDIN })).stderr).toBe(
      '1 picture to paint: 1 cinematic\n',
    )
    expect(await cli([...store, 'queue', '-', '--since', '-'], { stdin })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'storyart: only one of the two sessions can come from stdin\n',
    })
  })

  it('cuts prompts to the width of the terminal, or to an excerpt', async () => {
    const stdin = JSON.stringify({
      analyzedEpisode: {
        scenes: [{ sceneNumber: 1, beats: [{ beatId: 'b', prompts: { vertical: 'x'.repeat(500) } }] }],
      },
    })
    const letters = async (columns?: number) => {
      const { stdout } = await cli(['queue', '-'], { stdin, ...(columns === undefined ? {} : { columns }) })
      return /x+…$/m.exec(stdout)?.[0].length
    }
    expect([await letters(), await letters(100), await letters(10)]).toEqual([120, 47, 16])
  })

  it('says which session or scene there is not, and which kind is none', async () => {
    expect(await cli([...fileStore(), 'queue'])).toEqual({
      code: 3,
      stdout: '',
      stderr: 'storyart: there is no session in this store\n',
    })
    expect(await run('--scene', '5')).toEqual({
      code: 3,
      stdout: '',
      stderr: 'storyart: stdin has no scene 5; its scenes: 1, 2\n',
    })
    expect(await run('--format', 'square')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('It must be one or more of cinematic, vertical, marketingVertical.'),
    })
  })

  it('shows nothing that a terminal takes for commands', async () => {
    const { stdout } = await cli(['queue', '-'], { stdin: ESCAPING })
    expect(stdout.split('\n')[1]).toMatch(/ s1-b1\ufffd\[1m {2}cinematic {2}16:9 {2}a \ufffd\[2Jlamp$/)
  })

  it('survives hostile sessions', async () => {
    await surviveHostile(['queue', '-'], [0])
  })

  it('reads real episodes, and ten thousand beats', async () => {
    const said = async (session: object) => (await cli(['queue', '-'], { stdin: JSON.stringify(session) })).stderr
    expect(await said(sampleSession())).toBe('46 pictures to paint: 35 cinematic, 10 vertical, 1 marketingVertical\n')
    expect(await said(storySwarmSession({ prompts: 'pairs' }))).toBe('2 pictures to paint: 2 cinematic\n')
    expect(await said(fullEpisode({ beats: 10_000 }))).toMatch(/^\d{4,5} pictures to paint: /)
  })
})
