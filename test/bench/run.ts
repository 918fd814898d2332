/** `npm run bench`: every promise of speed beside the hand-written way, as a table and as JSON. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { Redis } from 'ioredis'
import type { Session } from 'storyart-sdk'
import { fullEpisode } from '../fixtures/index.js'
import { startRedis } from '../redis/server.js'
import { linearRows } from './linear-rows.js'
import type { Comparison } from './measure.js'
import { pureRows } from './pure-rows.js'
import { redisRows } from './redis-rows.js'
import { scaleRows } from './scale-rows.js'

const RESULTS = 'test/bench/results'

function print(rows: Comparison[]): void {
  console.table(
    rows.map((row) => ({
      promise: row.promise,
      ours: row.ours,
      'by hand': row.theirs,
      'ours ms': Number(row.oursMs.toFixed(3)),
      'by hand ms': Number(row.theirsMs.toFixed(3)),
      ratio: Number(row.ratio.toFixed(2)),
      limit: row.limit,
      held: row.held ? 'yes' : 'NO',
    })),
  )
}

// As the store hands them out: strings put together by a generator are laid out otherwise and slower to read.
const session: Session = JSON.parse(JSON.stringify(fullEpisode()))
const large: Session = JSON.parse(JSON.stringify(fullEpisode({ beats: 4228 })))
const sizeBytes = Buffer.byteLength(JSON.stringify(session))
console.log(`node ${process.version}, ${cpus()[0]?.model ?? 'unknown cpu'}, session of ${sizeBytes} bytes, medians`)

const redis = await startRedis()
const client = new Redis(redis.url)
try {
  const scale = await scaleRows(client, redis.port)
  const rows = [
    ...(await redisRows(client, session)),
    ...scale.rows,
    ...(await pureRows(session, large)),
    ...(await linearRows()),
  ]
  print(rows)
  for (const note of scale.notes) console.log(note)
  mkdirSync(RESULTS, { recursive: true })
  writeFileSync(
    `${RESULTS}/bench.json`,
    `${JSON.stringify({ node: process.version, sizeBytes, rows, notes: scale.notes }, null, 2)}\n`,
  )
  console.log(`written to ${RESULTS}/bench.json`)
} finally {
  client.disconnect()
  await redis.stop()
}
