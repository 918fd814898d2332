import { describe, expect, it } from 'vitest'
import {
  isEntryListAnswer,
  isErrorAnswer,
  isEventData,
  isHealthAnswer,
  isPutAnswer,
  isSaveAnswer,
  isSessionAnswer,
  isSessionListAnswer,
} from '../../src/wire-answers.js'

const saved = { success: true, message: 'm', sessionKey: 'k', storage: 'redis' }

/** For each guard what it takes, and the fields without which, or with another value in which, it does not. */
const GUARDS: [string, (value: unknown) => boolean, object, Record<string, unknown>][] = [
  ['isSaveAnswer', isSaveAnswer, saved, { success: false, message: 1, sessionKey: null, storage: [] }],
  [
    'isPutAnswer',
    isPutAnswer,
    { ...saved, timestamp: 5, savedAt: 'x', degraded: false },
    { success: 'true', timestamp: '5', savedAt: 5, degraded: 'no' },
  ],
  [
    'isSessionAnswer',
    isSessionAnswer,
    { success: true, data: {}, storage: 'redis' },
    { success: 1, data: [], storage: null },
  ],
  [
    'isSessionListAnswer',
    isSessionListAnswer,
    { success: true, sessions: [], count: 0 },
    { success: false, sessions: {}, count: -1 },
  ],
  [
    'isEntryListAnswer',
    isEntryListAnswer,
    {
      success: true,
      entries: [{ id: 5, summary: 's', sizeBytes: 1, ttlMs: null, storage: 'x', degraded: true }],
      expired: [1],
      next: 5,
      degraded: false,
    },
    { success: false, entries: [{ id: '5' }], expired: ['1'], next: 0.5, degraded: 1 },
  ],
  [
    'isHealthAnswer',
    isHealthAnswer,
    { success: true, status: 'healthy', redis: 'connected', memory: 'empty' },
    { success: 'yes', status: 1, redis: null, memory: {} },
  ],
  ['isEventData', isEventData, { type: 'saved', timestamp: 5 }, { type: 'made', timestamp: '5' }],
  [
    'isErrorAnswer',
    isErrorAnswer,
    { success: false, error: 'e', code: 'CLOSED', id: 'i', reason: 'exists', issues: [{ path: '', message: 'm' }] },
    { success: true, error: 1, code: 1, id: {}, reason: 1, issues: [{}] },
  ],
]

describe.each(GUARDS)('%s', (_, guard, good, wrong) => {
  it('takes its answer, with fields it does not know', () => {
    expect(guard(good)).toBe(true)
    expect(guard({ ...good, more: 1 })).toBe(true)
  })

  it('takes nothing with a wrong field, and nothing else', () => {
    for (const [field, value] of Object.entries(wrong)) {
      expect([field, guard({ ...good, [field]: value })]).toEqual([field, false])
    }
    for (const value of [null, undefined, [], 'text', 5, '<html>502</html>']) expect(guard(value)).toBe(false)
  })
})
