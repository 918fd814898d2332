/** `npm run bench:load`: save, latest and list of 850 KB sessions until saturation, beside StoryArt's way. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { startRedis } from '../redis/server.js'
import { type Measured, SCENARIOS, type Scenario, session, startLoaded } from './measure.js'

const RESULTS = 'test/bench/results'
const SECONDS = 4
const extent = { duration: SECONDS }
const CONNECTIONS = [1, 4, 16, 64]
/** Sessions in the store while it is read: whole they are a list of 17 MB. */
const STORED = 20
/** More connections that bring less than this share more are saturation. */
const GAIN = 1.05
const MAX_PEAK_MB = 2048

const redis = await startRedis(['--maxmemory', '2gb', '--maxmemory-policy', 'volatile-ttl'])
const client = new Redis(redis.url)
const rows: Measured[] = []
try {
  for (const scenario of SCENARIOS) await compare(scenario)
} finally {
  client.disconnect()
  await redis.stop()
}
console.log(
  `node ${process.version}, session of ${JSON.stringify(session).length} bytes, ${STORED} stored, ${SECONDS} s each`,
)
console.table(rows)
mkdirSync(RESULTS, { recursive: true })
writeFileSync(`${RESULTS}/load.json`, `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`)
const lost = rows.filter((row) => row.lost > 0)
const large = rows.filter((row) => row.way === 'ours' && row.peakMb > MAX_PEAK_MB)
for (const row of [...lost, ...large]) console.error(`NOT HELD: ${JSON.stringify(row)}`)
process.exitCode = lost.length + large.length > 0 ? 1 : 0

/** Both ways in turn at each step, so that what else the machine does hits both. */
async function compare(scenario: Scenario): Promise<void> {
  await redis.flush()
  if (scenario.method === 'GET') await fill()
  const [theirs, ours] = await Promise.all([startLoaded('express', redis.url), startLoaded('ours', redis.url)])
  try {
    let best = 0
    for (const connections of CONNECTIONS) {
      rows.push({ ...(await theirs.measure(theirsOf(scenario), connections, extent)), scenario: scenario.name })
      const before = await client.zcard('storyart:sessions:index')
      const row = await ours.measure(scenario, connections, extent)
      rows.push(row)
      const added = (await client.zcard('storyart:sessions:index')) - before
      if (scenario.method === 'POST' && added < row.requests) {
        throw new Error(`${row.requests} saves were acknowledged, ${added} versions came into the list`)
      }
      if (row.perSecond < best * GAIN) return
      best = Math.max(best, row.perSecond)
    }
  } finally {
    await theirs.stop()
    await ours.stop()
  }
}

/** StoryArt's server has no list of titles: it lists whole sessions, and its client picks the titles. */
function theirsOf(scenario: Scenario): Scenario {
  return { ...scenario, path: scenario.path.replace('?view=summary', '') }
}

async function fill(): Promise<void> {
  for (let version = 1; version <= STORED; version++) {
    const key = `storyart:session:${version}`
    await client.setex(key, 604_800, JSON.stringify({ ...session, timestamp: version }))
    await client.zadd('storyart:sessions:index', version, key)
  }
}
