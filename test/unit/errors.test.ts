import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  AdapterError,
  isStoryArtError,
  SessionConflictError,
  SessionInvalidError,
  StoryArtError,
} from '../../src/errors.js'

describe('errors', () => {
  it('are told from all others, also across copies of the package', () => {
    const brand = Symbol.for('storyart-sdk.error')
    expect(isStoryArtError(new StoryArtError('CLOSED', 'closed'))).toBe(true)
    expect(isStoryArtError(Object.assign(new Error('copy'), { [brand]: true }))).toBe(true)
    for (const other of [new Error('x'), null, undefined, 'CLOSED', { code: 'CLOSED' }, { [brand]: 'yes' }]) {
      expect(isStoryArtError(other)).toBe(false)
    }
  })

  it('carry what they promise', () => {
    const cause = new Error('socket')
    const adapter = new AdapterError('ADAPTER_FAILED', 'm', { adapter: 'redis', operation: 'get', cause })
    expect(adapter).toMatchObject({
      name: 'AdapterError',
      code: 'ADAPTER_FAILED',
      adapter: 'redis',
      operation: 'get',
      cause,
    })
    expect(new SessionConflictError('m', 5, 'changed')).toMatchObject({
      name: 'SessionConflictError',
      code: 'SESSION_CONFLICT',
      timestamp: 5,
      reason: 'changed',
    })
    const issues = [{ path: 'a', message: 'b' }]
    expect(new SessionInvalidError('m', issues)).toMatchObject({
      name: 'SessionInvalidError',
      code: 'SESSION_INVALID',
      issues,
    })
  })

  it('have a cause only when given one', () => {
    expect(Object.hasOwn(new StoryArtError('CLOSED', 'm'), 'cause')).toBe(false)
    expect(Object.hasOwn(new AdapterError('ADAPTER_FAILED', 'm', { adapter: 'a', operation: 'b' }), 'cause')).toBe(
      false,
    )
    expect(Object.hasOwn(new StoryArtError('CLOSED', 'm', { cause: undefined }), 'cause')).toBe(true)
  })

  it('are all in docs/errors.md, and no other is', () => {
    const union = /type StoryArtErrorCode =([\s\S]*?)\n\n/.exec(readFileSync('src/errors.ts', 'utf8'))?.[1] ?? ''
    const codes = [...union.matchAll(/'([A-Z_]+)'/g)].map((match) => match[1])
    const rows = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1])
    expect(codes.length).toBeGreaterThanOrEqual(8)
    expect(rows).toEqual(codes)
  })
})
