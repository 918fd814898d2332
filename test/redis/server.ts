/**
 * Real Redis servers for tests: one process each on a free loopback port, gone at the end.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A running server. */
export interface RedisServer {
  port: number
  /** `redis://127.0.0.1:port`, without a password. */
  url: string
  /** Removes all keys. */
  flush(): Promise<void>
  /** Stops the process in its tracks: connections stay open and get no answer. */
  freeze(): void
  /** Lets a frozen process go on. */
  thaw(): void
  /** Ends the process at once. */
  kill(): Promise<void>
  /** Brings the server back on the same port, with what it has kept on disk. `more` are further words of the command line. */
  start(more?: readonly string[]): Promise<void>
  /** Removes all it has kept on disk. */
  forget(): void
  /** Ends the process and removes its folder. */
  stop(): Promise<void>
}

/** Ends a process as soon as this one is gone, however that comes: the other end of its standard input closes then. */
function watch(pid: number): () => void {
  const watchdog = spawn('sh', ['-c', `read _; kill -9 ${pid}`], { stdio: ['pipe', 'ignore', 'ignore'] })
  watchdog.unref()
  return () => void watchdog.kill('SIGKILL')
}

/** What else can be said about a server. */
export interface ServerOptions {
  /** The program; it must understand what redis-server does. Default: `redis-server`. */
  command?: string
  /** Lines of a configuration file, which the server may write to. Default: no file. */
  config?: readonly string[]
}

/** Starts a server that keeps nothing on disk, unless told so by `args`, further words of the command line. */
export async function startRedis(
  args: readonly string[] = [],
  { command = 'redis-server', config }: ServerOptions = {},
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'storyart-redis-'))
  let port = await freePort()
  let child: ChildProcess | undefined
  let unwatch: (() => void) | undefined

  const kill = async (): Promise<void> => {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    unwatch?.()
  }
  const start = async (more: readonly string[] = []): Promise<void> => {
    const base = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
    const file = join(folder, 'server.conf')
    if (config) writeFileSync(file, config.join('\n'))
    child = spawn(command, [...(config ? [file] : []), ...base, ...args, ...more], { stdio: 'ignore' })
    if (child.pid !== undefined) unwatch = watch(child.pid)
    await answer(port, child, command)
  }

  // Somebody else may have taken the port since it was found free.
  await start().catch(async () => {
    await kill()
    port = await freePort()
    await start()
  })
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    async flush() {
      await ask(port, 'FLUSHALL')
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    kill,
    start,
    forget() {
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
    },
    async stop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Below the ports that systems give to outgoing connections. Each process begins elsewhere and takes none twice, so that
 * a port that was found free stays free until it is used, and one that is meant to be dead stays dead.
 */
function* candidates(): Generator<number, never> {
  for (let taken = 0; ; taken++) yield 10_000 + ((process.pid * 101 + taken) % 20_000)
}

const ports = candidates()

/** A port of the loopback interface where nobody listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = ports.next().value
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

/** One inline command over a connection of its own; resolves with what comes back first. */
export function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let reply = ''
    socket.once('error', reject)
    socket.once('data', (data) => {
      reply = data.toString('latin1')
      socket.destroy()
    })
    socket.once('close', () => resolve(reply))
    socket.write(`${command}\r\n`)
  })
}

/** Waits until it is this server that answers; asking for a password is an answer, too. */
async function answer(port: number, child: ChildProcess, command: string): Promise<void> {
  let failure: unknown
  child.once('error', (error) => {
    failure = new Error(`${command} cannot be started: install the system package ${command}`, { cause: error })
  })
  for (;;) {
    const reply = await ask(port, 'INFO server').catch(() => '')
    const pid = /^process_id:(\d+)/m.exec(reply)?.[1]
    if (pid === String(child.pid) || reply.startsWith('-NOAUTH')) return
    if (failure) throw failure
    const end = child.exitCode ?? child.signalCode
    if (end !== null) throw new Error(`${command} ended with ${end} before it answered`)
    if (pid !== undefined) throw new Error(`somebody else answers where ${command} should`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
