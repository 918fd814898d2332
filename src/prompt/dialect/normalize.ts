/**
 * Sessions of other writers in the shape StoryArt writes.
 * @module
 */

import type { Session } from '../../schema/index.js'
import { reuseLabel } from '../check/check-beat.js'
import { timestampInKey } from '../check/check-timestamp.js'
import { imageDecision } from '../decision.js'
import { isRecord } from '../is-record.js'
import { sessionContext } from '../session-context.js'
import { normalBeat } from './normalize-beat.js'
import { normalContext } from './normalize-context.js'
import { withPromptsInBeats } from './normalize-prompts.js'
import { mapList, type Note, type Row, renamed, withKey } from './reshape.js'

/** One change that {@link normalizeSession} made. */
export interface NormalizedPlace {
  /** Where it was in the document given; in the context below `episodeContext`, also where that is a text. */
  path: string
  /** What was done. Never a value of the document. */
  message: string
}

/** What {@link normalizeSession} returns. */
export interface NormalizedSession<T> {
  /** The session in StoryArt's shape; the very value given if there was nothing to change. */
  session: T
  /** Every change, none left out. */
  changes: NormalizedPlace[]
}

/**
 * Brings a session of another writer into the shape StoryArt's own server stores, and says everything it did.
 *
 * The answer of a server is unwrapped (`{ success, data }`). A timestamp in text, or only in `sessionKey`, becomes a number.
 * The context becomes one JSON text, with the episode under `episode`, characters by `character_name` and listed in the
 * episode, things by `artifact_name` and `swarmui_prompt_fragment`, the first API's `characters` of a scene as
 * `character_appearances`. Beats get their snake_case names, decisions and prompts become objects, StorySwarm's `prompt` and
 * the guide's list of prompts move into `prompts` of the beats, labels of reused pictures are set.
 *
 * Nothing is guessed and nothing is dropped: unknown fields stay, a value whose place is taken by another stays where it is,
 * a beat without decision gets none, a context that is no JSON is left. The value given is never written to; parts that need no change are
 * the same objects, and running it again changes nothing. It does not validate: parse the result, or save it, which does.
 * Linear in the session; never throws.
 *
 * @param value - A session of any dialect; what is no object comes back as it is.
 * @returns The session and the changes.
 * @example
 * ```ts
 * import { normalizeSession } from 'storyart-sdk/prompt'
 *
 * const beat = { beatId: 'ep1_sc1_bt1', narrativeText: 'Fog.', imageDecision: 'NEW_IMAGE', prompts: { cinematic: 'fog' } }
 * const { session, changes } = normalizeSession({ timestamp: '1704067200000', analyzedEpisode: { scenes: [{ beats: [beat] }] } })
 * console.log(changes.length, changes[0]?.path, changes[0]?.message) // 4 timestamp the text became a number
 * console.log(changes[1]?.path, changes[1]?.message) // analyzedEpisode.scenes[0].beats[0].narrativeText renamed to beat_script_text
 * console.log(normalizeSession(session).session === session) // true
 * ```
 */
export function normalizeSession(value: Session): NormalizedSession<Session>
export function normalizeSession(value: unknown): NormalizedSession<unknown>
export function normalizeSession(value: unknown): NormalizedSession<unknown> {
  const changes: NormalizedPlace[] = []
  if (!isRecord(value)) return { session: value, changes }
  const note: Note = (path, message) => changes.push({ path, message })
  let session = unwrapped(value, note)
  session = withTimestamp(session, note)
  session = withContext(session, note)
  session = withAnalysis(session, note)
  session = withPromptsInBeats(session, note)
  return { session: withLabels(session, note), changes }
}

function unwrapped(value: Row, note: Note): Row {
  let session = value
  while (session.success === true && isRecord(session.data) && !('scriptText' in session)) {
    note('data', 'taken out of the answer of a server')
    session = session.data
  }
  return session
}

function withTimestamp(session: Row, note: Note): Row {
  const { timestamp, sessionKey } = session
  const text = typeof timestamp === 'string' ? timestamp.trim() : ''
  if (/^\d{1,16}$/.test(text) && isVersion(Number(text))) {
    note('timestamp', 'the text became a number')
    return withKey(session, 'timestamp', Number(text))
  }
  const keyed = timestamp == null && typeof sessionKey === 'string' ? timestampInKey(sessionKey) : null
  if (keyed === null || !isVersion(keyed)) return session
  note('timestamp', 'taken from sessionKey')
  return withKey(session, 'timestamp', keyed)
}

/** Whether a number can be a session's version: the last is the last moment a `Date` can hold. */
function isVersion(number: number): boolean {
  return number >= 1 && number <= 8_640_000_000_000_000
}

function withContext(session: Row, note: Note): Row {
  const stored = session.episodeContext
  if (typeof stored !== 'string' && !isRecord(stored)) return session
  const context = sessionContext({ episodeContext: stored })
  if (!isRecord(context)) return session
  const made: NormalizedPlace[] = []
  if (typeof stored !== 'string') made.push({ path: 'episodeContext', message: 'the object became a JSON text' })
  else if (stored.trimStart().startsWith('"'))
    made.push({ path: 'episodeContext', message: 'encoded once instead of twice' })
  const changed = normalContext(context, (path, message) => made.push({ path, message }))
  if (!made.length) return session
  const text = jsonOf(changed, typeof stored === 'string' && stored.includes('\n') ? 2 : 0)
  if (text === null) return session
  for (const { path, message } of made) note(path, message)
  return withKey(session, 'episodeContext', text)
}

/** The JSON text, or `null` of what is nested too deep for one. */
function jsonOf(value: unknown, indent: number): string | null {
  try {
    return JSON.stringify(value, null, indent)
  } catch {
    return null
  }
}

function withAnalysis(session: Row, note: Note): Row {
  const path = 'analyzedEpisode'
  if (!isRecord(session.analyzedEpisode)) return session
  const episode = renamed(session.analyzedEpisode, 'episodeTitle', 'title', path, note)
  const scenes = mapList(episode, 'scenes', path, (scene, scenePath) =>
    mapList(withNumber(scene, scenePath, note), 'beats', scenePath, (beat, at) => normalBeat(beat, at, note)),
  )
  return withKey(session, path, scenes)
}

function withNumber(scene: Row, path: string, note: Note): Row {
  const { sceneNumber } = scene
  if (typeof sceneNumber !== 'string' || !/^\s*\d{1,9}\s*$/.test(sceneNumber)) return scene
  note(`${path}.sceneNumber`, 'the text became a number')
  return withKey(scene, 'sceneNumber', Number(sceneNumber))
}

/** Names the sources of reused pictures as StoryArt does; where there is no such beat, what stands there stays. */
function withLabels(session: Row, note: Note): Row {
  const path = 'analyzedEpisode'
  const labels = new Map<string, string>()
  if (!isRecord(session[path])) return session
  const episode = session[path]
  const walk = (change: (beat: Row, path: string, scene: Row) => Row): Row =>
    mapList(episode, 'scenes', path, (scene, at) =>
      mapList(scene, 'beats', at, (beat, place) => change(beat, place, scene)),
    )
  walk((beat, _, { sceneNumber }) => {
    const id = typeof beat.beatId === 'string' ? beat.beatId.trim() : ''
    const number = typeof sceneNumber === 'number' ? sceneNumber : null
    if (id && !labels.has(id)) labels.set(id, reuseLabel({ sceneNumber: number, beatId: id }))
    return beat
  })
  const labelled = walk((beat, at) => {
    const decision = beat.imageDecision
    if (!isRecord(decision) || typeof decision.reuseSourceBeatId !== 'string') return beat
    const type = typeof decision.type === 'string' ? decision.type : ''
    const id = decision.reuseSourceBeatId.trim()
    const label = labels.get(id)
    if (label === undefined || imageDecision({ beatId: ' ', imageDecision: { type } }) !== 'REUSE_IMAGE') return beat
    const place = `${at}.imageDecision`
    if (decision.reuseSourceBeatId !== id) note(`${place}.reuseSourceBeatId`, 'blanks taken away')
    if (decision.reuseSourceBeatLabel !== label)
      note(`${place}.reuseSourceBeatLabel`, 'set to scene and beat of the source')
    const trimmed = withKey(decision, 'reuseSourceBeatId', id)
    return withKey(beat, 'imageDecision', withKey(trimmed, 'reuseSourceBeatLabel', label))
  })
  return withKey(session, path, labelled)
}
