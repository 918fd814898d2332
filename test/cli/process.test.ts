import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { room } from './cli.js'

const PROGRAM = resolve('dist/cli.js')

/** The built program as a process of its own. */
function start(args: readonly string[], cwd = room()): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    env: { PATH: process.env.PATH, STORYART_STORE: 'file:sessions' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Its exit code once it has ended; what it wrote must not be kept waiting. */
async function ended(child: ChildProcess): Promise<{ code: number; stderr: string }> {
  let stderr = ''
  child.stderr?.on('data', (piece) => {
    stderr += String(piece)
  })
  child.stdout?.resume()
  const [code] = await once(child, 'close')
  return { code, stderr }
}

describe('the program', () => {
  it('is built, can be run as it is, and tells the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    const { stdout, stderr } = await promisify(execFile)(PROGRAM, ['--version'])
    expect({ stdout, stderr }).toEqual({ stdout: `${version}\n`, stderr: '' })
  })

  it('finds what lies beside it: schemas, their names, and the sample session', async () => {
    const run = async (...args: string[]) => (await promisify(execFile)(process.execPath, [PROGRAM, ...args])).stdout
    expect((await run('schema')).split('\n')).toContain('beat-analysis')
    expect(JSON.parse(await run('schema', 'session')).type).toBe('object')
    expect(readFileSync('dist/sample-session.json', 'utf8')).toBe(
      readFileSync('docs/examples/sample-session.json', 'utf8'),
    )
  })

  it('keeps data and talk apart, and reads what comes in pieces', async () => {
    const child = start(['save', '-'])
    const lines = createInterface({ input: child.stdout ?? process.stdin })
    child.stdin?.write('{"scriptText":"SCENE')
    child.stdin?.end(' 1"}')
    const [timestamp] = await once(lines, 'line')
    const { code, stderr } = await ended(child)
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `saved as storyart:session:${timestamp} in file; level: loadable\n`,
    })
  })

  it.each([
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
  ] as const)('ends on %s with code %d, and says why', async (signal, code, reason) => {
    const child = start(['watch'])
    const first = once(createInterface({ input: child.stderr ?? process.stdin }), 'line')
    expect(await first).toEqual(['watching; Ctrl-C ends it'])
    child.kill(signal)
    expect(await ended(child)).toEqual({ code, stderr: `storyart: ${reason}\n` })
  })

  it('serves until it is told to end, which is no failure', async () => {
    const child = start(['serve', '--port', '0'])
    const [url] = await once(createInterface({ input: child.stdout ?? process.stdin }), 'line')
    expect((await fetch(`${url}/health`)).status).toBe(200)
    child.kill('SIGTERM')
    expect((await ended(child)).code).toBe(0)
  })

  it('stops when nobody reads any more, without a word', async () => {
    const cwd = room()
    const saved = start(['save', '-', '--as', '1704067200000'], cwd)
    saved.stdin?.end(JSON.stringify({ scriptText: 'x'.repeat(4_000_000) }))
    expect((await ended(saved)).code).toBe(0)
    const child = start(['get', '1704067200000'], cwd)
    child.stdout?.once('data', () => child.stdout?.destroy())
    let stderr = ''
    child.stderr?.on('data', (piece) => {
      stderr += String(piece)
    })
    const [code] = await once(child, 'close')
    expect({ code, stderr }).toEqual({ code: 141, stderr: '' })
  })
})
