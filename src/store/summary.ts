/**
 * The few facts of a session that a list shows, kept beside the document so that a list reads no documents.
 * @module
 */
import type { ListEntry } from '../adapters/adapter.js'
import { promptStatus } from '../prompt/queue/status.js'
import type { Session } from '../schema/index.js'

/** What a list tells of one session, without its document. */
export interface SessionSummary {
  /** The version, in ms since the epoch. */
  timestamp: number
  /** The same moment as ISO 8601 text. */
  savedAt: string
  /** The name of the adapter that holds it, such as `redis`. */
  storage: string
  /** Size of the stored document in bytes of UTF-8; `null` if the backend cannot say. */
  sizeBytes: number | null
  /** When it will expire, as ISO 8601 text by the local clock; `null`: never. */
  expiresAt: string | null
  /** The story it belongs to; `null` if the session names none. */
  storyUuid: string | null
  /** Number of the episode; `null` if there is no analysis. */
  episodeNumber: number | null
  /** Title of the episode; empty if there is none. */
  title: string
  /** Scenes in the analysis. */
  sceneCount: number
  /** Beats in all scenes. */
  beatCount: number
  /** Prompts that can be painted, over all formats. */
  promptCount: number
  /** The first 160 characters of the script on one line. */
  scriptPreview: string
}

/** The part of a summary that comes from the document. @internal */
export type SessionFacts = Pick<
  SessionSummary,
  'storyUuid' | 'episodeNumber' | 'title' | 'sceneCount' | 'beatCount' | 'promptCount' | 'scriptPreview'
>

const PREVIEW_LENGTH = 160

/** @internal */
export function factsOf(session: Session): SessionFacts {
  const episode = session.analyzedEpisode
  const status = promptStatus(session)
  return {
    storyUuid: session.storyUuid ?? null,
    episodeNumber: episode?.episodeNumber ?? null,
    title: episode?.title ?? episode?.episodeTitle ?? '',
    sceneCount: episode?.scenes?.length ?? 0,
    beatCount: status.totalBeats,
    promptCount: status.totalPrompts,
    scriptPreview: previewOf(session.scriptText ?? ''),
  }
}

function previewOf(script: string): string {
  // Four times the length is enough source text, whatever its blanks; the rest of a long script is not touched.
  const line = script
    .slice(0, PREVIEW_LENGTH * 4)
    .replace(/\s+/g, ' ')
    .trim()
  return Array.from(line).slice(0, PREVIEW_LENGTH).join('')
}

/** @internal */
export function encodeFacts(facts: SessionFacts): string {
  return JSON.stringify({ v: 1, ...facts })
}

/** Reads a stored summary; `null` if it is none of this version, so that the caller makes a new one. @internal */
export function decodeFacts(text: string | undefined): SessionFacts | null {
  if (text === undefined) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null // a broken summary is like a missing one: the document is the truth
  }
  return isFacts(value) ? value : null
}

function isFacts(value: unknown): value is SessionFacts {
  if (typeof value !== 'object' || value === null) return false
  const facts = value as Record<keyof SessionFacts | 'v', unknown>
  return (
    facts.v === 1 &&
    (facts.storyUuid === null || typeof facts.storyUuid === 'string') &&
    (facts.episodeNumber === null || typeof facts.episodeNumber === 'number') &&
    typeof facts.title === 'string' &&
    typeof facts.scriptPreview === 'string' &&
    [facts.sceneCount, facts.beatCount, facts.promptCount].every((count) => Number.isSafeInteger(count))
  )
}

/** Joins what the document says with what the backend says. @internal */
export function summaryOf(entry: ListEntry, facts: SessionFacts, adapter: string, nowMs: number): SessionSummary {
  const ttlMs = entry.ttlMs ?? null
  return {
    timestamp: entry.id,
    savedAt: new Date(entry.id).toISOString(),
    storage: entry.storage ?? adapter,
    sizeBytes: entry.sizeBytes ?? null,
    expiresAt: ttlMs === null ? null : new Date(Math.min(nowMs + ttlMs, 8_640_000_000_000_000)).toISOString(),
    storyUuid: facts.storyUuid,
    episodeNumber: facts.episodeNumber,
    title: facts.title,
    sceneCount: facts.sceneCount,
    beatCount: facts.beatCount,
    promptCount: facts.promptCount,
    scriptPreview: facts.scriptPreview,
  }
}
