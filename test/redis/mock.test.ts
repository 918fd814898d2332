import { randomUUID } from 'node:crypto'
import RedisMock from 'ioredis-mock'
import { describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis-adapter.js'
import { conformanceCases, runConformance } from '../../src/testing/index.js'
import { deadClient } from './harness.js'
import { freePort } from './server.js'

/** ioredis-mock 8 runs Lua, but its `redis` has no `sha1hex`: whatever compares a revision cannot work there. */
const COMPARES_A_REVISION = [
  'a revision stores over exactly that text',
  'another revision refuses and leaves the session as it was',
  'a revision used once is used up',
  'a revision tells texts apart that differ in one character',
  'a revision is that of the text as it was put, whatever is in it',
  'of 20 writers expecting one revision at once exactly one stores',
  'writers that retry on "changed" lose no update',
  '"keep" with a condition keeps the remaining life',
  'a conditional put sets or ends the life like any other',
  'gives a summary to the document it was made from',
  'does nothing to a document that changed',
  'leaves the life as it is',
  'conditions hold across adapters',
]

/** Its XRANGE begins at no entry but the first, and its pipelines have no `eval`. */
const WATCHES = [
  'every write is told by another mark, or by the record of changes',
  'pages of marks hold every living session, and one may be asked for alone',
]

describe.concurrent('redisAdapter keeps the promises of an adapter on ioredis-mock', () => {
  const plan = runConformance(
    it,
    () => {
      const host = randomUUID() // instances of one host share their data
      return {
        open: async () => redisAdapter({ client: new RedisMock({ host }) }),
        reopen: async () => redisAdapter({ client: new RedisMock({ host }) }),
        unreachable: async () => redisAdapter({ client: deadClient(await freePort()) }),
        elapse: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        tickMs: 150,
      }
    },
    {
      skip: [
        ...COMPARES_A_REVISION.map((name) => ({ name, reason: 'the mock has no redis.sha1hex' })),
        ...WATCHES.map((name) => ({ name, reason: 'the mock has neither XRANGE nor eval as a server has them' })),
      ],
    },
  )

  it('but for those that compare a revision, and two about watching', () => {
    const skipped = COMPARES_A_REVISION.length + WATCHES.length
    expect(plan.skipped.length).toBe(skipped)
    expect(plan.registered.length).toBe(conformanceCases.length - skipped)
  })
})
