/**
 * JSON that a person has written, which may be anything.
 * @module
 */
import { decodeSession, SessionInvalidError } from 'storyart-sdk'

/** What a text holds, or what is wrong with it. */
export type UserJson = { ok: true; value: unknown } | { ok: false; problem: string }

/** Reads a text; the problem names line and column and never quotes the text, as the engine's own message would. */
export function userJson(text: string): UserJson {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, problem: problemOf(text) }
  }
}

/** The library knows how to say it, of whatever text. */
function problemOf(text: string): string {
  try {
    decodeSession(text, 'the text')
  } catch (error) {
    if (error instanceof SessionInvalidError) return error.issues[0]?.message ?? 'not JSON'
  }
  return 'not JSON'
}

/** Whether a value is an object and no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
