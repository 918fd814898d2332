/** The errors, as whoever catches them narrows them. Checked by `tsc`, never run. */
import {
  AdapterError,
  type AdapterErrorCode,
  type AdapterErrorDetails,
  type ConflictReason,
  isStoryArtError,
  SessionConflictError,
  SessionInvalidError,
  type SessionIssue,
  StoryArtError,
  type StoryArtErrorCode,
  type StoryArtErrorOptions,
  SwarmError,
  type SwarmErrorCode,
  type SwarmErrorOptions,
  TimeoutError,
} from 'storyart-sdk'
import { expectTypeOf } from 'vitest'

/** What is caught is unknown, until one asks. */
export function caught(error: unknown): string {
  // @ts-expect-error anything may have been thrown
  void error.code
  if (!isStoryArtError(error)) return String(error)
  expectTypeOf(error).toEqualTypeOf<StoryArtError>()
  // @ts-expect-error only SwarmError has the server's words
  void error.detail
  // @ts-expect-error no such code, so the comparison is a slip of the pen
  if (error.code === 'SESSION_MISSING') return ''
  return error.message
}

/** The union is closed: this stops compiling with every code that is added. */
export function remedy(code: StoryArtErrorCode): string {
  switch (code) {
    case 'INVALID_ARGUMENT':
    case 'SESSION_INVALID':
    case 'SESSION_CONFLICT':
      return 'mend the call'
    case 'ADAPTER_UNAVAILABLE':
    case 'ADAPTER_DENIED':
    case 'ADAPTER_QUOTA':
    case 'ADAPTER_FAILED':
      return 'look at the backend'
    case 'TIMEOUT':
    case 'CLOSED':
    case 'GENERATION_FAILED':
      return 'try again'
    case 'SWARM_REFUSED':
    case 'SWARM_UNAVAILABLE':
    case 'SWARM_FAILED':
    case 'SWARM_LOST':
    case 'SWARM_DENIED':
    case 'SWARM_PROTOCOL':
      return 'look at the image server'
    default:
      return code satisfies never
  }
}

/** Each class has its field, and only the codes that can be its own. */
export function classes(error: StoryArtError): void {
  expectTypeOf(error.code).toEqualTypeOf<StoryArtErrorCode>()
  if (error instanceof SessionInvalidError) {
    expectTypeOf(error.issues).toEqualTypeOf<readonly SessionIssue[]>()
    expectTypeOf(error.issues[0]).toEqualTypeOf<{ path: string; message: string } | undefined>()
  }
  if (error instanceof SessionConflictError) {
    expectTypeOf(error.timestamp).toEqualTypeOf<number>()
    expectTypeOf(error.reason).toEqualTypeOf<ConflictReason>()
    expectTypeOf<ConflictReason>().toEqualTypeOf<'exists' | 'changed' | 'missing'>()
  }
  if (error instanceof AdapterError) {
    expectTypeOf(error.code).toEqualTypeOf<AdapterErrorCode>()
    expectTypeOf([error.adapter, error.operation]).toEqualTypeOf<string[]>()
  }
  if (error instanceof SwarmError) {
    expectTypeOf(error.code).toEqualTypeOf<SwarmErrorCode>()
    expectTypeOf(error.detail).toEqualTypeOf<string | null>()
  }
  if (error instanceof TimeoutError) expectTypeOf(error.timeoutMs).toEqualTypeOf<number>()
  expectTypeOf<AdapterErrorCode>().toEqualTypeOf<
    'ADAPTER_UNAVAILABLE' | 'ADAPTER_DENIED' | 'ADAPTER_QUOTA' | 'ADAPTER_FAILED'
  >()
  expectTypeOf<SwarmErrorCode>().toEqualTypeOf<
    'SWARM_REFUSED' | 'SWARM_UNAVAILABLE' | 'SWARM_FAILED' | 'SWARM_LOST' | 'SWARM_DENIED' | 'SWARM_PROTOCOL'
  >()
}

/** What an adapter of somebody else's makes. */
export function made(cause: unknown, detail: string | undefined): StoryArtError[] {
  expectTypeOf<AdapterErrorDetails>().toEqualTypeOf<{ adapter: string; operation: string; cause?: unknown }>()
  expectTypeOf<StoryArtErrorOptions>().toEqualTypeOf<{ cause?: unknown }>()
  expectTypeOf<SwarmErrorOptions>().toEqualTypeOf<{ cause?: unknown; detail?: string | null | undefined }>()
  return [
    new StoryArtError('CLOSED', 'closed', { cause }),
    new SessionInvalidError('no session', [{ path: '', message: 'not JSON' }]),
    new SessionConflictError('there is one', 1, 'exists'),
    new AdapterError('ADAPTER_QUOTA', 'full', { adapter: 'mine', operation: 'put', cause }),
    new SwarmError('SWARM_FAILED', 'failed', { detail }),
    new TimeoutError('too late', 1_000),
    // @ts-expect-error no such code
    new StoryArtError('NOT_FOUND', 'gone'),
    // @ts-expect-error a code of another family
    new AdapterError('SWARM_LOST', 'lost', { adapter: 'mine', operation: 'put' }),
    // @ts-expect-error whose failure, and of what
    new AdapterError('ADAPTER_FAILED', 'failed', {}),
    // @ts-expect-error no such reason
    new SessionConflictError('?', 1, 'gone'),
    // @ts-expect-error issues are needed
    new SessionInvalidError('no session'),
  ]
}
