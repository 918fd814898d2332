import type { Cluster as Cluster5, Redis as Redis5 } from 'ioredis'
import type { Cluster as Cluster6, Redis as Redis6 } from 'ioredis6'
import { expectTypeOf, it } from 'vitest'
import type { IoredisClient } from '../../src/adapters/redis-client.js'

it('takes the clients of both majors as they are', () => {
  expectTypeOf<Redis5>().toExtend<IoredisClient>()
  expectTypeOf<Cluster5>().toExtend<IoredisClient>()
  expectTypeOf<Redis6>().toExtend<IoredisClient>()
  expectTypeOf<Cluster6>().toExtend<IoredisClient>()
})
