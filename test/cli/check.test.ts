import { describe, expect, it, onTestFinished } from 'vitest'
import { checkSession } from '../../src/prompt/index.js'
import { fullEpisode, sampleSession, storySwarmSession } from '../fixtures/index.js'
import { ask, startRedis } from '../redis/server.js'
import { cli, fileStore } from './cli.js'
import { CENSUS, CONTROLS, ESCAPING, surviveHostile } from './hostile.js'

/** Two errors of one code, a warning, an info. */
const SESSION = {
  scriptText: '===SCENE 1: The Quay===',
  storyUuid: '5c2f7a1e-0d4b-4f63-9a58-3f1d2c6b7e90',
  episodeContext: JSON.stringify({
    episode: { characters: [{ character_name: 'Ada Marsh', base_trigger: 'ADAM_V1' }] },
  }),
  analyzedEpisode: {
    scenes: [
      {
        sceneNumber: 1,
        beats: [
          {
            beatId: 's1-b1',
            imageDecision: { type: 'NEW_IMAGE' },
            prompts: { cinematic: { prompt: 'Ada Marsh at the quay' } },
          },
          { beatId: 's1-b2', imageDecision: { type: 'REUSE_IMAGE', reuseSourceBeatId: 's1-b7' } },
          { beatId: 's1-b3', imageDecision: { type: 'REUSE_IMAGE', reuseSourceBeatId: 's1-b8' } },
        ],
      },
    ],
  },
}
const STDIN = JSON.stringify(SESSION)
const FINDINGS = checkSession(SESSION)

const run = (...options: string[]) => cli(['check', '-', ...options], { stdin: STDIN })
const codesOf = async (...options: string[]) => {
  const { stdout } = await run('--ndjson', ...options)
  return stdout.match(/(?<="code":")[a-z-]+/g) ?? []
}

describe('storyart check', () => {
  it('tells what is alike once, the worst first, each with its place and the remedy', async () => {
    const [info, warning, ...errors] = FINDINGS
    expect(errors.map(({ code }) => code)).toEqual(['reuse-dangling', 'reuse-dangling'])
    expect(await run()).toEqual({
      code: 7,
      stdout: `${[
        'error reuse-dangling (2)',
        `  s1-b2: ${errors[0]?.message}`,
        '    analyzedEpisode.scenes[0].beats[1].imageDecision.reuseSourceBeatId',
        `  s1-b3: ${errors[1]?.message}`,
        '    analyzedEpisode.scenes[0].beats[2].imageDecision.reuseSourceBeatId',
        `  -> ${errors[0]?.remedy}`,
        '',
        'warning name-unsubstituted',
        `  s1-b1: ${warning?.message}`,
        '    analyzedEpisode.scenes[0].beats[0].prompts.cinematic.prompt',
        `  -> ${warning?.remedy}`,
        '',
        'info context-without-scenes',
        `  ${info?.message}`,
        `    ${info?.path}`,
        `  -> ${info?.remedy}`,
        '',
      ].join('\n')}\n`,
      stderr: 'stdin: 2 errors, 1 warning, 1 info\n',
    })
  })

  it('gives the findings themselves as JSON, in their own order', async () => {
    expect(JSON.parse((await run('--json')).stdout)).toEqual(FINDINGS)
    const lines = (await run('--ndjson')).stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(FINDINGS)
  })

  it('shows what is as bad as asked, or worse', async () => {
    expect(await codesOf('--severity', 'error')).toEqual(['reuse-dangling', 'reuse-dangling'])
    expect(await codesOf('--severity', 'warning')).toEqual(['name-unsubstituted', 'reuse-dangling', 'reuse-dangling'])
    expect(await codesOf('--severity', 'info')).toHaveLength(4)
  })

  it('keeps to some codes, and takes phrases that are no names', async () => {
    expect(await codesOf('--code', 'reuse-dangling', '--code', 'context-without-scenes')).toEqual([
      'context-without-scenes',
      'reuse-dangling',
      'reuse-dangling',
    ])
    expect(await codesOf('--except', 'Ada Marsh', '--severity', 'warning')).not.toContain('name-unsubstituted')
  })

  it('fails on what it was told to fail on, shown or not, and on errors otherwise', async () => {
    const codeOf = async (...options: string[]) => (await run(...options)).code
    expect(await codeOf('--fail-on', 'never')).toBe(0)
    expect(await codeOf('--code', 'name-unsubstituted')).toBe(0)
    expect(await codeOf('--code', 'name-unsubstituted', '--fail-on', 'warning')).toBe(7)
    expect(await codeOf('--code', 'context-without-scenes', '--fail-on', 'warning')).toBe(0)
    expect(await run('--code', 'context-without-scenes', '--fail-on', 'info', '--severity', 'error')).toEqual({
      code: 7,
      stdout: 'nothing as bad is known against painting stdin\n',
      stderr: 'stdin: 0 errors, 0 warnings, 1 info\n',
    })
    expect(await run('--code', 'beat-duplicate', '--fail-on', 'info')).toEqual({
      code: 0,
      stdout: 'nothing is known against painting stdin\n',
      stderr: 'stdin: 0 errors, 0 warnings, 0 infos\n',
    })
  })

  it('knows under which timestamp a session is stored', async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    // As when somebody copied it under another key.
    const stdin = '{"scriptText":"x","timestamp":1704067200009}'
    await ask(redis.port, `SET storyart:session:1704067200000 '${stdin}'`)
    const check = ['check', '--code', 'timestamp-mismatch', '--fail-on', 'warning']
    expect(await cli(['--store', redis.url, ...check, '1704067200000'])).toMatchObject({
      code: 7,
      stdout: expect.stringMatching(/^warning timestamp-mismatch\n/),
      stderr: 'session 1704067200000: 0 errors, 1 warning, 0 infos\n',
    })
    expect((await cli([...check, '-'], { stdin })).code).toBe(0)
  })

  it('refuses what it does not know, and says what there is', async () => {
    const refused = async (...options: string[]) => {
      const { code, stdout, stderr } = await run(...options)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      return stderr.split('\n')[0]
    }
    expect(await refused('--code', 'reuse-lost')).toBe(
      "error: option '--code <code>' argument 'reuse-lost' is invalid. The codes are reuse-without-source, reuse-dangling, reuse-self, reuse-forward, reuse-chained, reuse-label.",
    )
    expect(await refused('--code', '')).toContain('The codes are script-missing, script-placeholder, ')
    expect(await refused('--severity', 'bad')).toContain('Allowed choices are error, warning, info.')
    expect(await refused('--fail-on', 'bad')).toContain('Allowed choices are error, warning, info, never.')
  })

  it('says that there is no such session', async () => {
    expect(await cli([...fileStore(), 'check', '1704067200000'])).toMatchObject({ code: 3, stdout: '' })
    expect(await cli(['check', 'none.json'])).toEqual({
      code: 3,
      stdout: '',
      stderr: 'storyart: there is no none.json\n',
    })
  })

  it('shows nothing that a terminal takes for commands', async () => {
    const { stdout } = await cli(['check', '-'], { stdin: ESCAPING })
    expect(stdout).toContain('  s1-b2\ufffd[1m: ')
    expect(CONTROLS.test(stdout)).toBe(false)
  })

  it('survives hostile sessions', async () => {
    await surviveHostile(['check', '-'], [0, 7], [CENSUS])
  })

  it('reads real episodes, and ten thousand beats', async () => {
    const said = async (session: object) => (await cli(['check', '-'], { stdin: JSON.stringify(session) })).stderr
    expect(await said(sampleSession())).toBe('stdin: 1 error, 32 warnings, 22 infos\n')
    expect(await said(storySwarmSession())).toMatch(/^stdin: \d+ errors, \d+ warnings?, \d+ infos?\n$/)
    expect(await said(fullEpisode({ beats: 10_000 }))).toMatch(/^stdin: \d+ errors?, \d+ warnings, \d+ infos\n$/)
  })
})
