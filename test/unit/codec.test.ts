import { describe, expect, it } from 'vitest'
import { assertComplete, decodeSession, parseStoryUuid } from '../../src/codec.js'
import { isStoryArtError, SessionInvalidError, type SessionIssue } from '../../src/errors.js'
import { guideSession, hostileSessions, hostileText, sampleSession } from '../fixtures/index.js'

/** The error a call throws. */
function thrownBy(call: () => unknown): SessionInvalidError {
  try {
    call()
  } catch (error) {
    if (error instanceof SessionInvalidError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

function issuesOf(raw: string): readonly SessionIssue[] {
  return thrownBy(() => decodeSession(raw, 'session 1704067200000')).issues
}

/** Whether two documents are the same, key order included, however deep. */
function sameJson(one: unknown, other: unknown): boolean {
  const pairs: [unknown, unknown][] = [[one, other]]
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [a, b] = pair
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
      if (!Object.is(a, b)) return false
      continue
    }
    const keys = Object.keys(a)
    if (keys.join('\n') !== Object.keys(b).join('\n') || Array.isArray(a) !== Array.isArray(b)) return false
    for (const key of keys) pairs.push([a[key as never], b[key as never]])
  }
  return true
}

function withScenes(scenes: unknown): string {
  return JSON.stringify({ scriptText: 'x', analyzedEpisode: { episodeNumber: 1, title: '', scenes } })
}

describe('decodeSession', () => {
  it('returns the document as it is stored', () => {
    const raw =
      '{ "zeta": [{"b": 1, "a": null}], "scriptText": "x", "timestamp": "17", "7": {}, "episodeContext": "[no]" }'
    expect(JSON.stringify(decodeSession(raw, 'x'))).toBe(JSON.stringify(JSON.parse(raw)))
  })

  it.each([sampleSession(), guideSession(), {}, { scriptText: null }])('reads %#', (session) => {
    expect(decodeSession(JSON.stringify(session), 'x')).toEqual(session)
  })

  it('names the precise place', () => {
    const beat = (width: unknown) => ({ beatId: 'b', prompts: { cinematic: { prompt: '', width } } })
    const scenes = [{}, {}, { beats: Array.from({ length: 15 }, (_, i) => beat(i === 14 ? 'wide' : 8)) }]
    const error = thrownBy(() => decodeSession(withScenes(scenes), 'session 1704067200000'))
    expect(error.issues).toEqual([
      {
        path: 'analyzedEpisode.scenes[2].beats[14].prompts.cinematic.width',
        message: 'expected number or null, received string',
      },
    ])
    expect(error.code).toBe('SESSION_INVALID')
    expect(isStoryArtError(error)).toBe(true)
    expect('cause' in error).toBe(false)
    expect(error.message).toBe(
      'Session 1704067200000 cannot be used: analyzedEpisode.scenes[2].beats[14].prompts.cinematic.width: expected number or null, received string',
    )
  })

  it('names every place', () => {
    expect(issuesOf(withScenes([{ beats: [{}, { beatId: 'x', characters: 'Ana' }] }, 5]))).toEqual([
      {
        path: 'analyzedEpisode.scenes[0].beats[0].beatId',
        message: 'expected string of at least 1 character, received nothing',
      },
      { path: 'analyzedEpisode.scenes[0].beats[1].characters', message: 'expected array or null, received string' },
      { path: 'analyzedEpisode.scenes[1]', message: 'expected object, received number' },
    ])
    expect(thrownBy(() => decodeSession('{"scriptText":1,"storyUuid":2}', 'x')).message).toBe(
      'X cannot be used: scriptText: expected string or null, received number (and 1 more)',
    )
  })

  it.each([
    ['null', 'null'],
    ['[]', 'array'],
    ['42', 'number'],
    ['"text"', 'string'],
    ['true', 'boolean'],
  ])('refuses %s', (raw, kind) => {
    expect(issuesOf(raw)).toEqual([{ path: '', message: `expected object, received ${kind}` }])
  })

  it('says where a text stops being JSON, and quotes nothing of it', () => {
    const raw = '{\n  "scriptText": "the secret of the lamp",\n  "storyUuid": oops\n}'
    const error = thrownBy(() => decodeSession(raw, 'session 1704067200000'))
    expect(error.issues).toEqual([
      { path: '', message: 'not JSON at line 3, column 16 (offset 59): a value is expected' },
    ])
    expect(error.message).not.toMatch(/secret|oops/)
    expect('cause' in error).toBe(false)
    expect(issuesOf(raw.slice(0, 40))).toEqual([
      { path: '', message: 'not JSON at line 2, column 39 (offset 40): the text ends too early' },
    ])
  })

  it('never quotes the value that is wrong', () => {
    const error = thrownBy(() => decodeSession(withScenes('the secret of the lamp'), 'x'))
    expect(JSON.stringify([error.message, error.issues, String(error.stack)])).not.toContain('secret')
  })

  it('is not drowned by a document of 50 MB', () => {
    const scenes = [
      { beats: Array.from({ length: 40_000 }, (_, i) => ({ beatId: `b${i}`, core_action: 'x'.repeat(1250) })) },
    ]
    const raw = withScenes(scenes)
    expect(raw.length).toBeGreaterThan(50_000_000)
    expect(decodeSession(raw, 'x').analyzedEpisode?.scenes?.[0]?.beats).toHaveLength(40_000)
    expect(issuesOf(raw.replaceAll('beatId', 'beatIx'))).toHaveLength(1000)
    expect(issuesOf(raw.slice(0, -1))[0]?.message).toContain(`offset ${raw.length - 1}`)
  }, 60_000)

  it('does not overflow on deep nesting, known place or unknown', () => {
    const deep = `${'[{"x":'.repeat(100_000)}1${'}]'.repeat(100_000)}`
    expect(Object.keys(decodeSession(`{"extra":${deep}}`, 'x'))).toEqual(['extra'])
    expect(issuesOf(`{"analyzedEpisode":${deep}}`)[0]?.path).toBe('analyzedEpisode')
    expect(issuesOf(`{"extra":${deep}`)[0]?.message).toContain('the text ends too early')
  })

  it.each(hostileSessions().map((session) => [session.name, session] as const))('hostile: %s', (_, session) => {
    const raw = hostileText(session)
    if (session.expect === 'kept') expect(sameJson(decodeSession(raw, 'x'), JSON.parse(raw))).toBe(true)
    else expect(issuesOf(raw).length).toBeGreaterThan(0)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})

describe('assertComplete', () => {
  it('lets the complete pass, in the form that is asked for', () => {
    expect(() => assertComplete(sampleSession())).not.toThrow()
    expect(() => assertComplete(sampleSession(), 'storyart')).not.toThrow()
    expect(() => assertComplete(guideSession(), 'guide')).not.toThrow()
  })

  it('names what is missing', () => {
    const error = thrownBy(() => assertComplete({ ...sampleSession(), storyUuid: 'restored-1', episodeContext: '' }))
    expect(error.issues.map(({ path }) => path)).toEqual(['storyUuid', 'episodeContext'])
    expect(error.message).toMatch(/^The session is not complete: storyUuid: .* \(and 1 more\)$/)
    const session = guideSession()
    Reflect.deleteProperty(session.analyzedEpisode.scenes[0]?.beats[0]?.prompts ?? {}, 'vertical')
    expect(thrownBy(() => assertComplete(session, 'guide')).issues).toEqual([
      { path: 'analyzedEpisode.scenes[0].beats[0].prompts.vertical', message: 'expected object, received nothing' },
    ])
  })
})

describe('parseStoryUuid', () => {
  const uuid = '5D0C9C1E-0f5b-4a7c-9a51-2f4f3f0f7b11'

  it('returns a UUID as it is given', () => {
    expect(parseStoryUuid(uuid)).toBe(uuid)
    expect(parseStoryUuid(uuid, 'other')).toBe(uuid)
  })

  it.each(['restored-1704067200000', '', null, undefined, 7, {}])(
    'puts the fallback in place of %j, or refuses',
    (value) => {
      expect(parseStoryUuid(value, uuid)).toBe(uuid)
      const error = thrownBy(() => parseStoryUuid(value))
      expect(error.issues.map(({ path }) => path)).toEqual(['storyUuid'])
      expect(error.message).toMatch(/^The story has no UUID: storyUuid: expected string like /)
      expect(error.message).not.toContain('restored')
    },
  )
})
