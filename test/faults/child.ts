/** A process of its own with a store of its own. */
import { writeSync } from 'node:fs'
import { fileAdapter } from '../../src/adapters/file.js'
import { redisAdapter } from '../../src/adapters/redis.js'
import type { Session } from '../../src/schema/index.js'
import { SessionStore } from '../../src/store/index.js'

const [place = '', mode = '', number = ''] = process.argv.slice(2)
const FROZEN = 1_770_000_000_000
const adapter = place.startsWith('redis:') ? redisAdapter({ url: place }) : fileAdapter(place)
const store = new SessionStore({ adapter, deadlineMs: 60_000, ...(mode === 'save' && { now: () => FROZEN }) })

function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

const countUp = (session: Session): Session =>
  ({ ...session, steps: ((session as { steps?: number }).steps ?? 0) + 1 }) as Session

await store.health() // so that all have a connection when they begin
say({ ready: true })
await new Promise((resolve) => process.stdin.once('data', resolve))
process.stdin.pause()
if (mode === 'update') {
  let done = 0
  while (done < Number(number)) if (await store.update(FROZEN, countUp, { attempts: 100_000 })) done++
  say({ done })
} else {
  const saved: number[] = []
  for (let i = 0; i < Number(number); i++)
    saved.push((await store.save({ scriptText: `${process.pid} ${i}` })).timestamp)
  say({ saved })
}
await store.close()
