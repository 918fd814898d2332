/**
 * Several addresses of one server, asked in their order.
 * @module
 */
import { WIRE_PATHS } from '../wire.js'
import { isHealthAnswer } from '../wire-answers.js'
import { bodyOf, type HttpAnswer } from './http-answer.js'
import { type Exchange, exchange, type HttpRequest } from './http-exchange.js'
import { HttpFailure, httpError, type Subject } from './http-failure.js'

/** Sends one request to the address whose turn it is. @internal */
export type Send = (request: HttpRequest) => Promise<HttpAnswer>

/** What is to be done. @internal */
export interface Task extends Subject {
  /**
   * `true`: doing it twice is not doing it once. It then goes only to one address, one that has just answered; if that
   * one fails, nobody knows what happened, and another must not try.
   */
  readonly once?: boolean
  readonly signal: AbortSignal | undefined
}

/** @internal */
export class HttpLink {
  readonly #bases: readonly string[]
  readonly #exchange: Exchange

  constructor(bases: readonly string[], exchange: Exchange) {
    this.#bases = bases
    this.#exchange = exchange
  }

  /** Does the work at the first address that lets it be done. @throws {AdapterError} When none does. */
  async ask<T>(task: Task, work: (send: Send, base: string) => Promise<T>): Promise<T> {
    const bases = task.once && this.#bases.length > 1 ? [await this.#firstWell(task)] : this.#bases
    return this.#inOrder(bases, task, work)
  }

  async #firstWell(task: Task): Promise<string> {
    return this.#inOrder(this.#bases, task, async (send, base) => {
      bodyOf(await send({ method: 'GET', path: WIRE_PATHS.health }), isHealthAnswer)
      return base
    })
  }

  async #inOrder<T>(bases: readonly string[], task: Task, work: (send: Send, base: string) => Promise<T>): Promise<T> {
    const failures: { base: string; failure: HttpFailure }[] = []
    for (const base of bases) {
      try {
        return await work((request) => exchange(this.#exchange, base, request, task.signal), base)
      } catch (failure) {
        if (!(failure instanceof HttpFailure)) throw failure
        failures.push({ base, failure })
        if (!failure.passes) break
      }
    }
    throw httpError(task, failures)
  }
}
