// The main job, from a session file to the image queue. Run it with `npm run quickstart [-- my-session.json]`.
// Without REDIS_URL nothing is needed but this package; with it the session is kept in that Redis.
import { readFile } from 'node:fs/promises'
import {
  decodeSession,
  imageQueue,
  isStoryArtError,
  memoryAdapter,
  promptStatus,
  resolveAppearance,
  SessionStore,
  safeParseEpisodeContext,
  substituteTriggers,
  validateCompleteness,
} from 'storyart-sdk'

const FIRST_JOBS = 3
const SHOWN_BEATS = 3

const sample = new URL('sample-session.json', import.meta.url)
const file = process.argv[2] ?? sample
const store = new SessionStore({ adapter: await chooseAdapter() })
try {
  const session = decodeSession(await readFile(file, 'utf8'), `the file ${file}`)
  show(await saveAndReadBack(session))
} catch (error) {
  if (!isStoryArtError(error) && error.code !== 'ENOENT') throw error
  console.error(error.message)
  for (const issue of error.issues ?? []) console.error(`  ${issue.path || 'the document'}: ${issue.message}`)
  process.exitCode = 1
} finally {
  await store.close()
}

async function chooseAdapter() {
  if (!process.env.REDIS_URL) return memoryAdapter()
  const { redisAdapter } = await import('storyart-sdk/redis')
  return redisAdapter({ url: process.env.REDIS_URL })
}

async function saveAndReadBack(given) {
  // A version of its own: without the old timestamp it becomes the latest.
  const { timestamp: _, ...fresh } = given
  const saved = await store.save(fresh)
  const record = await store.latest()
  const page = await store.list({ from: saved.timestamp, before: saved.timestamp + 1 })
  heading('Stored')
  line('key', saved.sessionKey)
  line('storage', saved.storage)
  line('expires', page.sessions[0]?.expiresAt ?? 'never')
  line('size', `${page.sessions[0]?.sizeBytes} bytes`)
  line('revision', saved.revision)
  line('read back', record?.timestamp === saved.timestamp ? 'it is the latest' : 'a newer version is in this store')
  return (await store.get(saved.timestamp))?.session ?? given
}

function show(stored) {
  showVerdict(stored)
  showTriggers(stored)
  showQueue(stored)
}

function showVerdict(stored) {
  const { level, findings } = validateCompleteness(stored)
  const status = promptStatus(stored)
  heading('Validation')
  line('level', level)
  for (const finding of findings.slice(0, 5)) line(finding.severity, `${finding.path}: ${finding.message}`)
  if (findings.length > 5) line('', `and ${findings.length - 5} more`)
  heading('Prompts')
  line('ready', status.promptsReady ? 'yes' : 'no')
  line('beats', `${status.totalBeats}, of which ${status.wantedBeats} want a picture`)
  line('prompts', String(status.totalPrompts))
  for (const missing of status.missing.slice(0, 5)) line(missing.reason, missing.beatId)
}

/** The part of a prompt around a place; the whole takes several lines of a terminal. */
function around(text, place) {
  const [from, to] = [Math.max(0, place - 60), place + 80]
  return `${from > 0 ? '...' : ''}${text.slice(from, to)}${to < text.length ? '...' : ''}`
}

function showTriggers(stored) {
  heading('Triggers and overrides')
  const parsed = safeParseEpisodeContext(stored)
  if (!parsed.ok) return line('context', parsed.issues[0]?.message ?? 'cannot be read')
  const jobs = imageQueue(stored).map((job) => ({ job, result: substituteTriggers(job.prompt.prompt, parsed.context) }))
  const changed = jobs.filter(({ result }) => result.replaced.length > 0)
  const names = changed.flatMap(({ result }) => result.replaced.map((mention) => mention.text))
  const unclear = jobs.flatMap(({ result }) => result.ambiguous.map((mention) => mention.text))
  line('substituted', `${names.length} names in ${changed.length} of ${jobs.length} prompts: ${count(names)}`)
  line('ambiguous', unclear.length === 0 ? 'none' : count(unclear))
  // Where the writer was careful, few prompts hold a name: then beats follow that have their triggers already.
  const careful = jobs.filter(({ result }) => result.replaced.length === 0 && result.skipped.length > 0)
  for (const { job, result } of [...changed, ...careful].slice(0, SHOWN_BEATS)) {
    console.log(`\n  ${job.beatId}, ${job.format}`)
    const [first] = result.replaced
    line('before', around(job.prompt.prompt, (first ?? result.skipped[0])?.start ?? 0))
    line('after', first ? around(result.text, first.start) : 'the same: the trigger is there already')
    const character = (result.replaced[0] ?? result.skipped[0])?.character
    const look = resolveAppearance(parsed.context, { sceneNumber: job.sceneNumber ?? 0, character: character ?? '' })
    line('override', look.override ? `${look.override.value} (${look.override.source})` : 'none in this scene')
    line('LORA weight', String(look.loraWeight.value))
  }
}

function showQueue(stored) {
  const jobs = imageQueue(stored)
  heading(`Image queue: ${jobs.length} jobs`)
  const rows = new Map()
  for (const job of jobs) {
    const name = `${job.sceneNumber}|${job.sceneTitle}|${job.format}`
    const row = rows.get(name) ?? { scene: job.sceneNumber, title: job.sceneTitle, format: job.format, jobs: 0 }
    row.jobs += 1
    rows.set(name, row)
  }
  if (rows.size > 0) console.table([...rows.values()])
  for (const job of jobs.slice(0, FIRST_JOBS)) console.log(job)
}

function count(values) {
  const counts = new Map()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].map(([value, times]) => (times === 1 ? value : `${value} x${times}`)).join(', ')
}

function heading(text) {
  console.log(`\n${text}\n${'-'.repeat(text.length)}`)
}

function line(label, text) {
  console.log(`  ${label.padEnd(12)}${text}`)
}
