import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSession, prepareSession } from '../../src/codec.js'
import { SessionInvalidError, StoryArtError } from '../../src/errors.js'
import { fullEpisode, guideSession, hostileSessions, hostileText, sampleSession } from '../fixtures/index.js'

const encode = (session: unknown, timestamp = 1704067200000): string => prepareSession(session, 'x').encode(timestamp)

/** What StoryArt's server stores: the session with the timestamp in its place. */
const asServer = (session: object, timestamp: number): string => JSON.stringify({ ...session, timestamp })

/** Any JSON object as a session: the names the schema knows are kept out of the top level. */
const document = fc
  .dictionary(
    fc.oneof(fc.string(), fc.constantFrom('timestamp', '__proto__', 'constructor', '7', 'toString')),
    fc.jsonValue(),
  )
  .map((extra) => {
    const { timestamp, ...rest } = extra
    const own = Object.entries(rest).filter(
      ([key]) => !/^(scriptText|episodeContext|storyUuid|analyzedEpisode|prompts?)$/.test(key),
    )
    const at = own.length >> 1
    if (timestamp !== undefined) own.splice(at, 0, ['timestamp', 5])
    return JSON.parse(
      `{${own.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`,
    ) as object
  })

describe('prepareSession', () => {
  it.each([
    ['last where there is none', '{"b":1,"a":2}', '{"b":1,"a":2,"timestamp":9}'],
    ['in its place, first', '{"timestamp":1,"b":1}', '{"timestamp":9,"b":1}'],
    ['in its place, between', '{"b":1,"timestamp":"x","a":2}', '{"b":1,"timestamp":9,"a":2}'],
    ['in its place, last', '{"b":1,"timestamp":null}', '{"b":1,"timestamp":9}'],
    ['alone', '{"timestamp":1}', '{"timestamp":9}'],
    ['into nothing', '{}', '{"timestamp":9}'],
    [
      'past one of the same name further in',
      '{"a":{"timestamp":1},"b":"\\"timestamp\\":2"}',
      '{"a":{"timestamp":1},"b":"\\"timestamp\\":2","timestamp":9}',
    ],
    ['after keys like numbers', '{"timestamp":1,"10":"b","9":"a"}', '{"9":"a","10":"b","timestamp":9}'],
    [
      'beside reserved names',
      '{"__proto__":{"x":1},"timestamp":1,"constructor":{"y":2},"toJSON":"z"}',
      '{"__proto__":{"x":1},"timestamp":9,"constructor":{"y":2},"toJSON":"z"}',
    ],
  ])('sets the timestamp %s', (_, given, stored) => {
    expect(encode(JSON.parse(given), 9)).toBe(stored)
    expect(asServer(JSON.parse(given), 9)).toBe(stored)
    expect(({} as { x?: number }).x).toBeUndefined()
  })

  it('leaves out fields that are undefined, the timestamp excepted', () => {
    expect(encode({ a: undefined, timestamp: undefined, b: { c: undefined } }, 9)).toBe('{"timestamp":9,"b":{}}')
  })

  it('hands back the session itself, and keeps no hold on it', () => {
    const session = sampleSession()
    const prepared = prepareSession(session, 'x')
    expect(prepared.session).toBe(session)
    const before = prepared.encode(5)
    session.scriptText = 'changed'
    expect(prepared.encode(5)).toBe(before)
    expect(prepared.encode(6)).toBe(before.replace('"timestamp":5', '"timestamp":6'))
  })

  it.each([sampleSession(), guideSession(), fullEpisode({ beats: 20 })])(
    'stores what StoryArt would store, in ASCII: %#',
    (session) => {
      const text = encode(session)
      expect(text).toMatch(/^[ -~]*$/)
      const stored = decodeSession(text, 'x')
      expect(JSON.stringify(stored) === asServer(session, 1704067200000)).toBe(true)
    },
  )

  it('loses nothing, whatever the document', () => {
    fc.assert(
      fc.property(document, fc.integer({ min: 1, max: 8_640_000_000_000_000 }), (session, timestamp) => {
        expect(JSON.stringify(decodeSession(encode(session, timestamp), 'x'))).toBe(asServer(session, timestamp))
      }),
    )
  })

  it.each([0, -1, 1.5, 1e21, Number.NaN, 8_640_000_000_000_001, '5' as never])('encodes no version %s', (timestamp) => {
    const { encode } = prepareSession({}, 'x')
    expect(() => encode(timestamp)).toThrow(StoryArtError)
    expect(() => encode(timestamp)).toThrow(
      'A timestamp is a whole number of ms since the epoch, from 1 to 8640000000000000.',
    )
  })

  it.each<[string, unknown, string, RegExp]>([
    ['what the schema refuses', { storyUuid: 5 }, 'storyUuid', /^expected string or null, received number$/],
    ['an array', [], '', /^expected object, received array$/],
    ['nothing', undefined, '', /^expected object, received nothing$/],
    ['a function', () => 1, '', /^expected object, received function$/],
    ['a Map', new Map(), '', /plain object/],
    ['NaN somewhere', { mood: [{ heat: Number.NaN }] }, 'mood[0].heat', /^NaN is not a JSON number/],
    ['a Date', { savedAt: new Date(0) }, 'savedAt', /toISOString/],
  ])('refuses %s', (_, session, path, message) => {
    let error: unknown
    try {
      prepareSession(session, 'the session to save')
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(SessionInvalidError)
    const { issues, message: whole } = error as SessionInvalidError
    expect(issues).toEqual([{ path, message: expect.stringMatching(message) }])
    expect(whole.startsWith('The session to save cannot be used: ')).toBe(true)
  })

  it.each(
    hostileSessions()
      .filter(({ expect }) => expect === 'kept')
      .map((session) => [session.name, session] as const),
  )('hostile: %s', (_, session) => {
    const value: object = JSON.parse(hostileText(session))
    let deep = false
    try {
      JSON.stringify(value)
    } catch {
      deep = true // deeper than JSON.stringify can go
    }
    if (deep) expect(() => prepareSession(value, 'x')).toThrow(SessionInvalidError)
    else expect(JSON.stringify(decodeSession(encode(value), 'x')) === asServer(value, 1704067200000)).toBe(true)
  })
})
