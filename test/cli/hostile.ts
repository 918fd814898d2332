import { expect } from 'vitest'
import { hostileSessions, hostileText } from '../fixtures/index.js'
import { cli } from './cli.js'

/** What a terminal would take for commands. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
export const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/

/** A million names, which take the library ten seconds to learn: its own tests do that. */
export const CENSUS = '10,000 characters with 100 aliases each'

/** Runs a command on every hostile document, given as stdin: it must refuse it, or end with one of the codes. */
export async function surviveHostile(
  args: readonly string[],
  codes: readonly number[],
  without: readonly string[] = [],
): Promise<void> {
  const left = [...without]
  for (const session of hostileSessions()) {
    if (left.includes(session.name)) {
      left.splice(left.indexOf(session.name), 1)
      continue
    }
    const { code, stdout, stderr } = await cli(args, { stdin: hostileText(session) })
    // Files of some editors begin with a byte order mark: the program takes it away, whatever the library does.
    const refused = session.expect === 'refused' && session.name !== 'byte order mark'
    expect(refused ? [4] : codes, session.name).toContain(code)
    expect(CONTROLS.test(stdout), session.name).toBe(false)
    expect(CONTROLS.test(stderr), session.name).toBe(false)
    expect(stderr, session.name).not.toContain('unexpected')
  }
  expect(left).toEqual([])
}

/** A session whose texts hold what would clear the screen and name the window. */
export const ESCAPING = JSON.stringify({
  scriptText: 'a \u001b[2Jlamp',
  analyzedEpisode: {
    episodeNumber: 7,
    title: 'Red \u001b]0;owned\u0007title',
    scenes: [
      {
        sceneNumber: 1,
        title: 'A \u001b[31mred\u009b scene',
        beats: [{ beatId: 's1-b1\u001b[1m', prompts: { cinematic: 'a \u001b[2Jlamp' } }, { beatId: 's1-b2\u001b[1m' }],
      },
    ],
  },
})
