import { describe, expect, it } from 'vitest'
import { parseEpisodeContext, safeParseEpisodeContext } from '../../src/codec.js'
import { SessionInvalidError } from '../../src/errors.js'
import { DEFAULT_EPISODE_CONTEXT } from '../../src/schema/index.js'
import { guideSession, manualSave, sampleSession, storySwarmSession, v1Session } from '../fixtures/index.js'

const text = sampleSession().episodeContext
const context = JSON.parse(text)

function issuesOf(value: unknown): readonly { path: string; message: string }[] {
  const result = safeParseEpisodeContext(value)
  return result.ok ? [] : result.issues
}

describe('parseEpisodeContext', () => {
  it.each<[string, never]>([
    ['a session', sampleSession() as never],
    ['the text', text as never],
    ['the text, encoded twice', JSON.stringify(text) as never],
    ['a session whose text is encoded twice', { episodeContext: JSON.stringify(text) } as never],
    ['a session whose context is parsed', { ...sampleSession(), episodeContext: context } as never],
    ['the parsed context', context as never],
  ])('reads %s', (_, given) => {
    expect(JSON.stringify(parseEpisodeContext(given))).toBe(JSON.stringify(context))
  })

  it('copies nothing that is parsed already', () => {
    expect(parseEpisodeContext(context)).toBe(context)
    expect(parseEpisodeContext({ episodeContext: context })).toBe(context)
    expect(parseEpisodeContext(DEFAULT_EPISODE_CONTEXT)).toBe(DEFAULT_EPISODE_CONTEXT)
  })

  it.each([guideSession(), v1Session(), storySwarmSession(), manualSave()])('reads every dialect: %#', (session) => {
    expect(parseEpisodeContext(session)).toEqual(JSON.parse(session.episodeContext))
  })

  it('takes an object without fields of a session for a context', () => {
    const flat = {
      episodeNumber: 1,
      characters: [{ name: 'Ana', base_trigger: 'ANAXYZ woman', age: 41 }],
      locations: [],
    }
    expect(parseEpisodeContext(flat)).toBe(flat)
    expect(parseEpisodeContext({})).toEqual({})
    const both = { episode: { episode_number: 1 }, storyUuid: 'x' }
    expect(parseEpisodeContext(both)).toBe(both)
  })

  it.each<[string, unknown, string, string]>([
    ['no context in a session', { scriptText: 'x' }, 'episodeContext', 'there is no context'],
    ['null in a session', { episodeContext: null }, 'episodeContext', 'there is no context'],
    ['nothing', undefined, 'episodeContext', 'there is no context'],
    ['an empty text', { episodeContext: '' }, 'episodeContext', 'the context is empty'],
    ['a blank text', ' \n', 'episodeContext', 'the context is empty'],
    ['an encoded empty text', '""', 'episodeContext', 'the context is empty'],
    [
      'no JSON',
      '[Restored context for x]',
      'episodeContext',
      'not JSON at line 1, column 2 (offset 1): a value is expected',
    ],
    [
      'truncated JSON',
      '{\n"episode":',
      'episodeContext',
      'not JSON at line 2, column 11 (offset 12): the text ends too early',
    ],
    ['JSON null', 'null', 'episodeContext', 'there is no context'],
    ['a JSON number', '7', 'episodeContext', 'expected object, received number'],
    ['an array', [], 'episodeContext', 'expected object, received array'],
    [
      'a wrong field',
      '{"episode":{"scenes":[{"location":5}]}}',
      'episodeContext.episode.scenes[0].location',
      'expected object or null, received number',
    ],
    [
      'text in text in text',
      JSON.stringify(JSON.stringify(JSON.stringify(JSON.stringify('{}')))),
      'episodeContext',
      'encoded more than 4 times',
    ],
  ])('refuses %s', (_, given, path, message) => {
    expect(issuesOf(given)).toEqual([{ path, message }])
    let error: unknown
    try {
      parseEpisodeContext(given as never)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(SessionInvalidError)
    expect((error as SessionInvalidError).issues).toEqual([{ path, message }])
    expect((error as SessionInvalidError).message).toBe(
      `The episode context cannot be used: ${path}: ${message}. DEFAULT_EPISODE_CONTEXT is an empty one.`,
    )
    expect('cause' in (error as SessionInvalidError)).toBe(false)
  })
})
