/**
 * The guide's list of prompts beside the analysis, moved into the beats.
 * @module
 */

import { IMAGE_FORMATS } from '../image-format.js'
import { isRecord } from '../is-record.js'
import { same } from '../same.js'
import { isUsable } from './normalize-beat.js'
import { mapList, type Note, type Row, withKey } from './reshape.js'

/**
 * Moves the prompts of each id into its beats, the n-th entry into the n-th beat, as they are read. Where one of them
 * does not fit (no such beat, another prompt is there already, unknown fields), all entries of that id stay: which is
 * whose would change.
 */
export function withPromptsInBeats(session: Row, note: Note): Row {
  const { prompts: list, analyzedEpisode } = session
  if (!Array.isArray(list) || !list.length || !isRecord(analyzedEpisode)) return session
  const entries = new Map<string, Row[]>()
  for (const entry of list) if (isRecord(entry)) push(entries, idOf(entry), entry)
  const beats = new Map<string, Row[]>()
  walk(analyzedEpisode, (beat) => {
    push(beats, idOf(beat), beat)
    return beat
  })
  const movable = new Map<string, Row[]>()
  for (const [id, mine] of entries) {
    const targets = beats.get(id) ?? []
    if (id && mine.every((entry, at) => fits(entry, targets[at]))) movable.set(id, [...mine])
  }
  if (!movable.size) return session
  const left = list.filter((entry: unknown, index) => {
    const moves = isRecord(entry) && movable.has(idOf(entry))
    if (moves) note(`prompts[${index}]`, 'moved into the beat')
    return !moves
  })
  const moved = walk(analyzedEpisode, (beat) => {
    const entry = movable.get(idOf(beat))?.shift()
    return entry ? withPrompts(beat, entry) : beat
  })
  const { prompts: _, ...rest }: Row = { ...session, analyzedEpisode: moved }
  return left.length > 0 ? { ...session, analyzedEpisode: moved, prompts: left } : rest
}

function walk(episode: Row, change: (beat: Row) => Row): Row {
  return mapList(episode, 'scenes', '', (scene) => mapList(scene, 'beats', '', change))
}

function fits(entry: Row, beat: Row | undefined): boolean {
  const prompts = beat?.prompts ?? {}
  if (!beat || !isRecord(prompts)) return false
  return Object.entries(entry).every(([key, value]) => {
    if (key === 'beatId' || value == null) return true
    if (!IMAGE_FORMATS.some((format) => format === key)) return false
    return !isUsable(prompts[key]) || same(prompts[key], asObject(value))
  })
}

function withPrompts(beat: Row, entry: Row): Row {
  const own = isRecord(beat.prompts) ? beat.prompts : {}
  let prompts = own
  for (const format of IMAGE_FORMATS) {
    const stored = asObject(entry[format])
    // A blank one takes no place, unless nothing is there at all.
    if (stored == null || isUsable(own[format]) || (own[format] != null && !isUsable(stored))) continue
    prompts = withKey(prompts, format, stored)
  }
  return prompts === own ? beat : withKey(beat, 'prompts', prompts)
}

function asObject(stored: unknown): unknown {
  return typeof stored === 'string' ? { prompt: stored } : stored
}

function idOf({ beatId }: Row): string {
  return typeof beatId === 'string' ? beatId.trim() : ''
}

function push(lists: Map<string, Row[]>, key: string, row: Row): void {
  const list = lists.get(key)
  if (list) list.push(row)
  else lists.set(key, [row])
}
