/**
 * One request under way, and how its query is read.
 * @module
 */
import { StoryArtError } from '../errors.js'
import type { SessionStore } from '../store/index.js'
import type { Answer } from './answer.js'
import type { SessionHandlerOptions } from './options.js'

/** What an operation works with. @internal */
export interface Call {
  store: SessionStore
  request: Request
  query: URLSearchParams
  /** The version in the path; 0 where the route has none. */
  timestamp: number
  signal: AbortSignal
  /** Tells `onError` of a failure, and returns the id to name in the answer. */
  report(error: unknown): string
  options: SessionHandlerOptions
}

/** What a route does. @internal */
export type Operation = (call: Call) => Promise<Answer>

/** A whole number out of the query. @internal */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (/^-?[0-9]{1,16}$/.test(text)) return Number(text)
  throw new StoryArtError('INVALID_ARGUMENT', `${name} must be a whole number`)
}

/** One of some words out of the query. @internal */
export function oneOf<T extends string>(query: URLSearchParams, name: string, words: readonly T[]): T | undefined {
  const text = query.get(name)
  const word = words.find((one) => one === text)
  if (text !== null && word === undefined) {
    throw new StoryArtError('INVALID_ARGUMENT', `${name} must be ${words.join(' or ')}`)
  }
  return word
}
