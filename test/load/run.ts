/** `npm run bench:load`: save, latest and list of 850 KB sessions until saturation, beside StoryArt's way. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { startRedis } from '../redis/server.js'
import { type Measured, SCENARIOS, session, startLoaded, type Way } from './measure.js'

const RESULTS = 'test/bench/results'
const SECONDS = 4
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
  for (const scenario of SCENARIOS) {
    for (const way of ['express', 'ours'] satisfies Way[]) {
      // StoryArt's server has no list of titles: it lists whole sessions, and its client picks the titles.
      const asked = way === 'express' && scenario.name === 'list, titles' ? SCENARIOS[2] : scenario
      if (!asked) continue
      await redis.flush()
      if (scenario.method === 'GET') await fill()
      const server = await startLoaded(way, redis.url)
      try {
        let best = 0
        for (const connections of CONNECTIONS) {
          const row = { ...(await server.measure(asked, connections, { duration: SECONDS })), scenario: scenario.name }
          rows.push(row)
          if (row.perSecond < best * GAIN) break
          best = Math.max(best, row.perSecond)
        }
      } finally {
        await server.stop()
      }
      if (scenario.method === 'POST') await nothingLost(way)
    }
  }
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

async function fill(): Promise<void> {
  for (let version = 1; version <= STORED; version++) {
    const key = `storyart:session:${version}`
    await client.setex(key, 604_800, JSON.stringify({ ...session, timestamp: version }))
    await client.zadd('storyart:sessions:index', version, key)
  }
}

/** As many versions are listed as saves were acknowledged; StoryArt's way gives one millisecond to several. */
async function nothingLost(way: Way): Promise<void> {
  const acknowledged = rows
    .filter((row) => row.scenario === 'save' && row.way === way)
    .reduce((sum, row) => sum + row.requests, 0)
  const listed = await client.zcard('storyart:sessions:index')
  console.log(`${way}: ${acknowledged} saves acknowledged, ${listed} versions listed`)
  if (way === 'ours' && listed < acknowledged) throw new Error('an acknowledged save is not listed')
}
