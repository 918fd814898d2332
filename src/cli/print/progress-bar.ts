/**
 * A bar at the terminal for what takes long.
 * @module
 */
import { SingleBar } from 'cli-progress'
import type { Host } from '../host.js'

/** How far a long work is. */
export interface Progress {
  /** Begins; `total` is how much there is to do, if that is known. */
  start(total?: number): void
  /** So much more is done. */
  add(count: number): void
  /** What to say behind the counts from now on, such as how long the rest will take. */
  note(words: string): void
  /** Takes the bar away, for good or to say something: it comes back with the next `add`. */
  stop(): void
}

const SILENT: Progress = { start() {}, add() {}, note() {}, stop() {} }

/** A bar on stderr; a silent one for `--quiet` and where stderr is no terminal. `what` is counted, such as `sessions`. */
export function progressOf({ stderr }: Host, quiet: boolean | undefined, what: string): Progress {
  if (quiet || !stderr.isTTY) return SILENT
  // The program itself minds Ctrl-C.
  const ends = { stream: stderr, clearOnComplete: true, gracefulExit: false }
  let bar: SingleBar | undefined
  let all = 0
  let done = 0
  let words = ''
  const show = (): void => {
    bar = new SingleBar({ ...ends, format: `${all > 0 ? '{bar} {value}/{total}' : '{value}'} ${what}{words}` })
    bar.start(all, done, { words })
  }
  return {
    start(total = 0) {
      ;[all, done] = [total, 0]
      show()
    },
    add(count) {
      done += count
      if (bar) bar.update(done, { words })
      else show()
    },
    note(said) {
      words = said === '' ? '' : `, ${said}`
      bar?.update(done, { words })
    },
    stop() {
      bar?.stop()
      bar = undefined
    },
  }
}
