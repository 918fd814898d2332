/** Painting, as one calls it. Checked by `tsc`, never run. */
import {
  type FailedSlot,
  type FilledSlot,
  type Finding,
  type ImageJob,
  imageQueue,
  type PromptStatus,
  type Session,
  type SessionStore,
  type SwarmError,
  type SwarmUIPrompt,
} from 'storyart-sdk'
import {
  type Catalogue,
  type CatalogueParameter,
  type DirectorySink,
  type DirectorySinkOptions,
  type DownloadedImage,
  directorySink,
  type GeneratedImage,
  type GenerateImagesOptions,
  type GenerateOptions,
  type GenerateRequest,
  type Generation,
  type GenerationProgress,
  generateImages,
  type ImageEvent,
  type ImageInfo,
  type ImageProgress,
  type ImageResult,
  type ImageSink,
  type Manifest,
  type MemorySink,
  memorySink,
  type PaintEvent,
  type PaintReport,
  type PaintSessionOptions,
  type ParameterValue,
  paintSession,
  type RecoverOptions,
  type RunningImage,
  type SavedImage,
  type ServerStatus,
  type SessionSource,
  type StoredSession,
  type SubmitTicket,
  type SwarmCallOptions,
  SwarmUIClient,
  type SwarmUIClientOptions,
  savedImages,
  type WebSocketClass,
  type WebSocketEventLike,
  type WebSocketLike,
} from 'storyart-sdk/swarmui'
import { expectTypeOf } from 'vitest'
import { WebSocket as WsSocket } from 'ws'

export function making(token: string | undefined, event: WebSocketEventLike): SwarmUIClient {
  expectTypeOf(SwarmUIClient).toBeConstructibleWith({ baseUrl: 'http://localhost:7801' })
  // The sockets of `ws`, of browsers and of Node go in as they are.
  const sockets: WebSocketClass[] = [WsSocket, WebSocket]
  expectTypeOf<InstanceType<typeof WsSocket>>().toExtend<WebSocketLike>()
  expectTypeOf(event.data).toEqualTypeOf<unknown>()
  const options: SwarmUIClientOptions = { baseUrl: '', token, authorization: undefined, headers: undefined }
  // @ts-expect-error the address has no default
  void new SwarmUIClient({})
  // @ts-expect-error no such transport
  void new SwarmUIClient({ baseUrl: '', transport: 'ws' })
  return new SwarmUIClient({ ...options, WebSocket: sockets[0], fetch: undefined })
}

export async function asking(client: SwarmUIClient, prompt: SwarmUIPrompt, maybe?: AbortSignal): Promise<void> {
  expectTypeOf(client.generate).parameters.toEqualTypeOf<[request: GenerateRequest, options?: GenerateOptions]>()
  const onSubmit = async (ticket: SubmitTicket): Promise<void> => {
    expectTypeOf(ticket).toEqualTypeOf<{ session: string; server: string }>()
  }
  const onProgress = (progress: GenerationProgress): void => {
    expectTypeOf(progress).toEqualTypeOf<{ index: number; done: number; preview: string | null }>()
  }
  // A prompt of the queue is a set of parameters as it is.
  const made = await client.generate({ parameters: prompt, images: undefined }, { signal: maybe, onProgress, onSubmit })
  expectTypeOf(made).toEqualTypeOf<Generation>()
  expectTypeOf(made.images).toEqualTypeOf<GeneratedImage[]>()
  expectTypeOf(made.error).toEqualTypeOf<SwarmError | null>()
  expectTypeOf<ParameterValue>().toEqualTypeOf<string | number | boolean | null | undefined>()
  expectTypeOf(client.recover).parameters.toEqualTypeOf<[options: RecoverOptions]>()
  expectTypeOf(client.recover).returns.resolves.toEqualTypeOf<GeneratedImage[]>()
  expectTypeOf(client.download).returns.resolves.toEqualTypeOf<DownloadedImage>()
  expectTypeOf<DownloadedImage>().toExtend<ImageInfo>()
  expectTypeOf<ImageInfo['type']>().toEqualTypeOf<'png' | 'jpeg' | 'webp'>()
  const { models, parameters } = await client.catalogue({ refresh: undefined })
  expectTypeOf(client.catalogue).returns.resolves.toEqualTypeOf<Catalogue>()
  expectTypeOf(models).toEqualTypeOf<readonly string[]>()
  expectTypeOf(parameters.get('steps')).toEqualTypeOf<CatalogueParameter | undefined>()
  expectTypeOf(client.status).toEqualTypeOf<(options?: SwarmCallOptions) => Promise<ServerStatus>>()
  await using disposable: AsyncDisposable = client
  void disposable
  // @ts-expect-error parameters stand in an object of their own
  await client.generate({ prompt: 'fog' })
  // @ts-expect-error a parameter is a plain value
  await client.generate({ parameters: { prompt: ['fog'] } })
  // @ts-expect-error whether the ticket is known has to be said
  await client.recover({ metadata: {} })
}

export async function painting(session: Session, client: SwarmUIClient): Promise<void> {
  expectTypeOf(generateImages).parameters.toEqualTypeOf<
    [jobs: Iterable<ImageJob> | AsyncIterable<ImageJob>, options: GenerateImagesOptions]
  >()
  const options: GenerateImagesOptions = { client, out: memorySink(), defaults: undefined, signal: undefined }
  for await (const result of generateImages(imageQueue(session), { ...options, onEvent: seen })) {
    expectTypeOf(result).toEqualTypeOf<ImageResult>()
    expectTypeOf(result.status).toEqualTypeOf<'painted' | 'kept' | 'failed'>()
    expectTypeOf(result.images).toEqualTypeOf<SavedImage[]>()
    expectTypeOf(result.error).toEqualTypeOf<unknown>()
    // @ts-expect-error no such end
    if (result.status === 'skipped') return
  }
  // @ts-expect-error a session is no queue
  void generateImages(session, options)
  // @ts-expect-error prompts are no jobs
  void generateImages([{ prompt: 'fog' }], options)
  // @ts-expect-error a path is for paintSession; here directorySink(path)
  void generateImages([], { client, out: 'pictures' })
  // @ts-expect-error it is an iterable, not a promise
  await generateImages([], options).then()
}

/** The type of an event says what it holds. */
export function seen(event: PaintEvent): void {
  switch (event.type) {
    case 'progress':
      expectTypeOf(event.progress).toEqualTypeOf<ImageProgress>()
      expectTypeOf(event.progress.running).toEqualTypeOf<RunningImage[]>()
      expectTypeOf(event.progress.remainingMs).toEqualTypeOf<number | null>()
      return
    case 'retry':
      expectTypeOf(event.job).toEqualTypeOf<ImageJob>()
      return
    case 'warning':
      expectTypeOf(event.job).toEqualTypeOf<ImageJob | null>()
      return
    case 'queued':
      expectTypeOf(event.findings).toEqualTypeOf<readonly Finding[]>()
      expectTypeOf(event.jobs).toEqualTypeOf<number>()
      return
    case 'result':
      expectTypeOf(event.result).toEqualTypeOf<ImageResult>()
      return
    default:
      event satisfies never
  }
}

export function fewer(): void {
  expectTypeOf<ImageEvent['type']>().toEqualTypeOf<'progress' | 'retry' | 'warning'>()
}

export async function sessions(store: SessionStore, client: SwarmUIClient, since?: number): Promise<void> {
  expectTypeOf(paintSession).parameters.toEqualTypeOf<[store: SessionSource, options: PaintSessionOptions]>()
  const report = await paintSession(store, { client, out: 'pictures', since, timestamp: undefined, onEvent: seen })
  expectTypeOf(report).toEqualTypeOf<PaintReport>()
  expectTypeOf<PaintReport>().toEqualTypeOf<{
    timestamp: number
    jobs: number
    painted: number
    kept: number
    failed: ImageResult[]
    prompts: PromptStatus
    filled: readonly FilledSlot[]
    unfilled: readonly FailedSlot[]
    findings: readonly Finding[]
  }>()
  // Anything that has sessions will do.
  const one: StoredSession = { timestamp: 1, session: {} }
  await paintSession({ latest: async () => one, get: async () => null }, { client, out: memorySink() })
  await paintSession(store, { client, out: 'pictures', stopOn: ({ severity }) => severity === 'warning' })
  // @ts-expect-error where to
  await paintSession(store, { client })
  await paintSession(store, { client, out: 'pictures', scenes: [1], beats: ['s1-b1'] })
  // @ts-expect-error scenes are named by their numbers
  await paintSession(store, { client, out: 'pictures', scenes: ['1'] })
  // @ts-expect-error a version is named by its timestamp
  await paintSession(store, { client, out: 'pictures', since: {} })
  // @ts-expect-error a session alone; generateImages(imageQueue(session), ...) paints it
  await paintSession({ scriptText: '' }, { client, out: 'pictures' })
}

export async function sinks(manifest: Manifest): Promise<void> {
  expectTypeOf(directorySink).toEqualTypeOf<(directory: string, options?: DirectorySinkOptions) => DirectorySink>()
  expectTypeOf<DirectorySink>().toExtend<ImageSink>()
  expectTypeOf(memorySink).toEqualTypeOf<() => MemorySink>()
  expectTypeOf(memorySink().files).toEqualTypeOf<ReadonlyMap<string, Uint8Array>>()
  void directorySink('pictures', { manifestName: undefined })
  const mine: ImageSink[] = [
    { save: async () => 'saved', size: async () => null, manifest },
    { save: async () => 'taken', size: async () => 1, manifest: undefined },
    // @ts-expect-error it has to be told whether the name was taken
    { save: async () => undefined, size: async () => null },
    // @ts-expect-error a size, or null; undefined would be neither
    { save: async () => 'saved', size: async () => undefined },
  ]
  void mine
  expectTypeOf(manifest.begin).toEqualTypeOf<(() => Promise<void>) | undefined>()
  expectTypeOf(await savedImages(imageQueue({}), memorySink())).toEqualTypeOf<Map<string, SavedImage[]>>()
  // @ts-expect-error the jobs come first
  await savedImages(memorySink(), imageQueue({}))
}
