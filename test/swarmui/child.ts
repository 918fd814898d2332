/** A run in a process of its own, to be killed. Says which jobs are done with, one line each. */
import { writeSync } from 'node:fs'
import { WebSocket } from 'ws'
import { SwarmUIClient } from '../../src/swarmui/client.js'
import { generateImages } from '../../src/swarmui/generate-images.js'
import { directorySink } from '../../src/swarmui/node-directory.js'
import { jobsOf } from './harness.js'

const [baseUrl = '', directory = '', count = ''] = process.argv.slice(2)
const client = new SwarmUIClient({ baseUrl, WebSocket, pollMs: 5, recoverMs: 20_000 })
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms / 500))
const options = { client, out: directorySink(directory), concurrency: 4, attempts: 30, wait }

for await (const { job, status, error } of generateImages(jobsOf(Number(count)), options)) {
  writeSync(1, `${JSON.stringify({ job: job.key, status, error: error === null ? null : String(error) })}\n`)
}
await client.close()
