import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CliError } from '../../src/cli/cli-error.js'
import { exitCodeOf } from '../../src/cli/exit-code-of.js'
import { EXIT } from '../../src/cli/exit-codes.js'
import { SessionInvalidError, StoryArtError, type StoryArtErrorCode } from '../../src/errors.js'
import { cli, room } from './cli.js'

describe('exit codes', () => {
  it('stand in the guide, all of them', () => {
    const table = readFileSync('docs/guide/cli.md', 'utf8').match(/^\| [\d, ]+ \|/gm) ?? []
    expect(
      table
        .flatMap((row) => row.match(/\d+/g) ?? [])
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Object.values(EXIT).sort((a, b) => a - b))
  })

  const codes: Record<StoryArtErrorCode, number> = {
    INVALID_ARGUMENT: 2,
    SESSION_INVALID: 4,
    SESSION_CONFLICT: 6,
    ADAPTER_UNAVAILABLE: 5,
    ADAPTER_DENIED: 5,
    ADAPTER_QUOTA: 5,
    ADAPTER_FAILED: 1,
    TIMEOUT: 5,
    GENERATION_FAILED: 1,
    CLOSED: 1,
    SWARM_REFUSED: 1,
    SWARM_UNAVAILABLE: 5,
    SWARM_FAILED: 1,
    SWARM_LOST: 1,
    SWARM_DENIED: 5,
    SWARM_PROTOCOL: 1,
  }
  it.each(Object.entries(codes) as [StoryArtErrorCode, number][])('%s is %d', (code, exitCode) => {
    expect(exitCodeOf(new StoryArtError(code, 'x'))).toBe(exitCode)
  })

  it('are those of the subclasses, of what the program refuses, and 1 for what nobody expected', () => {
    expect(exitCodeOf(new SessionInvalidError('x', [{ path: '', message: 'x' }]))).toBe(4)
    expect(exitCodeOf(new CliError(EXIT.partial, 'x'))).toBe(8)
    expect([new TypeError('x'), 'x', undefined].map(exitCodeOf)).toEqual([1, 1, 1])
  })

  it('say that a command is not written as it has to be, with a way out', async () => {
    for (const args of [
      ['bogus'],
      ['save'],
      ['get', '--bogus'],
      ['list', '--json', '--ndjson'],
      ['list', '--limit', 'x'],
    ]) {
      const { code, stdout, stderr } = await cli(args, { cwd: room() })
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' })
      expect(stderr).toMatch(/^error: .*\n\(storyart help <command> says how\)\n$/)
    }
    const help = await cli(['help', 'save'])
    expect({ code: help.code, stderr: help.stderr }).toEqual({ code: 0, stderr: '' })
    expect(help.stdout).toContain('Usage: storyart save [options] <file>')
    expect(await cli(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' })
  })
})
