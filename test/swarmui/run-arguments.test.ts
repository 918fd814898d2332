import { describe, expect, it } from 'vitest'
import { memoryAdapter, SessionStore } from '../../src/index.js'
import { generateImages, memorySink, paintSession, SwarmUIClient } from '../../src/swarmui/index.js'

const client = new SwarmUIClient({ baseUrl: 'http://127.0.0.1:1', transport: 'http' })
const store = new SessionStore({ adapter: memoryAdapter() })

/** As a caller without types would call it. */
const untyped = (call: unknown) => call as (...args: unknown[]) => AsyncGenerator & Promise<unknown>

describe('what a caller without types gets wrong', () => {
  it.each([
    [undefined, {}, 'generateImages: jobs must be a list of jobs, as imageQueue(session) gives it.'],
    [{ analyzedEpisode: {} }, {}, 'generateImages: jobs must be a list of jobs, as imageQueue(session) gives it.'],
    ['jobs', {}, 'generateImages: jobs must be a list of jobs, as imageQueue(session) gives it.'],
    [[], undefined, 'generateImages: the option client must be a SwarmUIClient.'],
    [[], { client: 'http://127.0.0.1:1' }, 'generateImages: the option client must be a SwarmUIClient.'],
    [
      [],
      { client, out: 'pictures' },
      "generateImages: the option out must be a sink, such as directorySink('pictures') or memorySink().",
    ],
  ])('%j as jobs with %j is refused', async (jobs, options, message) => {
    const run = untyped(generateImages)(jobs, options)
    await expect(run.next()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message })
  })

  it.each([
    [{}, {}, 'paintSession: the first argument must be a SessionStore or SessionReader.'],
    [store, undefined, 'paintSession: the option client must be a SwarmUIClient.'],
    [
      store,
      { client },
      "paintSession: the option out must be the path of a directory or a sink, such as directorySink('pictures') or memorySink().",
    ],
    [store, { client, out: memorySink() }, 'paintSession: there is no session to paint.'],
  ])('a store and options of paintSession', async (given, options, message) => {
    await expect(untyped(paintSession)(given, options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message })
  })
})
