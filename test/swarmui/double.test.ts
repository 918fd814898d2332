/** The double itself: the transcripts and the bodies that the real server's source gives. */
import { decode } from 'fast-png'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { SwarmDouble } from './double/server.js'
import { backend, type DoubleOptions, type Fault } from './double/state.js'

let double: SwarmDouble

afterEach(async () => {
  await double[Symbol.asyncDispose]()
})

type Json = Record<string, unknown>

async function start(options?: DoubleOptions): Promise<string> {
  double = await SwarmDouble.start(options)
  return (await post('GetNewSession', {})).body.session_id as string
}

async function post(
  route: string,
  body: unknown,
  init: RequestInit = {},
): Promise<{ status: number; body: Json; text: string }> {
  const response = await fetch(`${double.url}/API/${route}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  })
  const text = await response.text()
  const json = response.headers.get('content-type') === 'application/json'
  return { status: response.status, body: json ? (JSON.parse(text) as Json) : {}, text }
}

async function liveGens(session_id: string): Promise<unknown> {
  return ((await post('GetCurrentStatus', { session_id })).body.status as Json).live_gens
}

/** Everything a socket says to these messages, and how it ends. */
async function talk(route: string, ...said: unknown[]): Promise<{ messages: Json[]; code: number }> {
  const socket = new WebSocket(`${double.url.replace('http', 'ws')}/API/${route}`)
  const messages: Json[] = []
  return new Promise((resolve) => {
    socket.on('open', () => {
      for (const one of said) socket.send(typeof one === 'string' ? one : JSON.stringify(one))
    })
    socket.on('message', (data) => messages.push(JSON.parse(String(data)) as Json))
    socket.on('error', () => undefined)
    socket.on('close', (code) => resolve({ messages, code }))
  })
}

/** A message as the transcripts of the specification write it. */
function brief(message: Json): string {
  const [key = ''] = Object.keys(message)
  if (key === 'status') {
    const { waiting_gens, loading_models, waiting_backends, live_gens } = message.status as Json
    return `status ${waiting_gens}/${loading_models}/${waiting_backends}/${live_gens}`
  }
  if (key === 'image') return `image ${message.batch_index}`
  if (key === 'error') return `error ${message.error}`
  if (key === 'discard_indices') return `discard_indices ${JSON.stringify(message[key])}`
  return key === 'socket_intention' ? `socket_intention ${message[key]}` : key
}

const ask = (session_id: string, more: Json = {}): Json => ({
  session_id,
  images: 1,
  prompt: 'a lighthouse',
  model: 'flux1-dev-fp8',
  width: 64,
  height: 64,
  ...more,
})

const LOADED = ['status 1/0/0/0', 'status 1/0/1/0', 'status 1/1/1/0', 'status 1/0/0/0', 'status 1/0/0/1']
const END = ['keep_alive', 'discard_indices []', 'socket_intention close', 'status 0/0/0/0']

describe('a generation over WebSocket', () => {
  it('says word for word what the canonical transcript has', async () => {
    const session = await start()
    const { messages, code } = await talk('GenerateText2ImageWS', ask(session, { seed: 7 }))
    const progress = ['gen_progress', 'gen_progress', 'gen_progress', 'gen_progress']
    expect(messages.map(brief)).toEqual([...LOADED, ...progress, 'image 0', 'status 0/0/0/0', ...END])
    expect(code).toBe(1000)
    const image = messages.find((message) => 'image' in message)
    expect(Object.keys(image ?? {})).toEqual(['image', 'batch_index', 'request_id', 'metadata'])
    expect(image).toMatchObject({ batch_index: '0', request_id: '1001' })
    expect(JSON.parse(String(image?.metadata))).toMatchObject({ sui_image_params: { seed: 7, prompt: 'a lighthouse' } })
    const again = await talk('GenerateText2ImageWS', ask(session))
    expect(again.messages.map(brief).slice(0, 4)).toEqual([
      'status 1/0/0/0',
      'status 1/0/1/0',
      'status 1/0/0/0',
      'status 1/0/0/1',
    ])
  })

  it('refuses parameters without discard_indices and keep_alive', async () => {
    const session = await start()
    const { messages, code } = await talk('GenerateText2ImageWS', ask(session, { model: 'nope' }))
    const text =
      "Invalid value for parameter Model: Invalid model value for param Model - 'nope' - are you sure that model name is correct?"
    expect(messages.map(brief)).toEqual(['status 1/0/0/0', `error ${text}`, 'socket_intention close', 'status 0/0/0/0'])
    expect(Object.keys(messages[1] ?? {})).toEqual(['error'])
    expect(code).toBe(1000)
  })

  it('tells an error before the status, and goes on to the end', async () => {
    const session = await start({ previewEvery: 0, progressSteps: 1 })
    double.failImage(0, { kind: 'message', text: 'ComfyUI execution error: out of memory' })
    const { messages } = await talk('GenerateText2ImageWS', ask(session))
    expect(messages.map(brief)).toEqual([
      ...LOADED,
      'gen_progress',
      'error ComfyUI execution error: out of memory',
      'status 0/0/0/0',
      ...END,
    ])
  })

  it('has no backends the way the server has none', async () => {
    const session = await start()
    double.setBackends([])
    const { messages } = await talk('GenerateText2ImageWS', ask(session))
    expect(messages.map(brief)).toEqual([
      'status 1/0/0/0',
      'status 1/0/1/0',
      'error No backends available!',
      'status 1/0/0/0',
      ...END,
    ])
  })

  it.each<[Fault['kind'], string[]]>([
    ['silent', ['status 1/0/0/0', 'status 1/0/-1/0', ...END]],
    ['unreadable', ['status 1/0/0/0', 'socket_intention close', 'status 0/0/0/0']],
  ])('ends without a picture and without an error: %s', async (kind, expected) => {
    const session = await start()
    double.failImage(0, { kind } as Fault)
    const { messages, code } = await talk('GenerateText2ImageWS', ask(session))
    expect(messages.map(brief)).toEqual(expected)
    expect(code).toBe(1000)
  })

  it('takes further requests on the socket under the first session, with indices that go on', async () => {
    const session = await start({ previewEvery: 0, progressSteps: 1 })
    const { messages } = await talk(
      'GenerateText2ImageWS',
      ask(session, { images: 2, seed: 10 }),
      ask('nobody', { images: 1, seed: 50 }),
    )
    const images = messages.filter((message) => 'image' in message)
    expect(images.map(({ batch_index, request_id }) => `${request_id}:${batch_index}`).sort()).toEqual([
      '1001:0',
      '1001:1',
      '1002:2',
    ])
    expect(messages.filter((message) => 'discard_indices' in message)).toHaveLength(2)
    expect(double.requests.map(({ over }) => over)).toEqual(['http', 'ws', 'follow-up'])
  })

  it('stops reading for ever after a follow-up that is no JSON', async () => {
    const session = await start({ previewEvery: 0 })
    const { messages } = await talk('GenerateText2ImageWS', ask(session), '{', ask(session))
    expect(messages.filter((message) => 'image' in message)).toHaveLength(1)
  })

  it('goes on painting for a client that has left', async () => {
    const session = await start()
    double.failImage(0, { kind: 'hold' })
    double.dropAfter = 3
    expect((await talk('GenerateText2ImageWS', ask(session, { extra_metadata: { job: 'j1', on: true } }))).code).toBe(
      1006,
    )
    while ((await liveGens(session)) === 0);
    double.release()
    let listed: Json[] = []
    while (listed.length === 0) {
      listed = (await post('ListImages', { session_id: session, path: '', depth: 9 })).body.files as Json[]
    }
    expect(listed[0]?.src).toBe('raw/2026-11-25/0810-a lighthouse-flux1-dev-fp8safetensors.png')
    expect(JSON.parse(String(listed[0]?.metadata)).sui_extra_data).toMatchObject({ job: 'j1', on: 'True' })
  })

  it('sends the preview of a second batch item with a number', async () => {
    const session = await start()
    const { messages } = await talk('GenerateText2ImageWS', ask(session, { batchsize: 2, seed: 5 }))
    const previews = messages.flatMap(({ gen_progress }) =>
      (gen_progress as Json | undefined)?.preview ? [gen_progress as Json] : [],
    )
    expect(previews.map(({ batch_index }) => batch_index)).toEqual(['0', 1])
    expect(double.painted.map(({ seed }) => seed)).toEqual([5, 6])
  })

  it('interrupts all of a session, live with an error and queued without one', async () => {
    const session = await start({ progressSteps: 1, previewEvery: 0 })
    double.setBackends([backend({ maxUsages: 1 })])
    double.failImage(0, { kind: 'hold' })
    const spoken = talk('GenerateText2ImageWS', ask(session, { images: 2 }))
    while ((await liveGens(session)) === 0);
    expect((await post('InterruptAll', { session_id: session })).body).toEqual({ success: true })
    const { messages } = await spoken
    expect(messages.filter((message) => 'error' in message)).toEqual([{ error: 'Generation session interrupted.' }])
    expect(messages.filter((message) => 'image' in message)).toEqual([])
  })
})

describe('a generation over HTTP', () => {
  it('gives the pictures in the order they were finished in, and nothing else', async () => {
    const session = await start()
    double.setBackends([backend({ maxUsages: 3 })])
    double.completionOrder = [2, 0, 1]
    const { status, body } = await post('GenerateText2Image', ask(session, { images: 3, seed: 100 }))
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['images'])
    expect(double.painted.map(({ seed }) => seed)).toEqual([102, 100, 101])
    expect(body.images).toEqual(double.painted.map(({ path }) => `View/local/${path}`))
  })

  it('hides finished pictures behind one error', async () => {
    const session = await start()
    double.failImage(1, { kind: 'message', text: 'Something went wrong while generating images.' })
    const { status, body } = await post('GenerateText2Image', ask(session, { images: 3 }))
    expect({ status, body }).toEqual({ status: 200, body: { error: 'Something went wrong while generating images.' } })
    expect(double.files.size).toBe(2)
  })

  it('is 200 and empty where the server kept silent, 400 where it could not read the request', async () => {
    const session = await start()
    double.failImage(0, { kind: 'silent' })
    double.failImage(1, { kind: 'unreadable' })
    expect(await post('GenerateText2Image', ask(session))).toMatchObject({ status: 200, body: { images: [] } })
    expect(await post('GenerateText2Image', ask(session))).toMatchObject({
      status: 400,
      body: { error_id: 'internal_error', error: 'An internal error occurred' },
    })
  })

  it('takes what the real server takes, and says what it says', async () => {
    const session = await start()
    const result = async (more: Json): Promise<unknown> => {
      const { body } = await post('GenerateText2Image', ask(session, more))
      return body.error ?? (body.images as string[]).length
    }
    const model = double.models.get('Stable-Diffusion')?.[0]
    expect(await result({ model: 'flux' })).toBe(1)
    expect(double.painted.at(-1)?.model).toBe(model)
    expect(await result({ prompt: '' })).toBe(1)
    expect(await result({ stepz: 5, width2: 128 })).toBe(1)
    expect(await result({ seed: 4, seed_2: 5 })).toBe(1)
    expect(double.painted.at(-1)?.seed).toBe(5)
    expect(await result({ model: undefined })).toBe('No model input given. Did your UI load properly?')
    expect(await result({ steps: 501 })).toBe(
      "Invalid value for parameter Steps: Invalid integer value for param Steps - '501' - must be between 0 and 500",
    )
    expect(await result({ loras: 'nope' })).toBe(
      "Invalid value for parameter LoRAs: Invalid value for param LoRAs - 'nope' - option does not exist. Has it been deleted?",
    )
    expect(await result({ images: undefined })).toBe("Missing required parameter 'images'")
    double.presets.set('Dark', { seed: '9', steps: '3' })
    expect(await result({ seed: 4, presets: ['dark', 'unknown'] })).toBe(1)
    expect(double.painted.at(-1)?.seed).toBe(9)
  })
})

describe('the dispatcher', () => {
  it('checks in the order of the source, with its bodies', async () => {
    const session_id = await start({ permissions: ['basic_image_generation'], maxBytes: 500 })
    const got = async (route: string, body: unknown, init?: RequestInit): Promise<string> => {
      const { status, text } = await post(route, body, init)
      return `${status} ${text}`
    }
    expect(await got('Nope', undefined, { method: 'GET', body: null })).toMatch(/^302 /)
    expect(await got('Nope', '{}', { headers: { 'content-type': 'text/plain' } })).toBe(
      '400 {"error_id":"basic_api","error":"Wrong content type"}',
    )
    const stream = new Blob(['{}']).stream()
    expect(await got('Nope', '', { body: stream, duplex: 'half' } as RequestInit)).toBe(
      '400 {"error_id":"basic_api","error":"bad content length"}',
    )
    expect(await got('Nope', `{"a":"${'x'.repeat(500)}"}`)).toContain('bad content length')
    for (const bad of ['[]', '{', 'null', '5']) expect(await got('Nope', bad)).toContain('"internal_error"')
    expect(await got('Nope', {})).toBe('400 {"error_id":"basic_api","error":"missing session id"}')
    expect(await got('Nope', { session_id: 'x' })).toBe(
      '401 {"error":"Invalid session ID. You may need to refresh the page.","error_id":"invalid_session_id"}',
    )
    expect(await got('Nope', { session_id })).toBe('400 {"error_id":"bad_route","error":"Unknown API route"}')
    expect(await got('generatetext2imagews', { session_id })).toContain('API route needs websocket, request is HTTP')
    expect(await got('InterruptAll', { session_id })).toContain('You lack permissions for this route.')
    expect(await got('GetNewSession', '{}', { headers: { 'content-type': 'application/vnd.x+json' } })).toMatch(/^200 /)
    expect((await talk('Nope', { session_id })).messages).toEqual([
      { error_id: 'bad_route', error: 'Unknown API route.' },
    ])
    expect((await talk('GenerateText2ImageWS', '[')).messages).toEqual([
      { error_id: 'internal_error', error: 'An internal error occurred' },
    ])
    expect((await talk('GetCurrentStatus', { session_id })).messages[0]?.error_id).toBe('bad_request_method')
  })

  it('answers as version 0.9.7 did when asked to', async () => {
    await start({ legacyHtmlErrors: true })
    expect((await post('Nope', {})).status).toBe(302)
    expect((await post('Nope', { session_id: 'x' })).status).toBe(401)
    const page = await post('Nope', {}, { redirect: 'follow' })
    expect(page.text).toContain('<!DOCTYPE html>')
    expect((await talk('GenerateText2ImageWS', '[')).code).toBe(1011)
  })

  it('keeps sessions over a restart, and forgets them only when told', async () => {
    const session_id = await start()
    const before = (await post('GetNewSession', {})).body.server_id
    double.restart()
    await post('GetNewSession', {}).catch(() => undefined) // over the connection that is gone
    expect((await post('GetCurrentStatus', { session_id })).status).toBe(200)
    expect((await post('GetNewSession', {})).body.server_id).not.toBe(before)
    double.forgetSessions()
    expect((await post('GetCurrentStatus', { session_id })).status).toBe(401)
  })
})

describe('the pictures', () => {
  it('are PNG files of the size that was asked for, in colours of the seed, with their parameters inside', async () => {
    const session = await start()
    await post(
      'GenerateText2Image',
      ask(session, { width: 1344, height: 768, seed: 0x336699, prompt: 'caf\u00e9 100% #1' }),
    )
    const [path, file] = [...double.files][0] ?? []
    const png = decode(file?.bytes ?? new Uint8Array())
    expect({ width: png.width, height: png.height }).toEqual({ width: 1344, height: 768 })
    expect(png.palette?.[0]).toEqual([0x99, 0x66, 0x33])
    expect(new Set(png.data).size).toBe(16)
    expect(JSON.parse(String(png.text.parameters))).toMatchObject({ sui_image_params: { prompt: 'caf\u00e9 100% #1' } })
    const url = `${double.url}/View/local/${(path ?? '').split('/').map(encodeURIComponent).join('/')}`
    const response = await fetch(url)
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await response.arrayBuffer()).equals(file?.bytes ?? Buffer.alloc(0))).toBe(true)
    expect(await (await fetch(`${url}x`)).json()).toEqual({ error: '404, file not found.', error_id: 'file_not_found' })
  })
})
