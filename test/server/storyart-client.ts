/**
 * The rules by which StoryArt's browser app talks to its server, written anew: which endpoints in which order, what
 * counts as an answer, what is kept in localStorage when nobody answers.
 */
type Session = Record<string, unknown>

export interface ClientResult {
  success: boolean
  data?: Session
  sessions?: Session[]
  storage?: string
  error?: string
  timestamp?: number
}

const SLOT = 'storyart-latest-session'

export class StoryArtClient {
  readonly slot = new Map<string, string>()
  readonly #redis: string
  readonly #storyteller: string
  readonly #timeoutMs: number

  constructor(redisUrl: string, storytellerUrl: string, timeoutMs = 5000) {
    this.#redis = normalize(redisUrl)
    this.#storyteller = normalize(storytellerUrl)
    this.#timeoutMs = timeoutMs
  }

  async save(data: Session): Promise<ClientResult> {
    for (const base of [this.#redis, this.#storyteller]) {
      const response = await this.#fetch(`${base}/api/v1/session/save`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(data),
      })
      if (response?.status === 413) return { success: false, error: 'too large: try fewer beats or prompts' }
      if (!response?.ok) continue
      const result = (await response.json()) as ClientResult
      if (result.success) return { success: true, storage: result.storage ?? 'redis' }
    }
    this.slot.set(SLOT, JSON.stringify({ ...data, timestamp: data.timestamp ?? Date.now() }))
    return { success: true, storage: 'localStorage' }
  }

  async latest({ forceRedis = false } = {}): Promise<ClientResult> {
    const local = this.slot.get(SLOT)
    if (local !== undefined && !forceRedis) {
      const { timestamp: _, ...data } = JSON.parse(local) as Session
      return { success: true, data, storage: 'localStorage' }
    }
    return this.#first([
      `${this.#redis}/api/v1/session/latest`,
      `${this.#storyteller}/api/v1/session/latest`,
      `${this.#storyteller}/api/v1/redis/session/latest`,
    ])
  }

  async list(): Promise<ClientResult> {
    return this.#first([`${this.#redis}/api/v1/session/list`, `${this.#storyteller}/api/v1/session/list`])
  }

  async byTimestamp(timestamp: number): Promise<ClientResult> {
    const path = `/api/v1/session/${timestamp}`
    const result = await this.#first([`${this.#redis}${path}`, `${this.#storyteller}${path}`])
    const key = /storyart:session:(\d+)/.exec(String(result.data?.sessionKey))?.[1]
    const own = result.data?.timestamp ?? (key === undefined ? undefined : Number(key))
    return typeof own === 'number' ? { ...result, timestamp: own } : result
  }

  async #first(urls: readonly string[]): Promise<ClientResult> {
    let error = 'not found'
    for (const url of urls) {
      const response = await this.#fetch(url)
      if (!response || response.status === 404) continue
      const body = (await response.json()) as ClientResult & { message?: string }
      if (response.ok && body.success) return body
      error = body.message ?? `HTTP ${response.status}`
    }
    return { success: false, error }
  }

  /** Only the way to the headers has a limit; a network error is no answer. */
  async #fetch(url: string, init: RequestInit = {}): Promise<Response | null> {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), this.#timeoutMs)
    try {
      return await fetch(url, { ...init, signal: controller.signal })
    } catch {
      return null
    } finally {
      clearTimeout(timer)
    }
  }
}

/** As StoryArt does it, with its gaps: two slashes leave one, and capitals stay. */
export function normalize(url: string): string {
  return url
    .trim()
    .replace(/\/$/, '')
    .replace(/\/api\/v1$/, '')
}
