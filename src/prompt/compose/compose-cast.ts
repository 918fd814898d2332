/**
 * Who is in a picture, where they stand, and how they are written.
 * @module
 */

import type { BeatAnalysis, EnhancedEpisodeContext } from '../../schema/index.js'
import { type Appearance, resolveAppearance } from '../appearance/appearance.js'
import { type Look, readLook } from '../appearance/look.js'
import type { BeatInScene } from '../beats.js'
import { splitSections } from '../syntax/sections.js'
import { matcherOf } from '../triggers/matcher-of.js'
import { plain, promptWords, said, saidIn } from './prose.js'
import type { SceneIndex } from './scene-index.js'

/** A character of a beat. */
export interface CastMember extends Pick<Look, 'trigger'> {
  /** The full name. */
  character: string
  /** The words for the character, trigger included; empty when there are none. */
  text: string
  /** The least that names the character: the trigger, or the words where there is none. */
  least: string
  /** Whether the words come from an override, which is never shortened. */
  override: boolean
  /** The sections that come with the override, without those for the face. */
  sections: string[]
  /** The sections for the face: those of the override with this character's own number, else StoryArt's. */
  faces: string[]
}

/** Reads who is in the beats of one session. */
export interface CastReader {
  /** The characters of a beat, from left to right. */
  castOf(place: BeatInScene): CastMember[]
}

type Finder = ReturnType<typeof matcherOf>

const FACE = /^<segment:yolo-face[^,>]*?-(\d+)(?=[,:>/])/
const HIDDEN = /\b(?:from behind|back to (?:the )?camera|facing away|(?:rear|back) view|silhouette|visor down)\b/i

/** Where the characters' names are, as far as the words tell. */
export function positionOf(beat: BeatAnalysis): string | undefined {
  return said(beat.characterPositioning)
}

/** Prepares reading the casts of a session's beats; each look is resolved once. */
export function castReader(context: EnhancedEpisodeContext, scenes: SceneIndex, weights: boolean): CastReader {
  const find = matcherOf(context)
  const found = new Map<string, Appearance>()
  const phases = new Map<object, Map<BeatAnalysis, Map<string, string>>>()

  const lookUp = (character: string, sceneNumber: number | null, phase?: string): Appearance => {
    const key = JSON.stringify([sceneNumber, character, phase])
    const query = { sceneNumber: sceneNumber ?? '', character, phase }
    const known = found.get(key) ?? resolveAppearance(scenes.narrowed(sceneNumber), query)
    found.set(key, known)
    return known
  }
  const appearanceOf = (character: string, { beat, scene, sceneNumber }: BeatInScene): Appearance => {
    const inScene = phases.get(scene) ?? phasesIn(scene.beats ?? [])
    phases.set(scene, inScene)
    const appearance = lookUp(character, sceneNumber)
    const changes = [...(inScene.get(beat) ?? [])].filter(
      ([name]) => lookUp(name, sceneNumber).character === appearance.character,
    )
    const phase = changes.at(-1)?.[1]
    return phase === undefined ? appearance : lookUp(character, sceneNumber, phase)
  }

  return {
    castOf(place) {
      const { beat } = place
      const appearances = new Map<string, Appearance>()
      for (const name of namesIn(beat, find)) {
        const appearance = appearanceOf(name, place)
        if (appearance.known) appearances.set(appearance.character, appearance)
      }
      const camera = [beat.cameraAngleSuggestion, positionOf(beat)].join(' ')
      return fromLeft([...appearances.values()], beat, find).map((appearance, at) =>
        memberOf(appearance, at, camera, weights),
      )
    },
  }
}

/** The names the beat lists; where it has no list, those its words mention. */
function namesIn(beat: BeatAnalysis, find: Finder): string[] {
  if (beat.characters) return saidIn(beat.characters)
  const listed = [...saidIn(beat.primaryCharacter), ...saidIn(beat.secondaryCharacters)]
  if (listed.length) return listed
  const words = [beat.core_action, beat.visual_anchor, positionOf(beat)].map((text) => said(text) ?? '').join('\n')
  return mentionsIn(words, find).map(({ character }) => character)
}

/** All mentions in the order of the text, also of those who have no trigger. */
function mentionsIn(text: string, find: Finder) {
  const { replaced, skipped } = find(text)
  const known = skipped.filter(({ reason }) => reason === 'already-a-trigger' || reason === 'no-trigger')
  return [...replaced, ...known].sort((a, b) => a.start - b.start)
}

/** Of two the other way round where the beat says so: what stands behind a name up to the next counts. */
function fromLeft(cast: Appearance[], beat: BeatAnalysis, find: Finder): Appearance[] {
  const words = positionOf(beat)
  if (cast.length !== 2 || !words) return cast
  const mentions = mentionsIn(words, find)
  const sides = cast.map(({ character }) => {
    const at = mentions.findIndex((mention) => mention.character === character)
    if (at < 0) return undefined
    return /\b(?:left|right)\b/i.exec(words.slice(mentions[at]?.end, mentions[at + 1]?.start))?.[0].toLowerCase()
  })
  const [first, second] = sides
  const swapped = first !== second && (first === 'right' || second === 'left')
  return swapped ? [...cast].reverse() : cast
}

function memberOf(found: Appearance, at: number, camera: string, weights: boolean): CastMember {
  const look = readLook(found, weights)
  const gear = splitSections(promptWords(found.helmet?.value ?? ''))
  const helmet = gear.prose
  const trigger = look.trigger
  const description = found.description === found.override ? null : found.description
  const words = look.override ? promptWords(look.override) : plain(description?.value ?? '')
  const dressed = helmet && !words.includes(helmet) ? [words, helmet].filter(Boolean).join(', ') : words
  const described = trigger && dressed ? `${trigger} (${dressed})` : trigger || dressed
  const text = look.override ? dressed : described

  const rule = found.faceSegmentRule?.value.trim().toUpperCase()
  const sections = [...look.sections, ...gear.sections]
  const own = sections.filter((section) => FACE.test(section))
  const hidden = HIDDEN.test(camera) || /down|hud/i.test(found.gearState?.value ?? '')
  const faces = own.map((section) => section.replace(FACE, (head) => head.replace(/\d+$/, `${at}`)))
  const wanted = rule === 'ALWAYS' || (rule !== 'NEVER' && !hidden)
  return {
    character: found.character,
    trigger,
    text,
    least: trigger || text,
    override: look.override !== '',
    sections: sections.filter((section) => !FACE.test(section)),
    faces: faces.length || !wanted ? faces : [`<segment:yolo-face_yolov9c.pt-${at},0.35,0.5>`],
  }
}

/** In which phase each character is: from a change on through all later beats of the scene. */
function phasesIn(beats: readonly BeatAnalysis[]): Map<BeatAnalysis, Map<string, string>> {
  const byBeat = new Map<BeatAnalysis, Map<string, string>>()
  let current = new Map<string, string>()
  for (const beat of beats) {
    const changes = (beat.phaseTransitions ?? []).filter(({ character, toPhase }) => said(character) && said(toPhase))
    if (changes.length) {
      current = new Map(current)
      for (const { character, toPhase } of changes) {
        // What was said last comes last.
        current.delete(character ?? '')
        current.set(character ?? '', toPhase ?? '')
      }
    }
    if (current.size) byBeat.set(beat, current)
  }
  return byBeat
}
