/**
 * The place of a beat, the things in it and its mood.
 * @module
 */

import type { EnhancedEpisodeContext } from '../../schema/index.js'
import type { BeatInScene } from '../beats.js'
import { fold, foldPlace } from '../fold.js'
import { isRecord } from '../is-record.js'
import { plain, promptWords, said, saidIn } from './prose.js'
import type { SceneIndex } from './scene-index.js'

type Row = Record<string, unknown>

const MAX_MOODS = 4

/** What a beat's place looks like, each list with what matters most first. */
export interface PlaceWords {
  /** The description of the place, sentence by sentence. */
  location: string[]
  /** What the beat itself says about the place. */
  attributes: string[]
  /** The things in it. */
  artifacts: string[]
  /** Light, time of day and mood of the place. */
  atmosphere: string[]
}

/**
 * Reads the place of a beat; `write` puts triggers in the place of names. Close to a face there is room for the first
 * sentence and for the things the beat mentions.
 */
export function placeOf(
  context: EnhancedEpisodeContext,
  scenes: SceneIndex,
  { beat, scene, sceneNumber }: BeatInScene,
  close: boolean,
  write: (text: string) => string,
): PlaceWords {
  const row = sceneNumber === null ? undefined : scenes.first(sceneNumber)
  const location = isRecord(row?.location) ? row.location : (locationIn(context, scene.location) ?? {})
  const described =
    said(location.visual_description) ?? said(location.description) ?? said(beat.setting) ?? said(scene.location)
  const sentences = (described ?? '').split(/(?<=[.!?;])\s+/).map((sentence) => plain(write(sentence)))
  const attributes = saidIn(beat.locationAttributes ?? beat.visualElements).map((text) => plain(write(text)))

  const words = [beat.core_action, beat.visual_anchor, beat.beat_script_text, beat.narrativeText, beat.scriptText]
  const text = [...words, ...saidIn(beat.locationAttributes)].map((one) => said(one) ?? '').join('\n')
  return {
    location: sentences.filter(Boolean).slice(0, close ? 1 : undefined),
    attributes: [...new Set(attributes)].filter(Boolean),
    artifacts: artifactsOf(location, text, close, write)
      .map((fragment) => promptWords(write(fragment)))
      .filter(Boolean),
    atmosphere: [beat.lighting, row?.time_of_day ?? scene.timeOfDay, ...moods(location.atmosphere)]
      .flatMap(saidIn)
      .map((one) => plain(write(one)))
      .filter(Boolean),
  }
}

/** The first words for the mood of a place: writers list eight, and a picture shows few of them. */
function moods(atmosphere: unknown): string[] {
  return saidIn(atmosphere)
    .flatMap((text) => text.split(/[,;]/))
    .slice(0, MAX_MOODS)
}

/** A place of the flat dialect, by its name. */
function locationIn(context: EnhancedEpisodeContext, name: unknown): Row | undefined {
  const wanted = foldPlace(name)
  return wanted ? rowsIn(context.locations).find((place) => foldPlace(place.name) === wanted) : undefined
}

/**
 * The things to paint: those the beat mentions, then those that are always there, built-in ones before props. What is
 * named for a person is there when it is mentioned.
 */
function artifactsOf(location: Row, text: string, close: boolean, write: (text: string) => string): string[] {
  const spoken = ` ${fold(text).replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')} `
  const ranked = rowsIn(location.artifacts).flatMap((artifact) => {
    const fragment = said(artifact.swarmui_prompt_fragment) ?? said(artifact.prompt_fragment)
    const name = said(artifact.artifact_name) ?? said(artifact.name) ?? ''
    const called = fold(name.replace(/\(.*\)/, '').replace(/^\s*(?:the|an?)\s/i, ''))
    const key = called.replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ').trim()
    const mentioned = key !== '' && spoken.includes(` ${key} `)
    const always = !close && artifact.always_present === true && write(name) === name
    if (fragment === undefined || !(mentioned || always)) return []
    const isProp = /^\s*prop\s*$/i.test(said(artifact.artifact_type) ?? said(artifact.type) ?? '')
    return [{ fragment, rank: mentioned ? 0 : isProp ? 2 : 1 }]
  })
  return [...new Set(ranked.sort((a, b) => a.rank - b.rank).map(({ fragment }) => fragment))]
}

function rowsIn(list: unknown): Row[] {
  return Array.isArray(list) ? list.filter(isRecord) : []
}
