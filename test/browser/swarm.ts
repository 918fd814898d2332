/** The double of SwarmUI for tests in a browser. Commands of vitest, so they run in Node. */
import type { BrowserCommand } from 'vitest/node'
import { SwarmDouble } from '../swarmui/double/server.js'

const doubles = new Map<string, SwarmDouble>()

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** Starts a double that allows this origin, and tells where it is. The first picture meets a broken connection. */
    startSwarm(origin: string): Promise<string>
    /** Stops a double, and tells how many pictures it painted and what it was told, in order. */
    stopSwarm(url: string): Promise<{ painted: number; log: string[] }>
  }
}

export const startSwarm: BrowserCommand<[origin: string]> = async (_, origin) => {
  const double = await SwarmDouble.start({ cors: origin, stepMs: 5 })
  double.failImage(0, { kind: 'drop', when: 'live' })
  double.failImage(3, { kind: 'hold' })
  doubles.set(double.url, double)
  return double.url
}

export const stopSwarm: BrowserCommand<[url: string]> = async (_, url) => {
  const double = doubles.get(url)
  if (!double) throw new Error(`there is no double at ${url}`)
  doubles.delete(url)
  const { painted, log } = double
  await double[Symbol.asyncDispose]()
  return { painted: painted.length, log }
}
