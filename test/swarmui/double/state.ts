/** What the double holds, and the knobs a test may turn. Times are short so that tests are; their order is the real one. */
import type { WebSocket } from 'ws'
import { painter } from './paint.js'

export interface DoubleOptions {
  /** How long a socket takes further requests after the last one ended. The real server: 2000. */
  graceMs?: number
  /** How often a request that waits says it is alive. The real server: 30000. */
  keepAliveMs?: number
  /** How long one step of progress takes. */
  stepMs?: number
  progressSteps?: number
  /** Every how many steps a preview is sent; 0 for never. */
  previewEvery?: number
  modelLoadMs?: number
  /** The one origin allowed, or `*`. */
  cors?: string
  requiredAuthorization?: string
  /** Makes users necessary: only who sends this cookie gets a session or a file. */
  token?: string
  /** Answers as version 0.9.7 does. */
  legacyHtmlErrors?: boolean
  maxBytes?: number
  /** How many pictures the history lists, the newest first: the user setting `MaxImagesInHistory`. */
  maxInHistory?: number
  permissions?: readonly string[]
  /** Randomness for seeds. */
  random?: () => number
}

export type Fault =
  | { kind: 'message'; text: string }
  /** An exception nobody may read while filling the prompt: no image, no error. */
  | { kind: 'silent' }
  /** An exception nobody may read while parsing the request. */
  | { kind: 'unreadable' }
  /** The connection breaks while the picture is being painted, or when it is saved but not yet told. */
  | { kind: 'drop'; when: 'live' | 'saved' }
  | { kind: 'slow'; ms: number }
  /** Waits while live until `release` is called. */
  | { kind: 'hold' }

export interface Claim {
  session: SwarmSession
  waitingGens: number
  loadingModels: number
  waitingBackends: number
  liveGens: number
  /** Set by InterruptAll, and by a restart. */
  interrupted: boolean
  /** Set by the first error of the request. */
  cancelled: boolean
}

export interface SwarmSession {
  id: string
  user: string
  claims: Set<Claim>
}

export interface Backend {
  status: 'running' | 'loading' | 'waiting' | 'idle' | 'errored' | 'disabled'
  maxUsages: number
  features: readonly string[]
  model: string | null
  inUse: number
}

export interface StoredFile {
  bytes: Buffer
  metadata: string
  extra: Record<string, unknown>
}

export interface SeenRequest {
  route: string
  over: 'http' | 'ws' | 'follow-up'
  body: unknown
  headers: NodeJS.Dict<string | string[]>
}

export interface Painted {
  /** `storyart_job` and `storyart_take` of the caller's metadata. */
  job: unknown
  take: unknown
  seed: number
  model: string
  prompt: string
  path: string
}

export function backend(change: Partial<Backend> = {}): Backend {
  return { status: 'running', maxUsages: 2, features: ['comfyui'], model: null, inUse: 0, ...change }
}

export class DoubleState {
  readonly options: Required<Omit<DoubleOptions, 'cors' | 'requiredAuthorization' | 'token'>> & DoubleOptions
  readonly sessions = new Map<string, SwarmSession>()
  readonly files = new Map<string, StoredFile>()
  readonly models = new Map<string, string[]>([
    ['Stable-Diffusion', ['flux1-dev-fp8.safetensors', 'Old/sdxl base 1.0.safetensors']],
    ['LoRA', ['gargan.safetensors', 'ink wash.safetensors', 'Style/ink.safetensors']],
    ['VAE', []],
    ['Embedding', []],
  ])
  readonly presets = new Map<string, Record<string, string>>()
  backends: Backend[] = [backend()]
  serverId = 'server-1'
  nextRequestId = 1001
  /** How many images were ever dispatched: names the next one for `faults`. */
  dispatched = 0
  readonly faults = new Map<number, Fault>()
  /** Every fault that was met. */
  readonly met: Fault[] = []
  /** Asked before every image; for tests that do something at a moment of their choice. */
  beforeImage: ((number: number) => void) | null = null
  /** Loading any model fails. */
  modelLoadFails = false
  refuseSessions = false
  miniGrid = false
  /** Also emits an intermediate, and an output beyond what was asked for. */
  extraOutputs = false
  completionOrder: readonly number[] | null = null
  neverClose = false
  /** Closes the connection of a generation after that many messages; `null` for never. */
  dropAfter: number | null = null
  /** All connections are refused, as while a server restarts. */
  down = false

  readonly requests: SeenRequest[] = []
  readonly painted: Painted[] = []
  /** What happened, in order, where order matters. */
  readonly log: string[] = []

  readonly sockets = new Set<WebSocket>()
  readonly paint = painter()
  readonly #held = new Set<() => void>()
  readonly #waiters = new Set<() => void>()
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(options: DoubleOptions) {
    this.options = {
      graceMs: 20,
      keepAliveMs: 50,
      stepMs: 1,
      progressSteps: 3,
      previewEvery: 2,
      modelLoadMs: 1,
      legacyHtmlErrors: false,
      maxBytes: 200 * 2 ** 20,
      maxInHistory: 1000,
      permissions: ['*'],
      random: Math.random,
      ...options,
    }
  }

  /** Lets time pass; a double that is shut down lets none. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        resolve()
      }, ms)
      this.#timers.add(timer)
    })
  }

  /** Resolves at the next change of backends, claims or held images. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.#waiters.add(resolve))
  }

  notify(): void {
    for (const wake of [...this.#waiters]) {
      this.#waiters.delete(wake)
      wake()
    }
  }

  /** What the image of this number meets; only once. */
  takeFault(number: number): Fault | undefined {
    const fault = this.faults.get(number)
    this.faults.delete(number)
    if (fault) this.met.push(fault)
    return fault
  }

  held(): Promise<void> {
    return new Promise((resolve) => this.#held.add(resolve))
  }

  /** Lets all held images go on. */
  release(): void {
    for (const go of this.#held) go()
    this.#held.clear()
  }

  forget(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    this.#waiters.clear()
    this.#held.clear()
  }
}

/** The numbers every status message holds: totals of one session, or of all. */
export function statusOf(state: DoubleState, sessions: Iterable<SwarmSession>): Record<string, unknown> {
  const status = { waiting_gens: 0, loading_models: 0, waiting_backends: 0, live_gens: 0 }
  for (const { claims } of sessions) {
    for (const claim of claims) {
      status.waiting_gens += claim.waitingGens
      status.loading_models += claim.loadingModels
      status.waiting_backends += claim.waitingBackends
      status.live_gens += claim.liveGens
    }
  }
  const running = state.backends.some((one) => one.status === 'running')
  return {
    status,
    backend_status: {
      status: state.backends.length === 0 ? 'empty' : running ? 'running' : 'some_loading',
      class: running ? '' : 'warn',
      message: '',
      any_loading: state.backends.some((one) => one.status === 'loading'),
    },
    supported_features: ['comfyui'],
  }
}
