/** Load on one server: autocannon at rising concurrency, and the memory of the server's process meanwhile. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import autocannon from 'autocannon'
import { fullEpisode } from '../fixtures/index.js'

export type Way = 'ours' | 'express'

export interface Scenario {
  name: string
  method: 'GET' | 'POST'
  path: string
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'save', method: 'POST', path: '/api/v1/session/save' },
  { name: 'latest', method: 'GET', path: '/api/v1/session/latest' },
  { name: 'list, whole', method: 'GET', path: '/api/v1/session/list' },
  { name: 'list, titles', method: 'GET', path: '/api/v1/session/list?view=summary' },
]

export interface Measured {
  scenario: string
  way: Way
  connections: number
  requests: number
  perSecond: number
  p50Ms: number
  p99Ms: number
  megabytesPerSecond: number
  /** Processor time of the server for one request, on all its threads: the figure that other load does not spoil. */
  cpuMs: number
  /** The most memory the process had, in MB. */
  peakMb: number
  /** Errors, timeouts and answers other than 2xx. */
  lost: number
}

export interface Loaded {
  /** For some seconds, or for a number of requests. */
  measure(scenario: Scenario, connections: number, extent: { duration: number } | { amount: number }): Promise<Measured>
  stop(): Promise<void>
}

/** A session of about 850 KB, without a timestamp: every save is a new version. */
export const { timestamp: _, ...session } = fullEpisode()

/** Starts one server in a process of its own, so that its memory is its own. */
export async function startLoaded(way: Way, redisUrl: string): Promise<Loaded> {
  const child: ChildProcess = fork('test/load/serve.ts', [way, redisUrl], { execArgv: ['--import', 'tsx'] })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const used = async (): Promise<{ peak: number; cpuMs: number }> => {
    child.send('used')
    const [answer] = (await once(child, 'message')) as [{ peak: number; cpuMs: number }]
    return answer
  }
  const body = JSON.stringify(session)
  return {
    async measure(scenario, connections, extent) {
      const before = await used() // the peak begins anew
      const isSave = scenario.method === 'POST'
      const result = await autocannon({
        url: `http://127.0.0.1:${port}${scenario.path}`,
        method: scenario.method,
        connections,
        ...extent,
        timeout: 60,
        ...(isSave && { body, headers: { 'content-type': 'application/json' } }),
      })
      const after = await used()
      return {
        scenario: scenario.name,
        way,
        connections,
        requests: result.requests.total,
        perSecond: result.requests.average,
        p50Ms: result.latency.p50,
        p99Ms: result.latency.p99,
        megabytesPerSecond: Math.round(result.throughput.average / 1e5) / 10,
        cpuMs: Math.round(((after.cpuMs - before.cpuMs) / Math.max(1, result.requests.total)) * 10) / 10,
        peakMb: Math.round(after.peak / 2 ** 20),
        lost: result.errors + result.timeouts + result.non2xx,
      }
    },
    async stop() {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}
