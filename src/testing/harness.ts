/**
 * What the conformance cases need to know about a backend. Types only.
 * @module
 */

import type { SessionAdapter } from '../adapters/adapter.js'

/**
 * One empty store and the ways into it, made anew for every case by the author of an adapter.
 *
 * A case that needs an optional member which is missing fails: skip it, with the reason, where that is right.
 */
export interface ConformanceHarness {
  /** Opens the adapter under test on this harness's store, which nobody has written to. Called once. */
  open(): Promise<SessionAdapter>
  /**
   * Opens another adapter on the same store, as another process or tab would: what one writes the other reads, and
   * closing one leaves the other open. Leave it out where a store dies with its adapter.
   */
  reopen?(): Promise<SessionAdapter>
  /** Opens an adapter whose backend does not answer: a dead port, a storage that throws. */
  unreachable?(): Promise<SessionAdapter>
  /** Lets this much time pass for the backend, in ms: moves an injected clock, or waits. */
  elapse(ms: number): Promise<void>
  /**
   * The unit of lives in the cases, in ms: a few calls must fit into it, and it must not be finer than the backend's
   * own unit of time. Default: 1000, right for an injected clock; 100 to 250 suits a real one.
   */
  tickMs?: number
  /** How long word of a change may take, in ms of real time. Default: 2000. */
  patienceMs?: number
  /**
   * Makes a document the backend takes out of any JSON text, for backends that check documents. The cases expect it
   * back exactly; it must hold the given text unchanged. Default: the text itself.
   */
  document?(json: string): string
  /** Releases what the harness holds. The adapters are closed by then. Called once by {@link runConformance}. */
  dispose?(): Promise<void>
}

/** One promise of the adapter interface, and how to hold an adapter to it. */
export interface ConformanceCase {
  /** What is promised; unique among all cases. */
  readonly name: string
  /** The group of promises it belongs to, such as `ttl`. */
  readonly topic: string
  /**
   * Resolves when the adapter keeps the promise, rejects with an `Error` that says what was expected and what came
   * when it does not. Closes the adapters it opened; disposing of the harness is the caller's.
   */
  run(harness: ConformanceHarness): Promise<void>
}
