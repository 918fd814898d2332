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
import { putLooks } from './put-looks.js'

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

  words = putLooks(words, item.characters)
  const looks = item.characters.map(({ look }) => look).join(' ')
  const others = parseTags(prose).tags.filter(({ raw }) => !looks.includes(raw))
  const whole = [words, ...others.map(({ raw }) => raw), ...item.sections].join(' ')
  if (estimateTokens(whole) > maxTokens) return { ok: false, reason: 'too many words' }
  if (promptFindings(whole).some(({ severity }) => severity === 'error')) {
    return { ok: false, reason: 'what would break the generation' }
  }
  return { ok: true, text: whole }
}
