import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diffSessions } from '../../src/prompt/index.js'
import { fullEpisode, sampleSession } from '../fixtures/index.js'
import { cli, fileStore, room } from './cli.js'
import { CONTROLS, ESCAPING, surviveHostile } from './hostile.js'

const contextOf = (trigger: string) =>
  JSON.stringify({ episode: { characters: [{ character_name: 'Nell Ward', base_trigger: trigger }] } })
const beat = (beatId: string, prompt: string, core_action = 'Waits.') => ({
  beatId,
  core_action,
  prompts: { cinematic: prompt },
})
const OLDER = {
  scriptText: 'one',
  episodeContext: contextOf('NLWRD'),
  analyzedEpisode: {
    scenes: [
      { sceneNumber: 1, title: 'Quay', beats: [beat('b1', 'a pier'), beat('b2', 'a lamp'), beat('b3', 'fog')] },
      { sceneNumber: 2, beats: [beat('b4', 'a bell'), beat('b5', 'rain')] },
      { sceneNumber: 3, beats: [] },
    ],
  },
}
const NEWER = {
  scriptText: 'two',
  episodeContext: contextOf('NLWRD_V2'),
  analyzedEpisode: {
    scenes: [
      { sceneNumber: 1, title: 'Pier', beats: [beat('b1', 'a pier'), beat('b2', 'a red lamp', 'Turns.')] },
      { sceneNumber: 2, beats: [beat('b9', 'snow'), beat('b3', 'fog'), beat('b4', 'a bell')] },
      { sceneNumber: 4, beats: [] },
    ],
  },
}

async function filesOf(older: object, newer: object): Promise<{ cwd: string }> {
  const cwd = room()
  await writeFile(join(cwd, 'older.json'), JSON.stringify(older))
  await writeFile(join(cwd, 'newer.json'), JSON.stringify(newer))
  return { cwd }
}

describe('storyart diff', () => {
  it('tells what has changed', async () => {
    expect(await cli(['diff', 'older.json', 'newer.json'], await filesOf(OLDER, NEWER))).toEqual({
      code: 0,
      stdout: `${[
        '1 beat added',
        '  b9 in scene 2',
        '',
        '1 beat removed',
        '  b5 in scene 2',
        '',
        '1 beat changed',
        '  b2 in scene 1: core_action, prompts.cinematic',
        '',
        '1 beat moved',
        '  b3 in scene 2, position 2; was in scene 1, position 3',
        '',
        '3 changes of scenes',
        '  scene 1 changed: title',
        '  scene 4 added',
        '  scene 3 removed',
        '',
        '1 change of the episode context',
        '  trigger changed (Nell Ward): episode.characters[0].base_trigger',
        '',
        'fields of the session that differ: scriptText, episodeContext, analyzedEpisode',
        '2 pictures to paint again: 2 cinematic',
      ].join('\n')}\n`,
      stderr: 'from the file older.json to the file newer.json\n',
    })
  })

  it('gives the differences themselves as JSON', async () => {
    const where = await filesOf(OLDER, NEWER)
    const expected = JSON.parse(JSON.stringify(diffSessions(OLDER, NEWER)))
    expect(JSON.parse((await cli(['diff', 'older.json', 'newer.json', '--json'], where)).stdout)).toEqual(expected)
    const { stdout } = await cli(['diff', 'older.json', 'newer.json', '--ndjson'], where)
    expect(stdout.match(/\n/g)).toHaveLength(1)
    expect(JSON.parse(stdout)).toEqual(expected)
  })

  it('compares versions of a store, whose timestamps always differ and do not count', async () => {
    const store = fileStore()
    const stdin = JSON.stringify(OLDER)
    await cli([...store, 'save', '-', '--as', '1704067200000'], { stdin })
    await cli([...store, 'save', '-', '--as', '1704067200001'], { stdin })
    expect(await cli([...store, 'diff', '1704067200000', 'latest', '--exit-code'])).toEqual({
      code: 0,
      stdout: 'nothing has changed\n',
      stderr: 'from session 1704067200000 to session 1704067200001\n',
    })
    const { stdout } = await cli([...store, 'diff', '-', 'latest', '--json'], { stdin })
    expect(JSON.parse(stdout)).toMatchObject({ same: true, fields: [] })
  })

  it('ends with the code for findings when asked, and only if they differ', async () => {
    const where = await filesOf(OLDER, NEWER)
    expect((await cli(['diff', 'older.json', 'newer.json', '--exit-code'], where)).code).toBe(7)
    expect((await cli(['diff', 'older.json', 'older.json', '--exit-code'], where)).code).toBe(0)
  })

  it('refuses what it cannot compare', async () => {
    expect(await cli(['diff', '-', '-'], { stdin: JSON.stringify(OLDER) })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'storyart: only one of the two sessions can come from stdin\n',
    })
    expect(await cli(['diff', 'latest'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining("missing required argument 'newer'"),
    })
    expect(await cli([...fileStore(), 'diff', '1704067200000', 'latest'])).toMatchObject({ code: 3, stdout: '' })
    expect(await cli(['diff', 'yesterday', 'latest'])).toMatchObject({ code: 2, stdout: '' })
  })

  it('shows nothing that a terminal takes for commands', async () => {
    const { cwd } = await filesOf(OLDER, OLDER)
    const { stdout } = await cli(['diff', 'older.json', '-'], { cwd, stdin: ESCAPING })
    expect(stdout).toContain('  s1-b1\ufffd[1m in scene 1\n')
    expect(CONTROLS.test(stdout)).toBe(false)
  })

  it('survives hostile sessions', async () => {
    const path = join((await filesOf(OLDER, OLDER)).cwd, 'older.json')
    await surviveHostile(['diff', path, '-'], [0])
  })

  it('speaks of scenes without number, and of ten thousand beats', async () => {
    const nameless = { analyzedEpisode: { scenes: [{ beats: [beat('b1', 'a pier')] }] } }
    const { stdout } = await cli(['diff', 'older.json', 'newer.json'], await filesOf({ scriptText: 'x' }, nameless))
    expect(stdout).toContain('  b1 in a scene without number\n')
    const where = await filesOf(sampleSession(), fullEpisode({ beats: 10_000 }))
    const { code, stdout: long } = await cli(['diff', 'older.json', 'newer.json'], where)
    expect(code).toBe(0)
    expect(long).toMatch(/^\d{4} beats added\n/)
  })
})
