/**
 * Finding words in a session.
 * @module
 */

import type { BeatAnalysis, Session } from '../../schema/index.js'
import { textFinder } from '../find-text.js'
import { mapPrompts } from '../map-prompts.js'
import { pathTo } from '../path-to.js'
import { type PromptFilter, promptFilter } from '../prompt-filter.js'
import { excerpt } from './excerpt.js'

/** What can be searched. `beats`: the texts of the analysis, such as `beat_script_text`. `script`: `scriptText`. */
export type SearchedPart = 'prompts' | 'beats' | 'script'

/** How {@link searchSession} searches. */
export interface SearchOptions extends PromptFilter {
  /** What to search. Default: the prompts. `formats` narrows prompts alone; `scenes` and `beats` leave out the script. */
  parts?: readonly SearchedPart[] | undefined
  /** Whether a text must be written the same; a pattern says that itself, by its flag `i`. Default: `false`. */
  caseSensitive?: boolean | undefined
  /** How many characters to show around each match, in UTF-16 code units. Default: 50. */
  around?: number | undefined
}

/** One place where the text stands. */
export interface SearchMatch {
  /** What kind of text it stands in. */
  part: SearchedPart
  /** The path of that text: `analyzedEpisode.scenes[0].beats[2].prompts.cinematic.prompt`. */
  path: string
  /** The number of the scene; `null` for the script, and where there is none. */
  sceneNumber: number | null
  /** The id of the beat; `null` for the script. */
  beatId: string | null
  /** Position of the beat within its scene, from 0; `null` for the script, and where there is no such beat. */
  beatIndex: number | null
  /** The kind of prompt; `null` for other texts. */
  format: string | null
  /** Where the match starts in the text, in UTF-16 code units. */
  start: number
  /** Just behind it. */
  end: number
  /** The match as written. */
  text: string
  /** The match with what stands around it; `…` where more is left out. */
  excerpt: string
}

/**
 * Finds every place of a text or pattern in a session: not one a prompt, and in prompts of all kinds and forms.
 *
 * A text is found in any case unless told otherwise; of a pattern every match counts. Matches do not overlap. The empty
 * text is nowhere. Linear in the session for texts; a pattern takes the time it takes. Never throws on a valid session.
 *
 * @param session - The session.
 * @param wanted - A text, taken literally, or a pattern.
 * @param options - What to search.
 * @returns The matches: those of the script, then beat by beat, prompts behind the beat's other texts; at the end those
 *   of the legacy list.
 * @example
 * ```ts
 * import { searchSession } from 'storyart-sdk/prompt'
 *
 * const beats = [
 *   { beatId: 's1-b1', core_action: 'The lamp falls.', prompts: { cinematic: 'a Lamp, a second lamp' } },
 *   { beatId: 's1-b2', prompts: { vertical: { prompt: 'no light at all' } } },
 * ]
 * const session = { scriptText: 'A lamp.', analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] } }
 * console.log(searchSession(session, 'lamp').map(({ beatId, start }) => `${beatId}/${start}`).join(' ')) // s1-b1/2 s1-b1/17
 * console.log(searchSession(session, /lamp/i, { parts: ['prompts', 'beats', 'script'] }).length) // 4
 * ```
 */
export function searchSession(session: Session, wanted: string | RegExp, options: SearchOptions = {}): SearchMatch[] {
  const { parts = ['prompts'], caseSensitive = false, around = 50 } = options
  const places = textFinder(wanted, caseSensitive)
  const meant = promptFilter(options)
  const matches: SearchMatch[] = []
  const look = (text: string, place: Omit<SearchMatch, 'start' | 'end' | 'text' | 'excerpt'>): void => {
    for (const { start, end, text: found } of places(text)) {
      matches.push({ ...place, start, end, text: found, excerpt: excerpt(text, start, end, around) })
    }
  }
  if (parts.includes('script') && !options.scenes && !options.beats && session.scriptText) {
    const nowhere = { sceneNumber: null, beatId: null, beatIndex: null, format: null }
    look(session.scriptText, { part: 'script', path: 'scriptText', ...nowhere })
  }
  const inPrompts = parts.includes('prompts')
  const inBeats = parts.includes('beats')
  mapPrompts(session, {
    beat(beat, { path, sceneNumber, beatId, beatIndex }) {
      if (!inBeats || !meant({ sceneNumber, beatId })) return
      for (const [textPath, text] of textsOf(beat, path)) {
        look(text, { part: 'beats', path: textPath, sceneNumber, beatId, beatIndex, format: null })
      }
    },
    prompt(text, { path, sceneNumber, beatId, beatIndex, format }) {
      if (inPrompts && meant({ sceneNumber, beatId, format })) {
        look(text, { part: 'prompts', path, sceneNumber, beatId, beatIndex, format })
      }
      return text
    },
  })
  return matches
}

/** The texts of a beat and of its lists, with their paths: all but its id and its prompt. */
function* textsOf(
  { beatId: _, prompt: __, ...beat }: BeatAnalysis,
  path: string,
): Generator<[path: string, text: string]> {
  for (const [key, value] of Object.entries<unknown>(beat)) {
    const at = pathTo(path, key)
    if (typeof value === 'string') yield [at, value]
    if (!Array.isArray(value)) continue
    for (const [index, element] of value.entries()) if (typeof element === 'string') yield [pathTo(at, index), element]
  }
}
