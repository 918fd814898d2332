/** The handler as built, bundled for other runtimes and run there. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { freePort } from '../redis/server.js'

export interface Running {
  url: string
  stop(): Promise<void>
}

/** As in the guide, with the library's own names resolved to `dist`, as any bundler for the web does. */
const HANDLER = `
import { memoryAdapter, SessionStore } from 'storyart-sdk'
import { createSessionHandler } from 'storyart-sdk/server'
const handler = createSessionHandler(new SessionStore({ adapter: memoryAdapter() }))
`

const WORKER = `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [(name = "main", esModule = embed "main.mjs")], compatibilityDate = "2025-01-01"))],
  sockets = [(name = "http", address = "127.0.0.1:PORT", http = (), service = "main")],
);
`

const RUNTIMES = {
  deno: {
    version: 'deno@2',
    end: `Deno.serve({ port: PORT, hostname: '127.0.0.1', onListen() {} }, handler)`,
    words: ['deno', 'run', '--no-config', '--no-lock', '--allow-net=127.0.0.1'],
    file: 'main.mjs',
  },
  bun: {
    version: 'bun@1',
    end: `Bun.serve({ port: PORT, hostname: '127.0.0.1', fetch: handler })`,
    words: ['bun', 'run'],
    file: 'main.mjs',
  },
  workerd: {
    version: 'workerd@1',
    end: 'export default { fetch: handler }',
    words: ['workerd', 'serve'],
    file: 'config.capnp',
  },
} as const

/** Starts a runtime with the handler on a free port of the loopback interface, and waits until it answers. */
export async function startRuntime(name: keyof typeof RUNTIMES): Promise<Running> {
  const { version, end, words, file } = RUNTIMES[name]
  const folder = mkdtempSync(join(tmpdir(), `storyart-${name}-`))
  const port = await freePort()
  await build({
    stdin: { contents: `${HANDLER}${end.replace('PORT', String(port))}`, resolveDir: process.cwd() },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    outfile: join(folder, 'main.mjs'),
    logLevel: 'error',
  })
  writeFileSync(join(folder, 'config.capnp'), WORKER.replace('PORT', String(port)))
  // npx starts the runtime below itself: both are one group, which is ended as one.
  const child = spawn('npx', ['--yes', '--prefer-offline', '-p', version, ...words, join(folder, file)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const url = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => {
    const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    if (gone && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    await gone
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await answers(url, child, () => errors)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, stop }
}

async function answers(url: string, child: ChildProcess, errors: () => string): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the runtime ended with ${child.exitCode}: ${errors()}`)
    const response = await fetch(`${url}/health`).catch(() => null)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
