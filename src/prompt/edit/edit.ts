/**
 * Finding and replacing in the prompts of a session.
 * @module
 */

import type { Session } from '../../schema/index.js'
import { type FoundText, textFinder } from '../find-text.js'
import { mapPrompts, type PromptPlace } from '../map-prompts.js'
import { type PromptFilter, promptFilter } from '../prompt-filter.js'
import { tagSpans } from '../syntax/tags.js'
import { excerpt } from './excerpt.js'
import { expandTemplate } from './replacement.js'

/** One thing to find, and what to put in its place. */
export interface PromptEdit {
  /**
   * What to find: a text, taken literally and as written, or a pattern, every match of which counts. The empty text is
   * nowhere.
   */
  find: string | RegExp
  /**
   * What to put there. With a text to find it is taken literally, `$` included; with a pattern `$1`, `$<name>`, `$&`,
   * `$$` and so on mean what they mean in `String.replace`. A function gets each match and its place.
   */
  replace: string | ((found: FoundText, place: PromptPlace) => string)
}

/** How {@link editPrompts} edits. */
export interface EditOptions extends PromptFilter {
  /**
   * Whether matches that touch a `<...>` tag, or anything behind a `<` that nothing closes, are left as they are.
   * Default: `false`.
   */
  protectTags?: boolean | undefined
  /** How many characters to show around each change, in UTF-16 code units. Default: 50. */
  around?: number | undefined
}

/** One edit with its options, or several edits. */
export type EditPromptsOptions = EditOptions & (PromptEdit | { edits: readonly PromptEdit[] })

/** One match that was replaced. */
export interface PromptChange extends PromptPlace {
  /** Which of the edits, from 0. */
  edit: number
  /** Where the match starts in the text as the edits before have left it, in UTF-16 code units. */
  start: number
  /** The match with what stood around it. */
  before: string
  /** The replacement with what stands around it now. */
  after: string
}

/** What {@link editPrompts} returns. */
export interface EditedPrompts {
  /** The session with the edits; every part that did not change is the same object. */
  session: Session
  /** Each replaced match, in the order of the document; of one prompt edit by edit, from left to right. */
  changes: PromptChange[]
  /** How many prompts have changed. */
  prompts: number
  /** For each edit how many matches were found, also those that changed nothing or were left. */
  matches: number[]
  /** How many matches were left because of {@link EditOptions.protectTags}. */
  protectedMatches: number
}

/**
 * Finds and replaces in all prompts: objects and plain texts of every kind, StorySwarm's `prompt`, the legacy list.
 * Negative prompts are not touched.
 *
 * Of several edits each goes over the whole text the ones before have left. A prompt whose text is the same in the end
 * gives no change. The session given is never written to, the order of keys stays. To write the result back use
 * `SessionStore.update`, which keeps the remaining life and loses nobody's work; without it this is a dry run. Linear in
 * the session for texts; a pattern takes the time it takes. Throws only what a function given as `replace` throws.
 *
 * @param session - The session.
 * @param options - What to find and what to put there, and where.
 * @returns The changed session, and what was changed where.
 * @example
 * ```ts
 * import { editPrompts } from 'storyart-sdk/prompt'
 *
 * const beats = [
 *   { beatId: 's1-b1', prompts: { cinematic: { prompt: 'a red coat, a red door' }, vertical: 'a red coat' } },
 *   { beatId: 's1-b2', prompts: { cinematic: 'fog' } },
 * ]
 * const session = { analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] } }
 * const edited = editPrompts(session, { find: 'red coat', replace: 'coat for $5' })
 * console.log(edited.prompts, edited.changes.map(({ path }) => path.split('.').slice(3).join('.')).join(' ')) // 2 prompts.cinematic.prompt prompts.vertical
 * console.log(edited.changes[0]?.after) // a coat for $5, a red door
 * console.log(edited.session.analyzedEpisode?.scenes?.[0]?.beats?.[1] === beats[1]) // true
 * ```
 */
export function editPrompts(session: Session, options: EditPromptsOptions): EditedPrompts {
  const { protectTags = false, around = 50 } = options
  const edits = 'edits' in options ? options.edits : [options]
  const finders = edits.map(({ find }) => textFinder(find, true))
  const meant = promptFilter(options)
  const matches = edits.map(() => 0)
  const changes: PromptChange[] = []
  let prompts = 0
  let protectedMatches = 0

  const run = (text: string, index: number, place: PromptPlace, made: PromptChange[]): string => {
    const isProtected = protectTags ? protector(text) : undefined
    const replacements: { found: FoundText; written: string }[] = []
    for (const found of finders[index]?.(text) ?? []) {
      matches[index] = (matches[index] ?? 0) + 1
      if (isProtected?.(found)) protectedMatches++
      else replacements.push({ found, written: replacementFor(edits[index], found, text, place) })
    }
    let done = ''
    let from = 0
    const places: number[] = []
    for (const { found, written } of replacements) {
      done += text.slice(from, found.start)
      places.push(done.length)
      done += written
      from = found.end
    }
    done += text.slice(from)
    replacements.forEach(({ found, written }, at) => {
      if (written === found.text) return
      const start = places[at] ?? 0
      made.push({
        ...place,
        edit: index,
        start: found.start,
        before: excerpt(text, found.start, found.end, around),
        after: excerpt(done, start, start + written.length, around),
      })
    })
    return done
  }

  const edited = mapPrompts(session, {
    prompt(text, place) {
      if (!meant(place)) return text
      const made: PromptChange[] = []
      let done = text
      for (const index of edits.keys()) done = run(done, index, place, made)
      if (done === text) return text
      prompts++
      for (const change of made) changes.push(change)
      return done
    },
  })
  return { session: edited, changes, prompts, matches, protectedMatches }
}

function replacementFor(edit: PromptEdit | undefined, found: FoundText, text: string, place: PromptPlace): string {
  if (!edit) return found.text
  const { find, replace } = edit
  if (typeof replace === 'function') return replace(found, place)
  return typeof find === 'string' ? replace : expandTemplate(replace, found, text)
}

/** Whether a match touches what is in tags; matches are to be asked for from left to right. */
function protector(text: string): (found: FoundText) => boolean {
  const { spans, literalFrom = text.length } = tagSpans(text)
  let next = 0
  return ({ start, end }) => {
    while ((spans[next]?.[1] ?? Number.POSITIVE_INFINITY) <= start) next++
    const opens = spans[next]?.[0] ?? literalFrom
    // An empty match within a tag writes into it too.
    return Math.max(end, start + 1) > opens && (start > opens || end > start)
  }
}
