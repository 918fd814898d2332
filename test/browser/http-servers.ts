/** Session servers for tests in a browser, on other origins than the page. Commands of vitest, so they run in Node. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { BrowserCommand } from 'vitest/node'
import { memoryAdapter, SessionStore } from '../../src/index.js'
import { createSessionHandler, type Listening, listen } from '../../src/server/index.js'
import { freePort } from '../redis/server.js'

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** Starts an empty server that lets the pages of one origin in, and tells where it is. */
    startSessionServer(origin: string): Promise<string>
    /** An address where nobody listens. */
    deadAddress(): Promise<string>
    /** Lets time pass for the sessions of all servers, in ms. */
    elapse(ms: number): Promise<void>
    /** What two programs that know nothing of this library read of a session: its script by curl and by Python. */
    readElsewhere(url: string, timestamp: number): Promise<{ curl: string; python: string }>
    /** Ends all servers. */
    stopSessionServers(): Promise<void>
  }
}

const running: Listening[] = []
const clock = { now: 1_770_000_000_000 }

export const startSessionServer: BrowserCommand<[string]> = async (_, origin) => {
  const store = new SessionStore({ adapter: memoryAdapter({ now: () => clock.now }), deadlineMs: 20_000 })
  const live = await listen(createSessionHandler(store, { cors: { origins: [origin] } }), { port: 0 })
  running.push(live)
  return live.url
}

export const deadAddress: BrowserCommand<[]> = async () => `http://127.0.0.1:${await freePort()}`

export const elapse: BrowserCommand<[number]> = async (_, ms) => {
  clock.now += ms
}

const PYTHON = `
import json, sys, urllib.request
with urllib.request.urlopen(sys.argv[1]) as response:
    print(json.load(response)["data"]["scriptText"])
`

export const readElsewhere: BrowserCommand<[string, number]> = async (_, url, timestamp) => {
  const address = `${url}/api/v1/session/${timestamp}`
  const run = promisify(execFile)
  const { stdout: curl } = await run('curl', ['--silent', '--fail', address])
  const { stdout: python } = await run('python3', ['-c', PYTHON, address])
  return { curl, python }
}

export const stopSessionServers: BrowserCommand<[]> = async () => {
  await Promise.all(running.splice(0).map((live) => live.close({ graceMs: 0 })))
}
