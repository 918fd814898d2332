/**
 * Cutting a script into its scenes.
 * @module
 */

import { linesOf, withoutEnd } from './lines.js'
import { type SceneMarker, sceneMarkers } from './scene-markers.js'

/** What the lines right behind a scene's marker say. */
export interface SceneHeader {
  /** `TARGET_DURATION`, as written; `null` if it is not there. */
  targetDuration: string | null
  /** `SCENE_ROLE`, as written; `null` if it is not there. */
  sceneRole: string | null
  /** `TIMING`, as written; `null` if it is not there. */
  timing: string | null
  /** `AD_BREAK`, read as a yes or no; `null` if it is not there or neither. */
  adBreak: boolean | null
  /** All fields as written, by their names in capitals. */
  fields: Record<string, string>
}

/** One scene of a script. */
export interface SceneScript {
  /** The number of the scene; may repeat. */
  sceneNumber: number
  /** The title of the scene; empty if it has none. */
  title: string
  /** The `INT.` or `EXT.` line right behind the marker, as written; `null` if there is none. */
  setting: string | null
  /** What the lines right behind the marker say. */
  header: SceneHeader
  /** Everything from the marker to the next one, as written. */
  text: string
  /** The same without marker, header, `[SCENE START]` and `[SCENE END]`, and without blank lines around it. */
  body: string
  /** Where `text` starts in the script, in UTF-16 code units. */
  start: number
  /** Just behind it. */
  end: number
}

/** What {@link sceneScripts} returns. */
export interface SceneScripts {
  /** What stands before the first marker: all of it if there is none. */
  preamble: string
  /** The scenes in their order; `preamble` and their texts together are the script. */
  scenes: SceneScript[]
}

/**
 * Cuts a script into its scenes.
 *
 * A marker is a line of its own: `===SCENE 2: The Quay===` as StoryArt writes it; a Markdown heading,
 * `## Episode 3, Scene 2: The Quay`; or a plain line, `SCENE 2` or `SCENE 2: THE QUAY`. A script that has the first kind is
 * cut there alone, else at the second, else at the third, so that no line of dialogue cuts a scene in two. Scenes with the
 * same number are all there. Linear in the script; never throws.
 *
 * @param scriptText - The script. Nothing counts as an empty one.
 * @returns What stands before the first scene, and the scenes.
 * @example
 * ```ts
 * import { sceneScripts } from 'storyart-sdk/prompt'
 *
 * const script = `TITLE: The Lamp
 *
 * ===SCENE 1: The Quay===
 * TARGET_DURATION: 4
 * AD_BREAK: false
 *
 * [SCENE START]
 * Nell waits.
 * [SCENE END]
 * `
 * const { preamble, scenes } = sceneScripts(script)
 * console.log(preamble.trim(), scenes.length) // TITLE: The Lamp 1
 * console.log(scenes[0]?.title, scenes[0]?.header.targetDuration, scenes[0]?.header.adBreak, scenes[0]?.body) // The Quay 4 false Nell waits.
 * ```
 */
export function sceneScripts(scriptText: string | null | undefined): SceneScripts {
  const script = scriptText ?? ''
  const markers = sceneMarkers(script)
  const scenes = markers.map((marker, at) => sceneOf(script, marker, markers[at + 1]?.start ?? script.length))
  return { preamble: script.slice(0, markers[0]?.start), scenes }
}

const FIELD = /^\s*([A-Z]+(?:_[A-Z0-9]+)+|TIMING)\s*:(.*)$/
const SETTING = /^\s*(?:INT|EXT|I\/E|INT\.?\/EXT)\b[. ]/
const FRAME = /^\s*\[SCENE (?:START|END)\]\s*$/i

function sceneOf(script: string, { sceneNumber, title, start, end: from }: SceneMarker, end: number): SceneScript {
  const text = script.slice(start, end)
  const fields = new Map<string, string>()
  const body: string[] = []
  let setting: string | null = null
  for (const { text: line } of linesOf(script.slice(from, end))) {
    const field = body.length === 0 ? FIELD.exec(line) : null
    if (field?.[1]) fields.set(field[1], field[2]?.trim() ?? '')
    else if (body.length === 0 && setting === null && SETTING.test(line)) setting = line.trim()
    else if (!FRAME.test(line) && (body.length > 0 || line.trim())) body.push(line)
  }
  return {
    sceneNumber,
    title,
    setting,
    header: {
      targetDuration: fields.get('TARGET_DURATION') ?? null,
      sceneRole: fields.get('SCENE_ROLE') ?? null,
      timing: fields.get('TIMING') ?? null,
      adBreak: yesOrNo(fields.get('AD_BREAK')),
      fields: Object.fromEntries(fields),
    },
    text,
    body: body.join('\n').trimEnd(),
    start,
    end,
  }
}

function yesOrNo(text = ''): boolean | null {
  if (/^(?:true|yes|1)$/i.test(text)) return true
  return /^(?:false|no|0)$/i.test(text) ? false : null
}

/** What {@link scriptHeader} finds. */
export interface ScriptHeader {
  /** The number of the episode; `null` if the script does not say it. */
  episodeNumber: number | null
  /** The title of the episode; `null` if the script does not say it. */
  title: string | null
}

const EPISODE = /^[\s=#*]*EPISODE\s*(?:[:#]\s*)?(\d{1,9})\b(?:\s*[:\-\u2013\u2014]\s*([^\s=].*))?/i
const TITLE = /^[\s=#*]*TITLE\s*:(.*)$/i

/**
 * Reads number and title of the episode from the head of a script: lines such as `EPISODE: 2` and `TITLE: The Lamp`, or
 * both in one, `Episode 2: The Lamp`, also as a heading or between `===`.
 *
 * Only what stands before the first scene counts; if that says no number, the number in `## Episode 3, Scene 2` does. Of
 * several the first counts. Linear in the script; never throws.
 *
 * @param scriptText - The script.
 * @returns What it says; `null` if neither is there. Nothing is made up.
 * @example
 * ```ts
 * import { scriptHeader } from 'storyart-sdk/prompt'
 *
 * console.log(scriptHeader('EPISODE: 2\nTITLE: The Lamp\n')?.title) // The Lamp
 * console.log(scriptHeader('INT. QUAY - DAY')) // null
 * ```
 */
export function scriptHeader(scriptText: string | null | undefined): ScriptHeader | null {
  const script = scriptText ?? ''
  const [first] = sceneMarkers(script)
  let episodeNumber: number | null = null
  let title: string | null = null
  for (const { text: line } of linesOf(script.slice(0, first?.start))) {
    const episode = EPISODE.exec(line)
    if (episode && episodeNumber === null) {
      episodeNumber = Number(episode[1])
      title ??= withoutFrame(episode[2])
    }
    title ??= withoutFrame(TITLE.exec(line)?.[1])
  }
  episodeNumber ??= first?.episodeNumber ?? null
  return episodeNumber === null && title === null ? null : { episodeNumber, title }
}

/** A title without the `===` or `**` behind it. */
function withoutFrame(text = ''): string | null {
  return withoutEnd(text, '=*').trim() || null
}
