/** Every scenario of the specification's table, by its id: what the server does, and what the client makes of it. */
import { afterEach, describe, expect, it } from 'vitest'
import { SwarmError } from '../../src/errors.js'
import type { SwarmUIClient } from '../../src/swarmui/client.js'
import type { SwarmUIClientOptions } from '../../src/swarmui/client-options.js'
import type { GenerateRequest, Generation, SubmitTicket } from '../../src/swarmui/generation.js'
import type { SwarmDouble } from './double/server.js'
import { backend, type DoubleOptions } from './double/state.js'
import { type Room, room, SMALL, textOf } from './harness.js'

let open: Room
let double: SwarmDouble
let client: SwarmUIClient

async function start(options: DoubleOptions = {}, clientOptions: Partial<SwarmUIClientOptions> = {}): Promise<void> {
  open = await room(options, clientOptions)
  double = open.double
  client = open.client
}

afterEach(async () => {
  await client.close()
  await until(() => double.sockets.size === 0) // a socket left open would never be closed: the test runs out of time
  await open[Symbol.asyncDispose]()
})

const HTTP = { transport: 'http' } as const

function ask(more: GenerateRequest['parameters'] = {}, rest: Partial<GenerateRequest> = {}): Promise<Generation> {
  return client.generate({ parameters: { ...SMALL, ...more }, ...rest })
}

async function failure(work: Promise<unknown>): Promise<SwarmError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof SwarmError)) throw new Error(`expected a SwarmError, not ${textOf(error)}`)
  return error
}

/** Until the double has come so far. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

const live = (): boolean =>
  [...double.sessions.values()].some(({ claims }) => [...claims].some((one) => one.liveGens > 0))

describe('A: what goes well', () => {
  it('A1: one picture over WebSocket', async () => {
    await start()
    const heard: number[] = []
    let previews = 0
    const { images, extras, error } = await client.generate(
      { parameters: { ...SMALL, seed: 7 }, metadata: { storyart_job: 'k' } },
      {
        onProgress: ({ done, preview }) => {
          heard.push(done)
          if (preview !== null) previews++
        },
      },
    )
    expect({ extras, error }).toEqual({ extras: [], error: null })
    expect(images).toEqual([
      { index: 0, src: expect.stringMatching(/^View\/local\/raw\//), seed: 7, metadata: expect.any(String) },
    ])
    expect(heard).toEqual([1 / 3, 2 / 3, 2.2 / 3, 1])
    expect(previews).toBe(1)
    expect(double.painted[0]?.job).toBe('k')
    await until(() => double.sockets.size === 0)
  })

  it('A2: three over HTTP come in the order they were finished in, and no index is made up', async () => {
    await start({}, HTTP)
    double.setBackends([backend({ maxUsages: 3 })])
    double.completionOrder = [2, 0, 1]
    const { images } = await ask({ seed: 100 }, { images: 3 })
    expect(images.map(({ src }) => src)).toEqual(double.painted.map(({ path }) => `View/local/${path}`))
    expect(double.painted.map(({ seed }) => seed)).toEqual([102, 100, 101])
    expect(images.map(({ index }) => index)).toEqual([null, null, null])
  })

  it('A3: three over WebSocket are told apart by batch_index', async () => {
    await start()
    double.setBackends([backend({ maxUsages: 3 })])
    double.completionOrder = [2, 0, 1]
    const { images } = await ask({ seed: 100 }, { images: 3 })
    expect(images.map(({ index, seed }) => [index, seed])).toEqual([
      [0, 100],
      [1, 101],
      [2, 102],
    ])
  })
})

describe('B: sessions', () => {
  it.each([
    ['B1', HTTP, 'http'],
    ['B2', {}, 'ws'],
  ] as const)('%s: a forgotten session is renewed once, and the request sent again', async (_, transport, over) => {
    await start({}, transport)
    await client.catalogue()
    double.forgetSessions()
    const told: SubmitTicket[] = []
    const { images } = await client.generate({ parameters: SMALL }, { onSubmit: (ticket) => void told.push(ticket) })
    expect(images).toHaveLength(1)
    const asked = double.requests.filter(({ route }) => /^generate/.test(route))
    expect(asked.map((request) => request.over)).toEqual([over, over])
    const sessions = told.map(({ session }) => session)
    expect(sessions).toEqual(asked.map(({ body }) => (body as { session_id: string }).session_id))
    expect(new Set(sessions).size).toBe(2)
  })

  it('B3: sessions that are always refused end after a bound', async () => {
    await start()
    double.refuseSessions = true
    const error = await failure(ask())
    expect(error).toMatchObject({
      code: 'SWARM_DENIED',
      message: expect.stringContaining('knows none of the sessions'),
    })
    expect(double.requests.filter(({ route }) => route === 'getnewsession')).toHaveLength(3)
  })

  it('B4: no session without a user', async () => {
    await start({ token: 'a.b.c' })
    expect(await failure(ask())).toMatchObject({ code: 'SWARM_DENIED', detail: 'Invalid or unauthorized.' })
  })

  it('B4: with the token a session and the picture', async () => {
    await start({ token: 'a.b.c' }, { token: 'a.b.c' })
    const { images } = await ask()
    expect(await client.download(images[0]?.src ?? '')).toMatchObject({ type: 'png', width: 96, height: 64 })
    const withCookie = double.requests.filter(({ headers }) => headers.cookie !== undefined)
    expect(withCookie.map(({ route }) => route)).toEqual(['getnewsession'])
  })
})

describe('C: requests that are wrong', () => {
  it.each([
    ['WebSocket', {}],
    ['HTTP', HTTP],
  ])('C1: a model that is gone since is refused by the server, and not asked for again (%s)', async (_, transport) => {
    await start({}, transport)
    await client.catalogue()
    double.models.set('Stable-Diffusion', ['other.safetensors'])
    const error = await failure(ask())
    expect(error).toMatchObject({
      code: 'SWARM_REFUSED',
      detail: expect.stringContaining("'flux1-dev-fp8.safetensors'"),
    })
    expect(error.message).toBe(
      'SwarmUI: the generation failed: the parameter Model has a value the server refuses.'.replace(
        'the generation',
        transport === HTTP ? 'GenerateText2Image' : 'the generation',
      ),
    )
    expect(double.generations).toHaveLength(1)
  })

  it.each([
    ['C1: a model the server does not have', { model: 'nope' }, 'no model "nope"; `catalogue()` lists what it has.'],
    ['C2: a part of a name', { model: 'flux' }, 'no model "flux"; it has flux1-dev-fp8.safetensors.'],
    ['C2: a LORA in part', { loras: 'ink' }, 'no LORA "ink"; it has ink wash.safetensors, Style/ink.safetensors.'],
    ['C2: a LORA of a tag', { prompt: 'x <lora:nope:0.5>' }, 'no LORA "nope"; `catalogue()` lists what it has.'],
    ['C2: another sampler', { sampler: 'Euler a' }, 'no sampler "Euler a"; `catalogue()` lists what it has.'],
    ['C3: no model', { model: undefined }, 'it has no model; set one in the prompt, or in `defaults`.'],
    ['C4: no prompt', { prompt: '   ' }, 'the prompt has no words.'],
    ['C4: only tags', { prompt: '<lora:gargan><segment:face><comment:words>' }, 'the prompt has no words.'],
    ['C4: a lost tag', { prompt: 'I <3 you <lora:gargan>' }, 'a < at offset 2 that is never closed'],
    ['C6: a parameter nobody knows', { stepz: 5 }, 'knows no parameter stepz'],
    ['too many steps', { steps: 501 }, 'steps must be from 0 to 500, not 501.'],
    ['half a pixel', { width: 64.5 }, 'width must be a whole number.'],
    ['too small', { height: 10 }, 'height must be from 64 to 16384, not 10.'],
    ['weights that are not as many', { loras: 'gargan, ink wash', loraweights: '1' }, '2 LORAs and 1 weights.'],
    ['a weight that is none', { loras: 'gargan', loraweights: 'much' }, 'a weight of a LORA is no number.'],
    ['a weight of a tag that is none', { prompt: 'x <lora:gargan:abc>' }, 'a weight in a <lora:> tag is no number.'],
  ])('%s is refused before anything is queued', async (_, parameters, message) => {
    await start()
    const error = await failure(ask(parameters))
    expect(error.code).toBe('SWARM_REFUSED')
    expect(error.message).toContain(`SwarmUI: the request was not sent: `)
    expect(error.message).toContain(message)
    expect(double.generations).toEqual([])
  })

  it('C2: names are sent as the server has them', async () => {
    await start()
    await ask({
      model: 'FLUX1-dev-fp8',
      loras: ' Gargan,style/ink ',
      loraweights: '1, 0.5',
      prompt: 'you <b> <lora:INK wash:0.5>',
    })
    expect(double.generations[0]).toMatchObject({
      model: 'flux1-dev-fp8.safetensors',
      loras: 'gargan.safetensors,Style/ink.safetensors',
    })
  })

  it('C5 and C7: images is always sent, and no key that the server would read as another one', async () => {
    await start()
    for (const key of ['seed_2', 'prompt2', 'images', 'presets', 'session_id', 'Seed']) {
      await expect(ask({ [key]: 5 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    await ask()
    expect(Object.keys(double.generations[0] as object)).toEqual([
      'session_id',
      'images',
      'prompt',
      'model',
      'width',
      'height',
    ])
  })
})

describe('D: backends', () => {
  it.each([
    ['WebSocket', {}],
    ['HTTP', HTTP],
  ])('D1: no backends is "later" (%s)', async (_, transport) => {
    await start({}, transport)
    double.setBackends([])
    expect(await failure(ask())).toMatchObject({ code: 'SWARM_UNAVAILABLE', detail: 'No backends available!' })
    double.setBackends([backend()])
    expect((await ask()).images).toHaveLength(1)
  })

  it('D2: a backend that is loading is waited for', async () => {
    await start({ keepAliveMs: 20 }, { idleMs: 500 })
    double.setBackends([backend({ status: 'loading' })])
    const asked = ask()
    await double.pause(700)
    expect(double.painted).toEqual([])
    double.setBackends([backend()])
    expect((await asked).images).toHaveLength(1)
  })

  it('D3: a model that cannot be loaded is a failure', async () => {
    await start()
    double.modelLoadFails = true
    const error = await failure(ask())
    expect(error).toMatchObject({
      code: 'SWARM_FAILED',
      detail: expect.stringMatching(/^All available backends failed/),
    })
    expect(error.message).toBe('SwarmUI: the generation failed: no backend could load the model.')
  })
})

describe('E: failures', () => {
  it('E1: what is finished is kept, and the failure told', async () => {
    await start()
    double.failImage(1, { kind: 'message', text: 'ComfyUI execution error: out of memory near "a lighthouse"' })
    const { images, error } = await ask({ seed: 5 }, { images: 3 })
    expect(images.length).toBeGreaterThan(0)
    expect(images.length).toBe(double.files.size)
    expect(images.every(({ index, seed }) => seed === 5 + (index ?? 9))).toBe(true)
    expect(error).toMatchObject({ code: 'SWARM_FAILED', detail: expect.stringContaining('near "a lighthouse"') })
    expect(error?.message).toBe('SwarmUI: the generation failed: ComfyUI failed while painting.')
  })

  it('E1: a picture that comes after the error counts', async () => {
    await start()
    double.failImage(0, { kind: 'message', text: 'ComfyUI errored: {}' })
    double.failImage(1, { kind: 'slow', ms: 30 })
    const { images, error } = await ask({ seed: 5 }, { images: 2 })
    expect(images.map(({ index, seed }) => [index, seed])).toEqual([[1, 6]])
    expect(error?.code).toBe('SWARM_FAILED')
  })

  it('E2: over HTTP the error hides them, and the history has them', async () => {
    await start({}, HTTP)
    double.failImage(1, { kind: 'message', text: 'Something went wrong while generating images.' })
    const told: SubmitTicket[] = []
    const request = { parameters: SMALL, images: 3, metadata: { storyart_attempt: 'a1' } }
    const error = await failure(client.generate(request, { onSubmit: (ticket) => void told.push(ticket) }))
    expect(error.code).toBe('SWARM_FAILED')
    const found = await client.recover({ metadata: { storyart_attempt: 'a1' }, ticket: told[0] ?? null })
    expect(found).toHaveLength(2)
    expect(await client.download(found[0]?.src ?? '')).toMatchObject({ width: 96 })
  })

  it.each([
    ['WebSocket', {}],
    ['HTTP', HTTP],
  ])('E3: no picture and no error is a failure (%s)', async (_, transport) => {
    await start({}, transport)
    double.failImage(0, { kind: 'silent' })
    const error = await failure(ask())
    expect(error).toMatchObject({ code: 'SWARM_FAILED', detail: null })
    expect(error.message).toContain('did not say why')
  })

  it('E3: a request the server cannot read is a failure over both', async () => {
    await start()
    double.failImage(0, { kind: 'unreadable' })
    expect(await failure(ask())).toMatchObject({ code: 'SWARM_FAILED', detail: null })
  })

  it('E4: interrupted while live is told by the server, while queued by nobody', async () => {
    await start()
    double.failImage(0, { kind: 'hold' })
    const painted = failure(ask())
    await until(live)
    await client.interrupt()
    expect(await painted).toMatchObject({ code: 'SWARM_FAILED', detail: 'Generation session interrupted.' })
    double.setBackends([backend({ status: 'loading' })])
    const queued = failure(ask())
    await until(() => double.dispatched === 2)
    await client.interrupt()
    expect(await queued).toMatchObject({ code: 'SWARM_FAILED', detail: null })
    expect(double.painted).toEqual([])
  })
})

describe('F: connections', () => {
  it('F1: a lost socket is not answered by asking again, and the history has the picture', async () => {
    await start()
    double.failImage(0, { kind: 'drop', when: 'live' })
    const told: SubmitTicket[] = []
    const metadata = { storyart_job: 'k', storyart_attempt: 'caf\u00e9 "1"' }
    const onSubmit = (ticket: SubmitTicket): void => void told.push(ticket)
    const error = await failure(client.generate({ parameters: { ...SMALL, seed: 9 }, metadata }, { onSubmit }))
    expect(error).toMatchObject({ code: 'SWARM_LOST', message: expect.stringContaining('may still be painted') })
    const found = await client.recover({ metadata, ticket: told[0] ?? null })
    expect(found).toEqual([
      { index: null, src: `View/local/${double.painted[0]?.path}`, seed: 9, metadata: expect.any(String) },
    ])
    expect(double.generations).toHaveLength(1)
  })

  it('F1: it waits as long as the server is at work on it', async () => {
    await start({}, { recoverMs: 50 })
    double.failImage(0, { kind: 'hold' })
    double.dropAfter = 5
    const told: SubmitTicket[] = []
    const onSubmit = (ticket: SubmitTicket): void => void told.push(ticket)
    const metadata = { storyart_attempt: 'a1' }
    expect((await failure(client.generate({ parameters: SMALL, metadata }, { onSubmit }))).code).toBe('SWARM_LOST')
    const found = client.recover({ metadata, ticket: told[0] ?? null })
    await double.pause(150)
    double.release()
    expect(await found).toHaveLength(1)
  })

  it('F1: what was never painted is known to be safe to ask for', async () => {
    await start()
    const { session_id } = await (
      await fetch(`${double.url}/API/GetNewSession`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
    ).json()
    await ask({}, { metadata: { storyart_attempt: 'other' } })
    expect(
      await client.recover({
        metadata: { storyart_attempt: 'a1' },
        ticket: { session: session_id, server: 'server-1' },
      }),
    ).toEqual([])
    await expect(client.recover({ metadata: {}, ticket: null })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('F1: without the session the whole server must be idle, or it stays unknown', async () => {
    await start({}, { recoverMs: 60 })
    const metadata = { storyart_attempt: 'a1' }
    expect(await client.recover({ metadata, ticket: null })).toEqual([])
    double.failImage(0, { kind: 'hold' })
    const other = ask()
    await until(live)
    expect(await failure(client.recover({ metadata, ticket: null }))).toMatchObject({
      code: 'SWARM_LOST',
      message: expect.stringContaining('not asked for again'),
    })
    double.release()
    await other
  })

  it('F1: with a session that is forgotten the work is gone if the server is another one, and unknown if it is not', async () => {
    await start({}, { recoverMs: 60 })
    const metadata = { storyart_attempt: 'a1' }
    const told: SubmitTicket[] = []
    double.failImage(0, { kind: 'hold' })
    double.dropAfter = 5
    await failure(client.generate({ parameters: SMALL, metadata }, { onSubmit: (ticket) => void told.push(ticket) }))
    const [ticket = null] = told
    double.forgetSessions()
    expect(await failure(client.recover({ metadata, ticket }))).toMatchObject({ code: 'SWARM_LOST' })
    expect(double.sessions.size).toBe(1)
    double.restart({ keepSessions: false })
    expect(await client.recover({ metadata, ticket })).toEqual([])
  })

  it('F1: a user who may not know of others learns nothing', async () => {
    const permissions = ['basic_image_generation', 'fundamental_generate_tab_access', 'view_image_history']
    await start({ permissions }, { recoverMs: 40 })
    expect(await failure(client.recover({ metadata: { a: 'b' }, ticket: null }))).toMatchObject({ code: 'SWARM_LOST' })
    expect(await client.status()).toEqual({
      waiting: null,
      painting: null,
      backends: 'running',
      version: '0.9.8.2.GIT-062407c7',
    })
  })

  it.each([
    ['WebSocket', {}],
    ['HTTP', HTTP],
  ])('F2: on abort the server hears of it before the connection is closed (%s)', async (_, transport) => {
    await start({}, transport)
    double.failImage(0, { kind: 'hold' })
    const controller = new AbortController()
    const asked = client.generate({ parameters: SMALL }, { signal: controller.signal })
    await until(live)
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(asked).rejects.toBe(reason)
    if (transport !== HTTP) await until(() => double.sockets.size === 0)
    expect(double.log[0]).toBe('interrupt')
    await until(() => !live())
    expect(double.painted).toEqual([])
  })

  it('F2: an abort stops no other generation of the same client', async () => {
    await start()
    double.failImage(0, { kind: 'hold' })
    const controller = new AbortController()
    const asked = client.generate({ parameters: SMALL }, { signal: controller.signal })
    await until(live)
    double.failImage(0, { kind: 'hold' })
    const other = ask({ seed: 5 })
    await until(() => double.dispatched === 2)
    controller.abort()
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
    double.release()
    expect((await other).images[0]?.seed).toBe(5)
  })

  it('F2: nothing is sent by who is aborted before, and closing ends what runs', async () => {
    await start()
    await expect(client.generate({ parameters: SMALL }, { signal: AbortSignal.abort('no') })).rejects.toBe('no')
    expect(double.requests).toEqual([])
    double.failImage(0, { kind: 'hold' })
    const asked = ask()
    await until(live)
    await Promise.all([expect(asked).rejects.toMatchObject({ code: 'CLOSED' }), client.close()])
    expect(double.log[0]).toBe('interrupt')
    await expect(client.catalogue()).rejects.toMatchObject({ code: 'CLOSED' })
  })

  it('F3: after a restart the job is gone, the session is not', async () => {
    await start()
    double.failImage(0, { kind: 'hold' })
    const told: SubmitTicket[] = []
    const metadata = { storyart_attempt: 'a1' }
    const onSubmit = (ticket: SubmitTicket): void => void told.push(ticket)
    const asked = failure(client.generate({ parameters: SMALL, metadata }, { onSubmit }))
    await until(live)
    double.restart({ downMs: 20 })
    expect((await asked).code).toBe('SWARM_LOST')
    expect(await client.recover({ metadata, ticket: told[0] ?? null })).toEqual([])
    expect((await ask()).images).toHaveLength(1)
    expect(double.sessions.size).toBe(1)
  })

  it('F4: a server that never closes is not waited for', async () => {
    await start()
    double.neverClose = true
    expect((await ask()).images).toHaveLength(1)
    await until(() => double.sockets.size === 0)
  })
})

describe('G: sockets are not shared', () => {
  it('G1: two at a time have a socket and a session each', async () => {
    await start()
    const [one, two] = await Promise.all([ask({ seed: 5 }), ask({ seed: 50 })])
    expect([one?.images[0]?.seed, two?.images[0]?.seed]).toEqual([5, 50])
    expect(double.requests.filter(({ over }) => over === 'follow-up')).toEqual([])
    const sessions = double.generations.map((body) => (body as { session_id: string }).session_id)
    expect(new Set(sessions).size).toBe(2)
  })

  it('G2: one after the other have a socket each and one session', async () => {
    await start()
    await ask()
    await ask()
    expect(double.requests.map(({ over }) => over)).toEqual(['http', 'http', 'ws', 'ws'])
    expect(double.sessions.size).toBe(1)
  })
})

describe('H: other answers', () => {
  it('H1: what the dispatcher refuses has a code', async () => {
    await start({ permissions: [] })
    expect(await failure(ask())).toMatchObject({
      code: 'SWARM_DENIED',
      message: 'SwarmUI: ListT2IParams failed: the user lacks the permission for this route.',
    })
  })

  it('H1: a base path that is no SwarmUI is a matter of protocol', async () => {
    await start({}, { baseUrl: 'http://127.0.0.1:1/x' })
    expect((await failure(ask())).code).toBe('SWARM_UNAVAILABLE')
    const lost = new URL(double.url)
    lost.pathname = '/elsewhere'
    const other = await room({}, { baseUrl: lost.href })
    expect(await failure(other.client.generate({ parameters: SMALL }))).toMatchObject({ code: 'SWARM_PROTOCOL' })
    await other[Symbol.asyncDispose]()
  })

  it('H2: pages instead of answers, as before 0.9.8', async () => {
    await start({ legacyHtmlErrors: true, permissions: [] })
    expect(await failure(ask())).toMatchObject({
      code: 'SWARM_PROTOCOL',
      message: 'SwarmUI: the server redirects to a page instead of answering: it is older than 0.9.8, or no SwarmUI.',
    })
  })

  it('H3: plain text 401', async () => {
    await start({ requiredAuthorization: 'Bearer secret' })
    const error = await failure(ask())
    expect(error).toMatchObject({ code: 'SWARM_DENIED', message: expect.stringContaining('pass authorization') })
  })

  it('H3: the header is sent with calls, sockets and files', async () => {
    await start({ requiredAuthorization: 'Bearer secret' }, { authorization: 'Bearer secret' })
    const { images } = await ask()
    expect((await client.download(images[0]?.src ?? '')).type).toBe('png')
  })
})

describe('I: pictures', () => {
  it('I1: those that are not saved come as data, and nothing is fetched', async () => {
    await start()
    const { images } = await ask({ donotsave: true })
    expect(images[0]?.src).toMatch(/^data:image\/png;base64,/)
    expect(double.files.size).toBe(0)
    expect(await client.download(images[0]?.src ?? '')).toMatchObject({ type: 'png', width: 96, height: 64 })
    expect((await failure(client.download('data:image/png;base64,AAAA'))).code).toBe('SWARM_PROTOCOL')
  })

  it('I2: paths with blanks, percent signs and letters of all kinds are fetched', async () => {
    await start()
    const { images } = await ask({ prompt: '100% cafe\u0301 (\u706f\u53f0), [night]' })
    expect(images[0]?.src).toContain('/0810-100% cafe\u0301 (\u706f\u53f0), [night]-flux1-dev-fp8safetensors.png')
    expect(await client.download(images[0]?.src ?? '')).toMatchObject({ width: 96, height: 64 })
    expect(await failure(client.download('View/local/raw/none.png'))).toMatchObject({
      code: 'SWARM_FAILED',
      message: 'SwarmUI: fetching a picture failed: the server no longer has the file.',
    })
  })

  it('I3: what was not asked for stays apart', async () => {
    await start()
    double.extraOutputs = true
    double.miniGrid = true
    const { images, extras, error } = await ask({}, { images: 2 })
    expect(images.map(({ index }) => index)).toEqual([0, 1])
    expect(extras.map(({ index }) => index)).toEqual([null, null, null, null, null])
    expect(error).toBeNull()
  })
})

describe('J: time and numbers', () => {
  it('J1: a server that only says it is alive is waited for, one that says nothing is lost', async () => {
    await start({ keepAliveMs: 20 }, { idleMs: 500 })
    double.failImage(0, { kind: 'slow', ms: 700 })
    expect((await ask()).images).toHaveLength(1)
    await open[Symbol.asyncDispose]()
    await start({ keepAliveMs: 10_000 }, { idleMs: 40 })
    double.failImage(0, { kind: 'hold' })
    expect(await failure(ask())).toMatchObject({
      code: 'SWARM_LOST',
      message: expect.stringContaining('said nothing for 40 ms'),
    })
    double.release()
  })

  it('J2: counters below zero are numbers', async () => {
    await start()
    double.failImage(0, { kind: 'silent' })
    expect((await failure(ask())).code).toBe('SWARM_FAILED')
    const [session] = double.sessions.values()
    session?.claims.add({
      session,
      waitingGens: -1,
      loadingModels: 0,
      waitingBackends: -1,
      liveGens: 0,
      interrupted: false,
      cancelled: false,
    })
    expect(await client.status()).toMatchObject({ waiting: 0, painting: 0, backends: 'running' })
    expect(
      await client.recover({ metadata: { a: 'b' }, ticket: { session: session?.id ?? '', server: 'server-1' } }),
    ).toEqual([])
  })
})

describe('K: routes', () => {
  it('K1: only those that exist are called', async () => {
    await start()
    const { images } = await ask({}, { metadata: { a: 'b' } })
    await client.download(images[0]?.src ?? '')
    await client.status()
    await client.recover({
      metadata: { a: 'b' },
      ticket: { session: [...double.sessions.keys()][0] ?? '', server: 'server-1' },
    })
    await client.interrupt()
    expect(new Set(double.requests.map(({ route }) => route))).toEqual(
      new Set([
        'getnewsession',
        'listt2iparams',
        'generatetext2imagews',
        'getglobalstatus',
        'getcurrentstatus',
        'listimages',
      ]),
    )
  })
})

describe('the client itself', () => {
  it('says what it needs', async () => {
    await start()
    const { SwarmUIClient } = await import('../../src/swarmui/client.js')
    const baseUrl = 'http://localhost:7801'
    const make = (options: Partial<SwarmUIClientOptions>) => () => new SwarmUIClient({ baseUrl, ...options })
    if (!('WebSocket' in globalThis)) expect(make({})).toThrow('install the package ws and pass WebSocket')
    expect(make({ transport: 'http', baseUrl: 'localhost:7801' })).toThrow('baseUrl must be an address')
    expect(make({ transport: 'http', idleMs: 0 })).toThrow('idleMs must be a whole number from 1 to 2147483647, not 0.')
    class Headerless {
      constructor(_url: string, options?: unknown) {
        if (options !== undefined) throw new SyntaxError('no')
      }
      send(): void {}
      close(): void {}
      addEventListener(): void {}
    }
    const plain = make({ baseUrl: double.url, WebSocket: Headerless, authorization: 'x' })()
    await expect(plain.generate({ parameters: SMALL })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await plain.close()
    await expect(ask({}, { images: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('asks for the catalogue once, and again when told', async () => {
    await start()
    const [one, two] = await Promise.all([client.catalogue(), client.catalogue()])
    expect(one).toBe(two)
    expect(one?.loras).toEqual(['gargan.safetensors', 'ink wash.safetensors', 'Style/ink.safetensors'])
    double.models.set('LoRA', [])
    expect((await client.catalogue()).loras).toHaveLength(3)
    expect((await client.catalogue({ refresh: true })).loras).toEqual([])
  })

  it('asks for the catalogue again before it refuses something by an old one', async () => {
    let now = 0
    await start({}, { now: () => now })
    await client.catalogue()
    double.models.get('Stable-Diffusion')?.push('new.safetensors')
    now = 59_999
    expect((await failure(ask({ model: 'new' }))).code).toBe('SWARM_REFUSED')
    now = 60_000
    expect((await ask({ model: 'new' })).images).toHaveLength(1)
    expect(double.requests.filter(({ route }) => route === 'listt2iparams')).toHaveLength(2)
  })

  it('names a failure before anything was asked as such', async () => {
    await start()
    await client.catalogue()
    double.restart({ downMs: 60_000 })
    expect((await failure(ask())).code).toBe('SWARM_UNAVAILABLE')
  })

  it('writes no words of the server, and no prompt, into a message or what a logger shows', async () => {
    await start()
    double.failImage(0, { kind: 'message', text: "ComfyUI execution error: could not convert 'a lighthouse at dusk'" })
    const error = await failure(ask())
    expect(error.detail).toContain('a lighthouse')
    expect(`${error.stack} ${JSON.stringify(error)} ${JSON.stringify({ ...error })}`).not.toContain('lighthouse at')
  })
})
