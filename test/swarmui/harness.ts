/** A double with a client of it, and jobs to paint. */
import { WebSocket } from 'ws'
import type { ImageJob } from '../../src/prompt/queue/queue.js'
import { imageQueue } from '../../src/prompt/queue/queue.js'
import { SwarmUIClient } from '../../src/swarmui/client.js'
import type { SwarmUIClientOptions } from '../../src/swarmui/client-options.js'
import { SwarmDouble } from './double/server.js'
import type { DoubleOptions } from './double/state.js'

export interface Room extends AsyncDisposable {
  double: SwarmDouble
  client: SwarmUIClient
}

/** Short times, so that what takes minutes in life takes milliseconds here. */
export function clientOf(double: SwarmDouble, options: Partial<SwarmUIClientOptions> = {}): SwarmUIClient {
  return new SwarmUIClient({ baseUrl: double.url, WebSocket, pollMs: 5, recoverMs: 5_000, ...options })
}

export async function room(
  doubleOptions: DoubleOptions = {},
  clientOptions: Partial<SwarmUIClientOptions> = {},
): Promise<Room> {
  const double = await SwarmDouble.start(doubleOptions)
  const client = clientOf(double, clientOptions)
  return {
    double,
    client,
    [Symbol.asyncDispose]: async () => {
      await client.close()
      await double[Symbol.asyncDispose]()
    },
  }
}

/** Parameters of a small picture. */
export const SMALL = { prompt: 'a lighthouse at dusk', model: 'flux1-dev-fp8', width: 96, height: 64 }

/** Jobs of one scene, with small pictures. */
export function jobsOf(count: number, images = 1, change: object = {}): ImageJob[] {
  const beats = Array.from({ length: count }, (_, n) => ({
    beatId: `s1-b${n + 1}`,
    prompts: { cinematic: { ...SMALL, prompt: `a lighthouse, hour ${n + 1}`, seed: 1000 * (n + 1), ...change } },
  }))
  return imageQueue({ analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] } }, { images })
}

/** Waits without taking time, but lets all else go on. */
export async function soon(_ms: number, signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal?.throwIfAborted()
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
