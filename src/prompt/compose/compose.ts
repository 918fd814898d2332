/**
 * A prompt made from the analysis alone.
 * @module
 */

import type { BeatAnalysis, Session, SwarmUIPrompt } from '../../schema/index.js'
import { type BeatInScene, beats } from '../beats.js'
import type { ImageFormat } from '../image-format.js'
import { sessionContext } from '../session-context.js'
import { sectionKey, splitSections } from '../syntax/sections.js'
import { matcherOf } from '../triggers/matcher-of.js'
import type { Matches } from '../triggers/name-matcher.js'
import { compileTriggers } from '../triggers/triggers.js'
import { type CastMember, castReader, positionOf } from './compose-cast.js'
import { placeOf } from './compose-place.js'
import { type ImageParameters, imageParameters } from './image-parameters.js'
import { plain, promptWords, said } from './prose.js'
import { sceneIndex } from './scene-index.js'
import { type Fragment, joinWithin } from './token-budget.js'
import { unspoken } from './unspoken.js'

/** How prompts are composed. */
export interface ComposeOptions {
  /** Words for every picture, such as `oil painting, muted colours`; tags are allowed. Default: none. */
  style?: string | undefined
  /** How many tokens the words may take, as `estimateTokens` counts them. Default: 300; `Infinity` for no limit. */
  budgetTokens?: number | undefined
  /**
   * Whether a LORA weight other than 1 is written as `(trigger:1.2)`. Default: `false`, since Flux and other models
   * with a language model for their text read that as words.
   */
  weights?: boolean | undefined
  /** Parameters that count more than those of the context, such as `{ seed: 7 }`. Default: none. */
  parameters?: ImageParameters | undefined
}

/** What {@link composePrompt} may be told. */
export interface ComposePromptOptions extends ComposeOptions {
  /** The kind of picture. Default: `cinematic`. */
  format?: ImageFormat | undefined
}

/** A composed prompt, and what of it must be in any other prompt for the same beat. */
export interface ComposedPrompt {
  /** The prompt. */
  prompt: SwarmUIPrompt
  /** The characters in the picture, from left to right. */
  characters: CastMember[]
  /** The sections at its end, in their order. */
  sections: string[]
  /** Whether neither analysis nor context say anything to paint. */
  bare: boolean
}

/** When a part is dropped, if the budget demands it: what is least missed first. */
const DROP = {
  atmosphere: 1,
  artifacts: 2,
  location: 3,
  attributes: 4,
  tone: 5,
  position: 6,
  anchor: 7,
  description: 8,
} as const

/** Words that tell how the picture is framed, which shot and camera have said already. */
const FRAMING = /^(?:an? )?(?:[\w-]+ ){0,4}(?:shots?|close-?ups?|views?)(?: (?:of|on) (?:an? )?|: )/i
const SHOT = /\b(?:shot|close-?up|angle|view|pov)\b/i

/**
 * Writes the prompt of a beat from the analysis and the episode context, without any model: the same input always
 * gives the same prompt.
 *
 * The words, in this order: shot and camera; the characters, each by the override that {@link resolveAppearance} finds,
 * or by trigger and description, two from left to right; what happens, what the eye rests on and who stands where; what
 * the place looks like by its `visual_description`; the things in it; light, mood and tone; the style. Behind them the
 * segments of the overrides, each once, and one segment for each face that can be seen. Names become triggers as in
 * {@link substituteTriggers}. What would break or change the generation ({@link promptFindings}) is made plain text.
 *
 * In a close-up the place is one sentence, and only things the beat mentions are there. A picture of one character says
 * the trigger once, as far as sentences begin with it.
 *
 * When that takes more than `budgetTokens`, these go, in this order, each from its last piece on: the mood of the place;
 * the things; the sentences about the place; what the beat says about it; the emotional tone; positions; what the eye
 * rests on; the descriptions of characters, except for the trigger. Shot, triggers, overrides, action, style and segments
 * never go, even if the budget is not kept.
 *
 * Parameters are those of the context's `image_config`; else `flux1-dev-fp8`, 40 steps, CFG scale 1, `euler`, `beta`, no
 * LORAs, and 1344x768, 768x1344 or for marketing 1088x1920. The seed is -1.
 *
 * A session without a readable context is composed from the analysis alone. Never throws; linear in the session. For
 * many beats {@link fillPrompts} reads the context once.
 *
 * @param session - The session.
 * @param beat - One of its beats; any other has no scene.
 * @param options - The format, and how to compose.
 * @returns A prompt that can be stored or painted.
 * @see Steps 2 to 6 of the guide's "Extracting Data for Auto Image Generation".
 * @example
 * ```ts
 * import { composePrompt } from 'storyart-sdk/prompt'
 *
 * const beat = { beatId: 's1-b1', characters: ['Ida'], core_action: 'Ida rows out.', cameraAngleSuggestion: 'wide shot' }
 * const session = {
 *   episodeContext: {
 *     episode: {
 *       characters: [{ character_name: 'Ida Holm', aliases: ['Ida'], base_trigger: 'IDHLM woman' }],
 *       scenes: [{ scene_number: 1, location: { visual_description: 'A bay of black ice.' } }],
 *     },
 *   },
 *   analyzedEpisode: { scenes: [{ sceneNumber: 1, beats: [beat] }] },
 * }
 * const { prompt, width, height } = composePrompt(session, beat)
 * console.log(prompt) // wide shot, IDHLM woman, rows out, a bay of black ice <segment:yolo-face_yolov9c.pt-0,0.35,0.5>
 * console.log(width, height) // 1344 768
 * ```
 */
export function composePrompt(session: Session, beat: BeatAnalysis, options: ComposePromptOptions = {}): SwarmUIPrompt {
  let place: BeatInScene | undefined
  for (const candidate of beats(session)) {
    if (candidate.beat === beat) {
      place = candidate
      break
    }
    if (candidate.beatId === beat.beatId) place ??= { ...candidate, beat }
  }
  const nowhere = {
    beat,
    beatId: beat.beatId,
    beatIndex: 0,
    scene: {},
    sceneIndex: 0,
    sceneNumber: null,
    sceneTitle: '',
  }
  return promptComposer(session, options)(place ?? nowhere, options.format ?? 'cinematic').prompt
}

/** Prepares composing many prompts of one session. */
export function promptComposer(
  session: Session,
  { style, budgetTokens = 300, weights = false, parameters }: ComposeOptions,
): (place: BeatInScene, format: ImageFormat) => ComposedPrompt {
  const read = sessionContext(session)
  const context = typeof read === 'string' ? {} : read
  const scenes = sceneIndex(context)
  const cast = castReader(context, scenes, weights)
  const find = matcherOf(context)
  const substitute = compileTriggers(context)
  const write = (text: string): string => substitute(text).text

  return (place, format) => {
    const { beat } = place
    const members = cast.castOf(place)
    const action = said(beat.core_action) ?? said(beat.description) ?? said(beat.beat_title)
    const anchor = said(beat.visual_anchor)
    const position = positionOf(beat)
    const shot = shotOf(beat, members.length > 0)
    const around = placeOf(context, scenes, place, /close-?up/i.test(shot), write)
    const tone = said(beat.emotional_tone) ?? said(beat.emotionalTone)
    const sections = members.flatMap((member) => member.sections)
    const body = (text: string): string => {
      const split = splitSections(text)
      sections.push(...split.sections)
      return split.prose
    }

    // One person alone has just been named: a trigger said again may be painted again.
    const alone = members.length === 1 ? members[0]?.trigger : undefined
    const told = (text: string): string => {
      const words = plain(unspoken(text)).replace(FRAMING, '')
      if (!alone || !words.startsWith(alone)) return words
      const rest = /^(?:['\u2019]s?)?\s+(?=\S)/.exec(words.slice(alone.length))
      return rest ? words.slice(alone.length + rest[0].length) : words
    }

    const fragments: Fragment[] = [
      { text: shot, drop: null },
      { text: format === 'cinematic' ? '' : 'tall vertical composition', drop: null },
      ...members.map((member, at) => ofMember(member, at, members.length, position)),
      { text: told(write(action ?? anchor ?? scriptOf(beat))), drop: null },
      { text: action && anchor ? told(write(anchor)) : '', drop: DROP.anchor },
      { text: position ? told(write(position)) : '', drop: DROP.position },
      { text: told(withLowerNames(said(beat.carryoverAction) ?? '', find, write)), drop: DROP.position },
      { text: told(write(said(beat.carryoverExpression) ?? '')), drop: DROP.position },
      ...ofPlace(around.location, around.attributes),
      ...around.artifacts.map((text) => ({ text: body(text), drop: DROP.artifacts })),
      ...around.atmosphere.map((text) => ({ text, drop: DROP.atmosphere })),
      { text: tone ? `${plain(tone).toLowerCase()} mood` : '', drop: DROP.tone },
      { text: body(promptWords(style ?? '')), drop: null },
    ]
    sections.push(...members.flatMap(({ faces }) => faces))
    const unique = [...new Set(sections.map((section) => promptWords(sectionKey(section))))]
    const words = joinWithin(fragments, budgetTokens)
    return {
      prompt: { prompt: [words, ...unique].join(' '), ...imageParameters(context, format), ...parameters },
      characters: members,
      sections: unique,
      bare: !fragments.slice(2, -1).some(({ text }) => text),
    }
  }
}

/** Shot and camera. A shot asked for afterwards takes the place of the one in the camera's words. */
function shotOf(beat: BeatAnalysis, peopled: boolean): string {
  const camera = said(beat.cameraAngleSuggestion) ?? said(beat.suggestedCameraAngle) ?? said(beat.shotSuggestion) ?? ''
  const asked = said(beat.suggestedShotType)
  if (!asked || camera.toLowerCase().includes(asked.trim().toLowerCase())) {
    return plain(camera) || (asked ? plain(asked) : peopled ? 'medium shot' : 'wide shot')
  }
  const [first = '', ...rest] = camera.split(',')
  return plain([asked, ...(SHOT.test(first) ? rest : [camera])].join(', '))
}

function ofMember(member: CastMember, at: number, count: number, position: string | undefined): Fragment {
  const sides = /\b(?:left|right|foreground|background)\b/i.test(position ?? '')
  const side = count === 2 && !sides ? (at === 0 ? 'on the left ' : 'on the right ') : ''
  const least = { text: side + member.least, drop: null }
  const whole = member.text ? side + member.text : ''
  return member.override || !member.text
    ? { text: whole, drop: null }
    : { text: whole, drop: DROP.description, instead: least }
}

/** The sentences about the place; what the beat picks from one outlives the sentence. */
function ofPlace(sentences: string[], attributes: string[]): Fragment[] {
  const left = new Set(attributes)
  const described = sentences.map((text): Fragment => {
    const picked = attributes.filter((attribute) => text.toLowerCase().includes(attribute.toLowerCase()))
    for (const attribute of picked) left.delete(attribute)
    const instead = { text: picked.join(', '), drop: DROP.attributes }
    return { text, drop: DROP.location, instead: picked.length ? instead : undefined }
  })
  return [...[...left].map((text) => ({ text, drop: DROP.attributes })), ...described]
}

/** StoryArt writes carried-over actions in lower case, names included; without an article before them they are names. */
function withLowerNames(text: string, find: (text: string) => Matches, write: (text: string) => string): string {
  if (/\p{Lu}/u.test(text)) return write(text)
  const raised = text.replace(/(?<![\p{L}\p{M}\p{N}_'\u2019])\p{Ll}/gu, (letter) => {
    const upper = letter.toUpperCase()
    return upper.length === letter.length ? upper : letter
  })
  let written = ''
  let from = 0
  for (const { start, end, trigger } of find(raised).replaced) {
    if (/\b(?:an?|the)\s+$/.test(text.slice(from, start))) continue
    written += text.slice(from, start) + trigger
    from = end
  }
  return written + text.slice(from)
}

/** The words of the script, where the analysis has none of its own. */
function scriptOf(beat: BeatAnalysis): string {
  return said(beat.narrativeText) ?? said(beat.beat_script_text) ?? said(beat.scriptText) ?? ''
}
