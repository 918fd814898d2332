import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fullEpisode, sampleSession, storySwarmSession, v1Session } from '../fixtures/index.js'
import { cli, fileStore, room } from './cli.js'
import { CONTROLS, ESCAPING, surviveHostile } from './hostile.js'

/** A prompt of every form and place, an empty one, and a beat without any. */
const SESSION = {
  episodeContext: JSON.stringify({
    episode: {
      characters: [
        { character_name: 'Nell Ward', base_trigger: 'NLWRD woman' },
        { character_name: 'Tom Ward', base_trigger: 'TMWRD man' },
      ],
    },
  }),
  analyzedEpisode: {
    scenes: [
      {
        sceneNumber: 0,
        title: 'The Quay',
        beats: [
          {
            beatId: 's0-b1',
            prompts: { cinematic: { prompt: 'Nell Ward waits\nin fog' }, vertical: 'fog', square: 'fog, square' },
          },
          { beatId: 's0-b2', prompts: { marketingVertical: { prompt: 'Ward, poster' }, cinematic: '' } },
        ],
      },
      { sceneNumber: 3, beats: [{ beatId: 's3-b1', prompt: { positive: 'a pier', negative: 'blur' } }] },
      { sceneNumber: 4, title: 'Late', beats: [{ beatId: 's4-b1' }, { beatId: 's4-b2' }, { beatId: 's4-b3' }] },
    ],
  },
  prompts: [
    { beatId: 's4-b1', cinematic: 'a legacy lamp' },
    { beatId: 'gone', cinematic: 'of no beat' },
  ],
}
const STDIN = JSON.stringify(SESSION)

const run = (...options: string[]) => cli([...fileStore(), 'prompts', '-', ...options], { stdin: STDIN })

const rowsOf = async (...options: string[]) => {
  const { stdout, code } = await run('--ndjson', ...options)
  expect(code).toBe(0)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('storyart prompts', () => {
  it('prints the prompts of all kinds and forms below their scenes', async () => {
    expect(await run()).toEqual({
      code: 0,
      stdout: `${[
        'Scene 0: The Quay',
        '',
        's0-b1  cinematic',
        '  Nell Ward waits',
        '  in fog',
        '',
        's0-b1  vertical',
        '  fog',
        '',
        's0-b1  square',
        '  fog, square',
        '',
        's0-b2  marketingVertical',
        '  Ward, poster',
        '',
        'Scene 3',
        '',
        's3-b1  cinematic',
        '  a pier',
        '',
        'Scene 4: Late',
        '',
        's4-b1  cinematic',
        '  a legacy lamp',
        '',
        'Without a beat',
        '',
        'gone  cinematic',
        '  of no beat',
      ].join('\n')}\n`,
      stderr: '7 prompts of stdin\n',
    })
  })

  it('gives a row for each as JSON, with the path for `get --at`', async () => {
    const { stdout } = await run('--json')
    const rows = JSON.parse(stdout)
    expect(rows).toHaveLength(7)
    expect(rows[3]).toEqual({
      sceneNumber: 0,
      sceneTitle: 'The Quay',
      beatId: 's0-b2',
      beatIndex: 1,
      format: 'marketingVertical',
      prompt: 'Ward, poster',
      path: 'analyzedEpisode.scenes[0].beats[1].prompts.marketingVertical.prompt',
    })
    expect(rows.slice(5)).toEqual([
      {
        sceneNumber: 4,
        sceneTitle: 'Late',
        beatId: 's4-b1',
        beatIndex: 0,
        format: 'cinematic',
        prompt: 'a legacy lamp',
        path: 'prompts[0].cinematic',
      },
      {
        sceneNumber: null,
        sceneTitle: '',
        beatId: 'gone',
        beatIndex: null,
        format: 'cinematic',
        prompt: 'of no beat',
        path: 'prompts[1].cinematic',
      },
    ])
    expect(await rowsOf()).toEqual(rows)
    const place = await cli([...fileStore(), 'get', '-', '--at', rows[0].path], { stdin: STDIN })
    expect(place.stdout).toBe('Nell Ward waits\nin fog\n')
  })

  it('keeps to scenes, beats and kinds, also kinds that nobody paints', async () => {
    const ids = async (...options: string[]) =>
      (await rowsOf(...options)).map(({ beatId, format }) => `${beatId} ${format}`)
    expect(await ids('--scene', '3,4')).toEqual(['s3-b1 cinematic', 's4-b1 cinematic'])
    expect(await ids('--scene', '0', '--format', 'cinematic')).toEqual(['s0-b1 cinematic'])
    expect(await ids('--beat', 's0-b2', '--beat', 's3-b1')).toEqual(['s0-b2 marketingVertical', 's3-b1 cinematic'])
    expect(await ids('--format', 'square,vertical')).toEqual(['s0-b1 vertical', 's0-b1 square'])
  })

  it('puts triggers in the place of names, and says which names it had to leave', async () => {
    const rows = await rowsOf('--resolved', '--scene', '0')
    expect(rows.map(({ prompt }) => prompt)).toEqual([
      'NLWRD woman waits\nin fog',
      'fog',
      'fog, square',
      'Ward, poster',
    ])
    expect((await run('--resolved')).stderr).toBe(
      '7 prompts of stdin\nleft, because several characters bear the name: Ward\n',
    )
    expect(await cli(['prompts', '-', '--resolved'], { stdin: '{"scriptText":"x"}' })).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('The episode context cannot be used: episodeContext: there is no context'),
    })
  })

  it('lists the beats whose prompt is missing, and why', async () => {
    expect(await run('--missing')).toEqual({
      code: 0,
      stdout: 'scene  beat   reason\n    4  s4-b2  missing\n    4  s4-b3  missing\n',
      stderr: '2 beats of stdin without a prompt\n',
    })
    expect(await rowsOf('--missing', '--beat', 's4-b3')).toEqual([
      { sceneNumber: 4, beatId: 's4-b3', beatIndex: 2, reason: 'missing' },
    ])
    expect(await run('--missing', '--scene', '0')).toEqual({
      code: 0,
      stdout: 'stdin misses no prompt: every beat that wants a picture has one\n',
      stderr: '',
    })
    const none = await cli(['prompts', '-', '--missing'], { stdin: '{"scriptText":"x"}' })
    expect(none).toEqual({ code: 0, stdout: 'stdin has no beats\n', stderr: '' })
    expect(await run('--missing', '--format', 'cinematic')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining("'--missing' cannot be used with option '--format <kinds>'"),
    })
    expect(await run('--missing', '--resolved')).toMatchObject({ code: 2, stdout: '' })
  })

  it('reads the newest session of the store, one by its timestamp, or a file', async () => {
    const cwd = room()
    await writeFile(join(cwd, 'episode.json'), JSON.stringify(v1Session()))
    const store = fileStore()
    await cli([...store, 'save', '-', '--as', '1704067200000'], { stdin: STDIN })
    await cli([...store, 'save', '-', '--as', '1704067200001'], { stdin: JSON.stringify(sampleSession()) })
    const said = async (...argument: string[]) => (await cli([...store, 'prompts', ...argument], { cwd })).stderr
    expect(await said()).toBe('46 prompts of session 1704067200001\n')
    expect(await said('1704067200000')).toBe('7 prompts of session 1704067200000\n')
    expect(await said('episode.json')).toBe('2 prompts of the file episode.json\n')
  })

  it('reads the dialects of StorySwarm', async () => {
    const stdin = JSON.stringify(storySwarmSession({ prompts: 'strings' }))
    expect((await cli(['prompts', '-', '--json'], { stdin })).stdout.match(/"format"/g)).toHaveLength(4)
    const pairs = JSON.stringify(storySwarmSession({ prompts: 'pairs' }))
    expect((await cli(['prompts', '-', '--json'], { stdin: pairs })).stdout.match(/"format"/g)).toHaveLength(2)
    const empty = JSON.stringify(storySwarmSession())
    expect(await cli(['prompts', '-'], { stdin: empty })).toEqual({
      code: 0,
      stdout: 'stdin has no such prompts\n',
      stderr: '',
    })
    expect((await cli(['prompts', '-', '--missing'], { stdin: empty })).stderr).toBe(
      '2 beats of stdin without a prompt\n',
    )
  })

  it('says which session, scene or beat there is not', async () => {
    const store = fileStore()
    expect(await cli([...store, 'prompts', '1704067200000'])).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('there is no session 1704067200000'),
    })
    expect(await run('--scene', '9')).toEqual({
      code: 3,
      stdout: '',
      stderr: 'storyart: stdin has no scene 9; its scenes: 0, 3, 4\n',
    })
    expect(await run('--missing', '--beat', 's9-b9')).toEqual({
      code: 3,
      stdout: '',
      stderr: 'storyart: stdin has no beat s9-b9\n',
    })
    expect(await run('--scene', 'one')).toMatchObject({ code: 2, stdout: '' })
    expect(await run('--format', 'cinematic,,')).toMatchObject({ code: 2, stdout: '' })
  })

  it('shows nothing that a terminal takes for commands, and keeps JSON as it is', async () => {
    const { stdout } = await cli(['prompts', '-'], { stdin: ESCAPING })
    expect(stdout).toBe('Scene 1: A \ufffd[31mred\ufffd scene\n\ns1-b1\ufffd[1m  cinematic\n  a \ufffd[2Jlamp\n')
    const json = await cli(['prompts', '-', '--ndjson'], { stdin: ESCAPING })
    expect(JSON.parse(json.stdout)).toMatchObject({ prompt: 'a \u001b[2Jlamp' })
    expect(CONTROLS.test(json.stdout)).toBe(false)
    expect((await cli(['prompts', '-', '--missing'], { stdin: ESCAPING })).stdout).toContain('s1-b2\ufffd[1m')
  })

  it('survives hostile sessions', async () => {
    await surviveHostile(['prompts', '-'], [0])
    await surviveHostile(['prompts', '-', '--missing'], [0])
  })

  it('goes through ten thousand beats', async () => {
    const stdin = JSON.stringify(fullEpisode({ beats: 10_000 }))
    const { stdout, code } = await cli(['prompts', '-', '--ndjson', '--resolved'], { stdin })
    expect(code).toBe(0)
    expect(stdout.split('\n').length).toBeGreaterThan(9_000)
  })
})
