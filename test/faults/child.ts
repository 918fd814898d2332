/** A process of its own with a store of its own. */
import { writeSync } from 'node:fs'
import { fileAdapter } from '../../src/adapters/file.js'
import { redisAdapter } from '../../src/adapters/redis.js'
import type { Session } from '../../src/schema/index.js'
import { SessionStore } from '../../src/store/index.js'

const [place = '', mode = '', number = '', name = ''] = process.argv.slice(2)
const FROZEN = 1_770_000_000_000
const adapter = place.startsWith('redis:') ? redisAdapter({ url: place }) : fileAdapter(place)
const store = new SessionStore({ adapter, deadlineMs: 60_000, ...(mode === 'save' && { now: () => FROZEN }) })

function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

/** Counts up, and writes down who did. */
const countUp = (by: string, step: number) => (session: Session) => {
  const { steps = 0, log = [] } = session as { steps?: number; log?: string[] }
  return { ...session, steps: steps + 1, log: [...log, `${by} ${step}`] } as Session
}

await store.health() // so that all have a connection when they begin
say({ ready: true })
await new Promise((resolve) => process.stdin.once('data', resolve))
process.stdin.pause()
if (mode === 'update') {
  let done = 0
  // No more attempts than anybody has who says nothing.
  while (done < Number(number)) if (await store.update(FROZEN, countUp(name, done))) done++
  say({ done })
} else {
  const saved: number[] = []
  for (let i = 0; i < Number(number); i++)
    saved.push((await store.save({ scriptText: `${process.pid} ${i}` })).timestamp)
  say({ saved })
}
await store.close()
