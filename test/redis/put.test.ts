/** Word of what was stored: only the right answers count as that. */
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis-adapter.js'
import { type RedisServer, startRedis } from './server.js'

const ID = 1_770_000_000_000

let server: RedisServer
let redis: Redis

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.port, '127.0.0.1')
})

beforeEach(() => server.flush())

afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

/** A client to which one command is answered with something else, as on a line that lost or changed a byte. */
function misled(command: 'set' | 'zadd', reply: unknown): Redis {
  return new Proxy(redis, {
    get: (target, name) => (name === command ? async () => reply : Reflect.get(target, name)),
  })
}

it.each([
  ['set', 'absent', '$'],
  ['set', 'absent', 1],
  ['set', undefined, 'OOM command not allowed'],
  ['set', undefined, null],
  ['zadd', undefined, 'OK'],
] as const)('%s with `expect` %s, answered with %j', async (command, wanted, reply) => {
  const put = redisAdapter({ client: misled(command, reply) }).put(ID, '{}', { expect: wanted })
  await expect(put).rejects.toMatchObject({
    code: 'ADAPTER_FAILED',
    message: expect.stringContaining(`The server's reply is no ${command === 'set' ? 'OK' : 'number'}`),
  })
})
