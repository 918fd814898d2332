/**
 * Holding a model's text to what the session says.
 * @module
 */

import { plain } from '../prompt/compose/prose.js'
import { estimateTokens } from '../prompt/compose/token-budget.js'
import type { PromptRequestItem } from '../prompt/index.js'
import { readPrompt } from '../prompt/queue/prompt-text.js'
import { promptFindings } from '../prompt/syntax/prompt-findings.js'
import { sectionKey, splitSections } from '../prompt/syntax/sections.js'
import { isKnownTag } from '../prompt/syntax/tag-kinds.js'
import { parseTags } from '../prompt/syntax/tags.js'

const POSSESSIVE = /^['\u2019]s/i

/** How a text is held to the session. */
export interface Rules {
  /** Puts triggers in the place of names. */
  substitute: (text: string) => string
  /** How many tokens the words may take. */
  maxTokens: number
}

/** The text that may be stored, or why there is none. */
export type Enforced = { ok: true; text: string } | { ok: false; reason: string }

/**
 * Makes a model's text a prompt: names become triggers, each character has their own look, tags are those of the composed
 * prompt and no others, and its sections stand at the end.
 */
export function enforce(text: string, item: PromptRequestItem, { substitute, maxTokens }: Rules): Enforced {
  const flaw = readPrompt(text)
  if (typeof flaw === 'string') return { ok: false, reason: flaw === 'placeholder' ? 'a placeholder' : 'an empty text' }

  const { prose } = splitSections(item.composed.prompt)
  const ours = parseTags(item.composed.prompt).tags.map(({ raw }) => sectionKey(raw))
  let words = ''
  let from = 0
  for (const { start, end, raw, prefix } of parseTags(text).tags) {
    const known = ours.includes(sectionKey(raw))
    if (!known && isKnownTag(prefix)) return { ok: false, reason: 'an invented tag' }
    words += text.slice(from, known ? start : end)
    from = end
  }
  // What is left of brackets is plain text from here on.
  words = plain(substitute(words + text.slice(from)))
  if (!/[\p{L}\p{N}]/u.test(words)) return { ok: false, reason: 'an empty text' }

  for (const { trigger, look } of item.characters) words = withLook(words, trigger, look)
  const looks = item.characters.map(({ look }) => look).join(' ')
  const others = parseTags(prose).tags.filter(({ raw }) => !looks.includes(raw))
  const whole = [words, ...others.map(({ raw }) => raw), ...item.sections].join(' ')
  if (estimateTokens(whole) > maxTokens) return { ok: false, reason: 'too many words' }
  if (promptFindings(whole).some(({ severity }) => severity === 'error')) {
    return { ok: false, reason: 'what would break the generation' }
  }
  return { ok: true, text: whole }
}

/**
 * Writes the look where the trigger stands first, in place of whatever the model says in parentheses behind it; behind
 * the shot when the trigger is not there. A look that is there already stays.
 */
function withLook(words: string, trigger: string, look: string): string {
  if (!look || words.includes(look)) return words
  const places = trigger ? [...words.matchAll(mentionOf(trigger))] : []
  const place =
    places.find(({ 0: mention, index }) => !POSSESSIVE.test(words.slice(index + mention.length))) ?? places[0]
  if (place) {
    const end = place.index + place[0].length
    const rest = words.slice(end)
    return words.slice(0, place.index) + look + rest.slice(/^\s*\([^()]*\)/.exec(rest)?.[0].length ?? 0)
  }
  const comma = words.indexOf(', ')
  return comma < 0 ? `${look}, ${words}` : `${words.slice(0, comma)}, ${look}${words.slice(comma)}`
}

function mentionOf(trigger: string): RegExp {
  const literal = trigger.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, 'giu')
}
