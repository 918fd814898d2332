import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { onTestFinished } from 'vitest'
import type { RedisServer } from '../redis/server.js'

/** A database of a server: its address, and a client to look with, gone at the end of the test. */
export async function database(server: RedisServer, number = 0) {
  const client = new Redis(server.port, '127.0.0.1', { db: number })
  onTestFinished(() => client.disconnect())
  await client.flushdb()
  const address = `${server.url}/${number}`
  return { client, address, store: ['--store', address] }
}

/** The key of a session. */
export function keyOf(timestamp: number): string {
  return `storyart:session:${timestamp}`
}

/** The key of the index. */
export const INDEX = 'storyart:sessions:index'

/** Writes a session as StoryArt's own server does, for a life in ms or without an end. */
export async function storeAsServer(client: Redis, timestamp: number, raw: string, ttlMs?: number): Promise<void> {
  if (ttlMs === undefined) await client.set(keyOf(timestamp), raw)
  else await client.set(keyOf(timestamp), raw, 'PX', ttlMs)
  await client.zadd(INDEX, timestamp, keyOf(timestamp))
}

/**
 * An address of the server behind which somebody else writes, just before a certain command arrives for the first time.
 * Default: a write with a condition.
 */
export async function meddled(
  server: RedisServer,
  meddle: () => Promise<unknown>,
  command = /redis\.sha1hex/,
): Promise<string> {
  let isDone = false
  const sockets = new Set<Socket>()
  const proxy = createServer((from) => {
    const to = connect(server.port, '127.0.0.1')
    for (const socket of [from, to]) sockets.add(socket.on('error', () => undefined))
    to.pipe(from)
    let last: Promise<unknown> = Promise.resolve()
    from.on('data', (chunk) => {
      last = last.then(async () => {
        if (!isDone && command.test(chunk.toString('latin1'))) {
          isDone = true
          await meddle()
        }
        to.write(chunk)
      })
    })
    from.on('close', () => to.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })
  return `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}
