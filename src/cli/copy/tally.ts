/**
 * What became of many sessions, counted as they go by.
 * @module
 */
import { EXIT, type ExitCode } from '../exit-codes.js'
import type { Progress } from '../print/progress-bar.js'
import type { Tool } from '../tool.js'

/**
 * What became of one session. `same`: it was there with the same content, and stays. `kept`: it was there with another
 * content, and that stays.
 */
export type Outcome = 'written' | 'replaced' | 'same' | 'kept' | 'expired' | 'failed'

/** One session about which there is something to say. */
export interface Note {
  timestamp: number | null
  outcome: Outcome
  /** What a person should know of it; never a value of the document. */
  message: string
  /** The file it comes from. */
  file?: string
  /** The line of the file it stands in, from 1. */
  line?: number
}

const OUTCOMES: readonly Outcome[] = ['written', 'replaced', 'same', 'kept', 'expired', 'failed']

/** Counts outcomes, and says at once what a person should know. */
export class Tally {
  readonly #tool: Tool
  readonly #progress: Progress
  readonly #counts = new Map<Outcome, number>(OUTCOMES.map((outcome) => [outcome, 0]))
  readonly #notes: Note[] = []

  constructor(tool: Tool, progress: Progress) {
    this.#tool = tool
    this.#progress = progress
  }

  /** Counts one of which there is nothing to say. */
  count(outcome: Outcome): void {
    this.#counts.set(outcome, this.of(outcome) + 1)
    this.#progress.add(1)
  }

  /** Counts one, and says why. */
  note(note: Note): void {
    this.#notes.push(note)
    this.#progress.stop()
    this.#tool.talk(note.message)
    this.count(note.outcome)
  }

  /** How many of them had one of these outcomes. */
  of(...outcomes: Outcome[]): number {
    return outcomes.reduce((sum, outcome) => sum + (this.#counts.get(outcome) ?? 0), 0)
  }

  /** Ends the progress and prints what became of all of them, in one document or one line. */
  async print(dryRun = false): Promise<void> {
    this.#progress.stop()
    const counts = Object.fromEntries(this.#counts)
    await this.#tool.print.value({ dryRun, ...counts, notes: this.#notes }, () => {
      const words = OUTCOMES.filter((outcome) => outcome === 'written' || this.of(outcome) > 0)
      return `${dryRun ? 'dry run: ' : ''}${words.map((outcome) => `${this.of(outcome)} ${outcome}`).join(', ')}`
    })
  }

  /** The exit code as far as it depends on failures: `whenAllFailed` if nothing else happened. */
  exitCode(whenAllFailed: ExitCode): ExitCode {
    if (this.of('failed') === 0) return EXIT.done
    return this.of('written', 'replaced', 'same', 'kept', 'expired') > 0 ? EXIT.partial : whenAllFailed
  }
}
