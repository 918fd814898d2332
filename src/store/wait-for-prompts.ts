/**
 * Waiting until a session has its prompts.
 * @module
 */
import type { SessionAdapter } from '../adapters/adapter.js'
import { withDeadline } from '../deadline.js'
import { SessionConflictError, TimeoutError } from '../errors.js'
import { promptStatus } from '../prompt/index.js'
import { isUnavailable } from './failure.js'
import { loadRecord } from './load.js'
import type { SessionRecord } from './record.js'
import type { Schedule } from './schedule.js'
import { lookAt, type Sight } from './watch-look.js'
import { rest } from './watch-rest.js'

/** What a wait works with. @internal */
export interface PromptsWait {
  adapter: SessionAdapter
  timestamp: number
  timeoutMs: number
  pollMs: number
  now: () => number
  schedule: Schedule
}

/** @internal */
export function waitForPrompts(wait: PromptsWait, signal: AbortSignal): Promise<SessionRecord> {
  const { timestamp, timeoutMs: ms, schedule } = wait
  const expired = (): TimeoutError =>
    new TimeoutError(
      `session ${timestamp} did not have all its prompts within ${ms} ms; wait longer, or look at promptStatus for what is missing`,
      ms,
    )
  return withDeadline((end) => untilReady(wait, end), { ms, schedule, signal, expired })
}

async function untilReady(
  { adapter, timestamp, pollMs, now, schedule }: PromptsWait,
  signal: AbortSignal,
): Promise<SessionRecord> {
  let word = true
  let wake = (): void => undefined
  // Listening first, then looking, then reading: whatever is written later is heard of, or has another mark.
  const unwatch = adapter.watch?.(({ id }) => {
    if (id !== timestamp) return
    word = true
    wake()
  })
  let seen: Sight | undefined
  let wasThere = false
  try {
    while (!signal.aborted) {
      const told: boolean = word
      let failed = false
      word = false
      try {
        const sight = await lookAt({ adapter, now, signal }, timestamp)
        if (told || sight.known?.hash !== seen?.known?.hash) {
          const record = await loadRecord(adapter, timestamp, signal)
          if (record && promptStatus(record.session).promptsReady) return record
          if (!record && wasThere) throw gone(timestamp)
          wasThere ||= record !== null
        }
        seen = sight
      } catch (error) {
        if (!seen || !isUnavailable(error)) throw error
        word ||= told
        failed = true
      }
      if (word && !failed) continue
      await rest(pollMs, schedule, signal, (end) => {
        wake = end
      })
    }
    throw signal.reason
  } finally {
    unwatch?.()
  }
}

function gone(timestamp: number): SessionConflictError {
  const what = `session ${timestamp} was deleted or has expired before it had all its prompts; save it again, and wait again`
  return new SessionConflictError(what, timestamp, 'missing')
}
