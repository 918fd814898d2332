/** The bodies of the REST API as schemas, each held to its type in `src/wire-answers.ts`. */
import { z } from 'zod'
import type { ConflictReason, SessionIssue, StoryArtErrorCode } from '../../../src/errors.js'
import { IMAGE_FORMATS } from '../../../src/prompt/image-format.js'
import type { ImageJob } from '../../../src/prompt/queue/queue.js'
import { SessionSchema, SessionTimestampSchema, SwarmUIPromptSchema } from '../../../src/schema/index.js'
import type { SessionPage, SessionSummary } from '../../../src/store/index.js'
import { STATUS_OF_CODE } from '../../../src/wire.js'
import type * as wire from '../../../src/wire-answers.js'

type Exactly<A, B> = [A] extends [B] ? ([B] extends [A] ? unknown : never) : never

/** The schema itself, if its type is exactly `T`; else it does not compile. */
function of<T>() {
  return <S extends z.ZodType>(schema: S & Exactly<z.output<S>, T>): S => schema
}

const success = z.literal(true)
const count = z.int().min(0)
const moment = z.iso.datetime()

const codes = Object.keys(STATUS_OF_CODE) as StoryArtErrorCode[]

export const SessionIssueSchema = of<SessionIssue>()(z.object({ path: z.string(), message: z.string() }))

export const SaveAnswerSchema = of<wire.SaveAnswer>()(
  z.object({ success, message: z.string(), sessionKey: z.string(), storage: z.string() }),
)

export const PutAnswerSchema = of<wire.PutAnswer>()(
  z.object({
    ...SaveAnswerSchema.shape,
    timestamp: SessionTimestampSchema,
    savedAt: moment,
    degraded: z.boolean(),
  }),
)

export const SessionAnswerSchema = z.object({ success, data: SessionSchema, storage: z.string() })

export const SessionListAnswerSchema = z.object({ success, count, sessions: z.array(SessionSchema) })

export const SessionSummarySchema = of<SessionSummary>()(
  z.object({
    timestamp: SessionTimestampSchema,
    savedAt: moment,
    storage: z.string(),
    sizeBytes: count.nullable(),
    expiresAt: moment.nullable(),
    storyUuid: z.string().nullable(),
    episodeNumber: z.number().nullable(),
    title: z.string(),
    sceneCount: count,
    beatCount: count,
    promptCount: count,
    scriptPreview: z.string(),
  }),
)

export const SummaryListAnswerSchema = of<wire.SummaryListAnswer & SessionPage>()(
  z.object({
    success,
    count,
    sessions: z.array(SessionSummarySchema),
    cursor: z.string().exactOptional(),
    degraded: z.boolean(),
    skipped: z.array(
      z.object({
        timestamp: SessionTimestampSchema,
        reason: z.enum(['expired', 'unreadable']),
        message: z.string().exactOptional(),
      }),
    ),
  }),
)

export const EntrySchema = of<wire.EntryAnswer>()(
  z.object({
    id: SessionTimestampSchema,
    summary: z.string().exactOptional(),
    sizeBytes: count.exactOptional(),
    ttlMs: z.number().nullable().exactOptional(),
    storage: z.string().exactOptional(),
    degraded: z.boolean().exactOptional(),
  }),
)

export const EntryListAnswerSchema = of<wire.EntryListAnswer>()(
  z.object({
    success,
    entries: z.array(EntrySchema),
    expired: z.array(SessionTimestampSchema).exactOptional(),
    next: z.int().exactOptional(),
    degraded: z.boolean().exactOptional(),
  }),
)

export const PromptsStatusAnswerSchema = of<wire.PromptsStatusAnswer>()(
  z.object({
    promptsReady: z.boolean(),
    sessionTimestamp: SessionTimestampSchema,
    totalBeats: count,
    totalPrompts: count,
    lastUpdated: moment,
  }),
)

export const ImageJobSchema = of<ImageJob>()(
  z.object({
    key: z.string(),
    sceneNumber: z.number().nullable(),
    sceneTitle: z.string(),
    beatId: z.string(),
    beatIndex: count,
    format: z.enum(IMAGE_FORMATS),
    aspectRatio: z.enum(['16:9', '9:16']),
    prompt: SwarmUIPromptSchema,
    beatScriptText: z.string(),
    images: z.int().min(1),
  }),
)

export const QueueAnswerSchema = z.object({
  success,
  sessionTimestamp: SessionTimestampSchema,
  count,
  jobs: z.array(ImageJobSchema),
})

export const DoneAnswerSchema = of<wire.DoneAnswer>()(z.object({ success }))

export const HealthAnswerSchema = of<wire.HealthAnswer>()(
  z.object({
    success: z.boolean(),
    status: z.enum(['healthy', 'degraded', 'unhealthy']),
    redis: z.enum(['connected', 'disconnected']),
    memory: z.enum(['active', 'empty']),
    error: z.string().exactOptional(),
    id: z.string().exactOptional(),
  }),
)

export const EventDataSchema = of<wire.EventData>()(
  z.object({ type: z.enum(['saved', 'updated', 'deleted']), timestamp: SessionTimestampSchema }),
)

export const ErrorAnswerSchema = of<wire.ErrorAnswer>()(
  z.object({
    success: z.literal(false),
    error: z.string(),
    code: z.enum(codes).exactOptional(),
    issues: z.array(SessionIssueSchema).readonly().exactOptional(),
    reason: z.enum(['exists', 'changed', 'missing'] satisfies ConflictReason[]).exactOptional(),
    id: z.string().exactOptional(),
  }),
)

/** What `GET /openapi.json` answers; what is in it is not this document's to say. */
export const OpenApiDocumentSchema = z.looseObject({ openapi: z.string() })
