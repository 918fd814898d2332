import { describe, expect, it } from 'vitest'
import { fileAdapter } from '../../src/adapters/file.js'
import { CliError } from '../../src/cli/cli-error.js'
import { EXIT } from '../../src/cli/exit-codes.js'
import { SessionStore } from '../../src/store/index.js'
import { cli, deferred, fileStore, NOW, room } from './cli.js'

const FIRST = 1_704_067_200_000

/** A store of files, and the program watching it; `begun` resolves when every later change will be told. */
function watching(args: readonly string[], surroundings: Parameters<typeof cli>[1] = {}) {
  const directory = room()
  const store = new SessionStore({ adapter: fileAdapter(directory, { now: () => NOW }), now: () => NOW })
  const begun = deferred<string>()
  const ran = cli([...fileStore(directory), 'watch', '--poll', '20ms', ...args], {
    ...surroundings,
    onStderr: (piece) => begun.resolve(piece),
  })
  return { store, begun: begun.promise, ran, directory }
}

describe('storyart watch', () => {
  it('prints what happens, a line each, and ends after --count changes', async () => {
    const { store, begun, ran } = watching(['--count', '3'], {
      // Each when the change before has been told: of one session only the latest change waits.
      onStdout: (piece) => {
        if (piece.includes('saved')) void store.update(FIRST, (session) => ({ ...session, scriptText: 'b' }))
        if (piece.includes('updated')) void store.delete(FIRST)
      },
    })
    expect(await begun).toBe('watching; Ctrl-C ends it\n')
    await store.save({ scriptText: 'a' }, { timestamp: FIRST })
    const { code, stdout } = await ran
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: [
        '2024-01-01T00:00:00.000Z  saved  1704067200000  file',
        '2024-01-01T00:00:00.000Z  updated  1704067200000  file',
        '2024-01-01T00:00:00.000Z  deleted  1704067200000',
        '',
      ].join('\n'),
    })
    await store.close()
  })

  it('goes on from a cursor, so that nothing between two runs is missed', async () => {
    const { store, begun, ran, directory } = watching(['--count', '1', '--ndjson'])
    await begun
    await store.save({ scriptText: 'a' }, { timestamp: FIRST })
    const { cursor, ...change } = JSON.parse((await ran).stdout)
    expect(change).toEqual({ type: 'saved', timestamp: FIRST, storage: 'file' })
    await store.save({ scriptText: 'b' }, { timestamp: FIRST + 1 })
    await store.close()
    const later = await cli([...fileStore(directory), 'watch', '--since', cursor, '--count', '1', '--json'])
    expect(JSON.parse(later.stdout)).toEqual([
      { type: 'saved', timestamp: FIRST + 1, storage: 'file', cursor: expect.any(String) },
    ])
    expect(await cli([...fileStore(directory), 'watch', '--since', 'nonsense!'])).toMatchObject({ code: 2, stdout: '' })
  })

  it('ends in order when --for is over, and with its own code when it is interrupted', async () => {
    expect(await cli([...fileStore(), 'watch', '--for', '50ms', '--json'])).toMatchObject({ code: 0, stdout: '[]\n' })
    const controller = new AbortController()
    const { store, begun, ran } = watching([], { signal: controller.signal })
    await begun
    controller.abort(new CliError(EXIT.interrupted, 'interrupted'))
    expect(await ran).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringMatching(/\nstoryart: interrupted\n$/),
    })
    await store.close()
  })

  it('waits for the prompts of a session', async () => {
    const beat = { beatId: 's1-b1', imageDecision: { type: 'NEW_IMAGE' as const } }
    const sessionOf = (prompts: object) => ({
      analyzedEpisode: { scenes: [{ sceneNumber: 1, beats: [{ ...beat, ...prompts }] }] },
    })
    const directory = room()
    const store = new SessionStore({ adapter: fileAdapter(directory, { now: () => NOW }), now: () => NOW })
    await store.save(sessionOf({}), { timestamp: FIRST })
    const args = [...fileStore(directory), 'watch', '--poll', '20ms', '--until-prompts']
    expect(await cli([...args, 'latest', '--for', '40ms'])).toMatchObject({ code: 5, stdout: '' })

    const begun = deferred<string>()
    const ran = cli([...args, String(FIRST)], { onStderr: begun.resolve })
    expect(await begun.promise).toBe(`waiting for the prompts of session ${FIRST}\n`)
    await store.save(sessionOf({ prompts: { cinematic: 'a pier' } }), { timestamp: FIRST })
    expect(await ran).toMatchObject({
      code: 0,
      stdout: `session ${FIRST} has its prompts: 1 for 1 beats\n`,
    })
    await store.close()
    expect(await cli([...args, '1704067209999'])).toMatchObject({ code: 3, stdout: '' })
    expect(await cli([...args, './a.json'])).toMatchObject({ code: 2, stdout: '' })
  })
})
