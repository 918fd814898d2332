/** One server in a process of its own: `serve.ts ours|express REDIS_URL`. Says its port, and its memory when asked. */
import type { AddressInfo } from 'node:net'
import { Redis } from 'ioredis'
import { redisAdapter } from '../../src/adapters/redis.js'
import { SessionStore } from '../../src/index.js'
import { createSessionHandler, listen } from '../../src/server/index.js'
import { expressServer } from './express-server.js'

const [, , which, url = ''] = process.argv
const client = new Redis(url)

async function start(): Promise<number> {
  if (which === 'express') return ((await expressServer(client)).address() as AddressInfo).port
  // Under saturation a call waits for its turn; that is load, and no storage that is away.
  const store = new SessionStore({ adapter: redisAdapter({ client }), deadlineMs: 60_000 })
  return (await listen(createSessionHandler(store), { port: 0 })).port
}

let peak = 0
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss)
}, 20).unref()

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ peak, cpuMs: (user + system) / 1000 })
  peak = process.memoryUsage().rss
})
process.on('disconnect', () => process.exit())
process.send?.({ port: await start() })
