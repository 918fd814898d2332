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
  /** Takes the bar away, for good or to say something: it comes back with the next `add`. */
  stop(): void
}

const SILENT: Progress = { start() {}, add() {}, stop() {} }

/** A bar on stderr; a silent one for `--quiet` and where stderr is no terminal. `what` is counted, such as `sessions`. */
export function progressOf({ stderr }: Host, quiet: boolean | undefined, what: string): Progress {
  if (quiet || !stderr.isTTY) return SILENT
  // The program itself minds Ctrl-C.
  const ends = { stream: stderr, clearOnComplete: true, gracefulExit: false }
  let bar: SingleBar | undefined
  let all = 0
  let done = 0
  const show = (): void => {
    bar = new SingleBar({ ...ends, format: all > 0 ? `{bar} {value}/{total} ${what}` : `{value} ${what}` })
    bar.start(all, done)
  }
  return {
    start(total = 0) {
      ;[all, done] = [total, 0]
      show()
    },
    add(count) {
      done += count
      if (bar) bar.update(done)
      else show()
    },
    stop() {
      bar?.stop()
      bar = undefined
    },
  }
}
