/** Processes of their own, to write at once and to be killed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

/** A test run that is cut off leaves no process behind. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Packages written for CommonJS look for this where they are bundled. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/** Makes a script of `child.ts` that plain Node runs, much faster than through a loader. */
export async function buildChild(folder: string, entry = 'test/file/child.ts'): Promise<string> {
  const outfile = join(folder, 'child.mjs')
  await build({
    entryPoints: [resolve(entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: REQUIRE },
    logLevel: 'silent',
  })
  return outfile
}

/** What a process says, one JSON value a line. */
export type Line = Record<string, unknown>

export interface Child {
  /** Resolves when it has said its first line. */
  readonly spoke: Promise<void>
  /** Lets it begin, where it waits for that. */
  start(): void
  /** Ends it at once, as the system does when memory is short. */
  kill(): void
  /** All it said, once it has ended. Rejects when it ended by a failure of its own. */
  readonly lines: Promise<Line[]>
}

export function startChild(script: string, args: readonly (string | number)[]): Child {
  const child = spawn(process.execPath, [script, ...args.map(String)], { stdio: ['pipe', 'pipe', 'pipe'] })
  running.add(child)
  let said = ''
  let complained = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complained += text
  })
  child.stdin.on('error', () => undefined) // it may be dead already
  return {
    spoke: once(child.stdout, 'data').then(() => undefined),
    start: () => child.stdin.end('go\n'),
    kill: () => child.kill('SIGKILL'),
    lines: once(child, 'close').then(([code]) => {
      running.delete(child)
      if (complained !== '' || (code !== 0 && code !== null)) throw new Error(`child ended with ${code}: ${complained}`)
      return said
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line)
    }),
  }
}
