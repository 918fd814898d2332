import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CliError } from '../../src/cli/cli-error.js'
import { EXIT } from '../../src/cli/exit-codes.js'
import { type Room, room as swarmRoom } from '../swarmui/harness.js'
import { cli, fileStore, NOW, room } from './cli.js'

const SMALL = { model: 'flux1-dev-fp8', width: 96, height: 64 }
const OLDER = 1_704_067_200_000

const sessionOf = (...prompts: string[]) => ({
  analyzedEpisode: {
    scenes: [
      {
        sceneNumber: 1,
        beats: prompts.map((prompt, n) => ({
          beatId: `s1-b${n + 1}`,
          imageDecision: { type: 'NEW_IMAGE' },
          prompts: { cinematic: { ...SMALL, prompt, seed: 10 * (n + 1) } },
        })),
      },
    ],
  },
})

/** A server, a store with a session of three beats, and the command that paints it. */
async function ready(prompts = ['a pier', 'a lamp', 'fog']) {
  const swarm: Room = await swarmRoom()
  const store = fileStore()
  await cli([...store, 'save', '-', '--as', String(OLDER)], { stdin: JSON.stringify(sessionOf(...prompts)) })
  const cwd = room()
  const generate = (options: readonly string[] = [], surroundings: Parameters<typeof cli>[1] = {}) =>
    cli([...store, 'generate', '--swarmui', swarm.double.url, ...options], { cwd, ...surroundings })
  const pictures = async (folder = 'pictures') =>
    (await readdir(join(cwd, folder)).catch(() => [])).filter((name) => name.endsWith('.png')).sort()
  return { swarm, store, cwd, generate, pictures, [Symbol.asyncDispose]: () => swarm[Symbol.asyncDispose]() }
}

const NAMES = ['s01-b001-cinematic-1.png', 's01-b002-cinematic-1.png', 's01-b003-cinematic-1.png']

describe('storyart generate', () => {
  it.each(['http', 'auto'])('paints a session, lists each picture, and paints none twice (%s)', async (transport) => {
    await using at = await ready()
    const first = await at.generate(['--transport', transport, '--ndjson'])
    expect(first.code).toBe(0)
    const rows = first.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.sort((a, b) => a.beatId.localeCompare(b.beatId))).toEqual(
      NAMES.map((file, n) => ({
        sceneNumber: 1,
        beatId: `s1-b${n + 1}`,
        format: 'cinematic',
        key: expect.stringMatching(/^[0-9a-f]{32}$/),
        status: 'painted',
        files: [file],
      })),
    )
    expect(first.stderr).toContain(`3 pictures of session ${OLDER}\n`)
    expect(first.stderr).toMatch(/3 pictures: 3 painted, 0 there already, 0 failed\n$/)
    expect(await at.pictures()).toEqual(NAMES)

    await rm(join(at.cwd, 'pictures', NAMES[1] ?? ''))
    const again = await at.generate(['--transport', transport])
    expect(again).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/3 pictures: 1 painted, 2 there already, 0 failed/),
    })
    expect(again.stdout.split('\n').sort()).toEqual([
      '',
      `kept  s1-b1  cinematic  ${NAMES[0]}`,
      `kept  s1-b3  cinematic  ${NAMES[2]}`,
      `painted  s1-b2  cinematic  ${NAMES[1]}`,
    ])
    expect(at.swarm.double.painted.length).toBe(4)
  })

  it('draws a bar at a terminal, and takes it away for each line', async () => {
    await using at = await ready()
    const pieces: string[] = []
    const see = (piece: string) => pieces.push(piece)
    await at.generate(['--transport', 'http'], { isTerminal: true, onStdout: see, onStderr: see })
    const lines = pieces.flatMap((piece, n) => (piece.startsWith('painted') ? [pieces[n - 1]] : []))
    expect(lines).toEqual(['\u001b[2K', '\u001b[2K', '\u001b[2K'])
    expect(pieces.join('')).toContain('3/3 pictures')
    expect(pieces.at(-1)).toBe('3 pictures: 3 painted, 0 there already, 0 failed\n')
    expect(pieces.at(-2)).toBe('\u001b[2K')
  })

  it('says in a dry run what it would paint, and asks no server and makes no directory', async () => {
    await using at = await ready()
    const dry = await at.generate(['--dry-run', '--json', '--swarmui', 'http://127.0.0.1:1', '-o', 'none'])
    expect(dry.code).toBe(0)
    expect(
      JSON.parse(dry.stdout).map(({ beatId, status }: { beatId: string; status: string }) => [beatId, status]),
    ).toEqual([
      ['s1-b1', 'to paint'],
      ['s1-b2', 'to paint'],
      ['s1-b3', 'to paint'],
    ])
    expect(dry.stderr).toBe('3 pictures: 3 to paint, 0 there already; no server was asked\n')
    expect(await readdir(at.cwd)).toEqual([])

    await at.generate(['--transport', 'http'])
    const later = await at.generate(['--dry-run', '--images', '2'])
    expect(later.stderr).toBe('3 pictures: 3 to paint, 0 there already; no server was asked\n')
    expect((await at.generate(['--dry-run'])).stderr).toBe(
      '3 pictures: 0 to paint, 3 there already; no server was asked\n',
    )
  })

  it('paints with --since only what an older session does not ask for', async () => {
    await using at = await ready()
    const newer = JSON.stringify(sessionOf('a pier', 'a red lamp', 'fog'))
    await cli([...at.store, 'save', '-', '--as', String(OLDER + 1)], { stdin: newer })
    expect((await at.generate(['--since', String(OLDER), '--transport', 'http'])).code).toBe(0)
    expect(await at.pictures()).toEqual([NAMES[1]])
    // A file is compared with the store as well.
    await writeFile(join(at.cwd, 'newest.json'), JSON.stringify(sessionOf('a pier', 'a red lamp', 'snow')))
    const ran = await at.generate(['newest.json', '--since', String(OLDER + 1), '--transport', 'http', '-o', 'more'])
    expect([ran.code, await at.pictures('more')]).toEqual([0, [NAMES[2]]])
    expect(await at.generate(['--since', 'newest.json'])).toMatchObject({ code: 2, stdout: '' })
  })

  it('paints one beat, and misses no prompt of another', async () => {
    await using at = await ready()
    const [scene] = sessionOf('a pier', 'a lamp').analyzedEpisode.scenes
    const stdin = JSON.stringify({
      analyzedEpisode: {
        scenes: [scene, { sceneNumber: 2, beats: [{ beatId: 's2-b1', imageDecision: { type: 'NEW_IMAGE' } }] }],
      },
    })
    const args = ['generate', '-', '--swarmui', at.swarm.double.url, '--transport', 'http', '--no-fill']
    const one = await cli([...args, '--scene', '1', '--beat', 's1-b2'], { cwd: at.cwd, stdin })
    expect(one).toMatchObject({ code: 0, stdout: `painted  s1-b2  cinematic  ${NAMES[1]}\n` })
    const whole = await cli(args, { cwd: at.cwd, stdin })
    expect(whole).toMatchObject({ code: 8, stderr: expect.stringMatching(/without a prompt: 1 beat\n$/) })
    expect((await cli([...args, '--scene', '1', '--dry-run'], { cwd: at.cwd, stdin })).stderr).toBe(
      '2 pictures: 0 to paint, 2 there already; no server was asked\n',
    )
    expect(await cli([...args, '--scene', '7'], { cwd: at.cwd, stdin })).toMatchObject({ code: 3, stdout: '' })
  })

  it('sends the parameters of --set, and takes the address and the token from the environment', async () => {
    await using at = await ready([])
    const beats = [{ beatId: 's1-b1', prompts: { cinematic: { prompt: 'a pier', width: 96, height: 64 } } }]
    const stdin = JSON.stringify({ analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] } })
    const env = { SWARMUI_URL: at.swarm.double.url }
    const args = ['generate', '-', '--transport', 'http', '--set', 'steps=7', '--set', 'model=flux1-dev-fp8']
    expect(await cli(args, { cwd: at.cwd, stdin, env })).toMatchObject({ code: 0 })
    expect(at.swarm.double.generations.at(-1)).toMatchObject({ steps: 7, model: 'flux1-dev-fp8.safetensors' })
    expect(await at.generate(['--set', 'steps'])).toMatchObject({ code: 2, stdout: '' })
  })

  it('fails with what has failed, and with the server away', async () => {
    await using at = await ready(['a pier', '<lora:nowhere:1> a lamp', 'fog'])
    const ran = await at.generate(['--transport', 'http', '--json', '--no-check'])
    expect(ran.code).toBe(8)
    const failed = JSON.parse(ran.stdout).filter(({ status }: { status: string }) => status === 'failed')
    expect(failed).toEqual([
      expect.objectContaining({ beatId: 's1-b2', files: [], error: expect.stringContaining('no LORA "nowhere"') }),
    ])
    let clock = NOW
    const away = await at.generate(['--transport', 'http', '--patience', '1ms', '--swarmui', 'http://127.0.0.1:1'], {
      now: () => (clock += 10), // patience is measured by it
    })
    expect(away.code).toBe(5)
    expect(await at.generate(['1704067209999'])).toMatchObject({ code: 3, stdout: '' })
  })

  it('ends when it is interrupted, and goes on in the next run', async () => {
    await using at = await ready()
    const controller = new AbortController()
    const ran = await at.generate(['--transport', 'http', '--ndjson', '--concurrency', '1'], {
      signal: controller.signal,
      onStdout: () => controller.abort(new CliError(EXIT.interrupted, 'interrupted')),
    })
    expect(ran).toMatchObject({ code: 130, stderr: expect.stringMatching(/storyart: interrupted\n$/) })
    expect((await at.generate(['--transport', 'http'])).code).toBe(0)
    expect(await at.pictures()).toEqual(NAMES)
    expect(at.swarm.double.painted.length).toBeLessThanOrEqual(4)
  })
})
