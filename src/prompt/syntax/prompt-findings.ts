/**
 * What in a prompt's text would break or change the picture without anyone meaning it.
 * @module
 */

import { type BracketKind, findBrackets } from './brackets.js'
import { parsePrompt } from './parse-prompt.js'
import { areaOf, isKnownTag, openerOf, sectionOf, withoutId } from './tag-kinds.js'
import { hasBrokenWeight } from './tag-values.js'
import { parseTags } from './tags.js'

/** What {@link promptFindings} can find, by name. */
export type PromptFindingCode =
  | 'unclosed-tag'
  | 'stray-open'
  | 'stray-close'
  | 'section-case'
  | 'unknown-tag'
  | 'lora-weight'
  | 'area-unreadable'
  | 'area-outside'
  | 'words-in-segment'
  | 'empty-global'
  | 'bracket-fails'
  | 'bracket-unclosed'
  | 'bracket-timing'
  | 'bracket-control'
  | 'bracket-stripped'
  | 'bracket-backslash'
  | 'parenthesis'
  | 'braces'
  | 'embedding'

/** One thing in a prompt that deserves a look. */
export interface PromptFinding {
  /** What it is. */
  code: PromptFindingCode
  /**
   * `error`: the generation ends, or the picture is surely not the one that was asked for. `warning`: probably not.
   * `info`: it is if that was meant.
   */
  severity: 'error' | 'warning' | 'info'
  /** Where it starts, in UTF-16 code units. */
  start: number
  /** Just behind it, in UTF-16 code units. */
  end: number
  /** What SwarmUI does there; never the prompt's own words. */
  message: string
  /** What to do about it. */
  remedy: string
}

const ESCAPE = 'Escape the brackets as escapeBrackets does.'
const BEFORE_SECTIONS = 'Put them before the first section tag.'

const FINDINGS: Record<PromptFindingCode, readonly [PromptFinding['severity'], string, string]> = {
  'unclosed-tag': ['error', 'Nothing closes this <, so no tag from here on is obeyed', 'Remove the < or close it.'],
  'stray-open': ['warning', 'Nothing closes this <, so no tag behind it would be obeyed', 'Remove it.'],
  'stray-close': ['info', 'This > closes nothing and stays in the text', 'Remove it if a tag was meant.'],
  'section-case': [
    'error',
    'A section tag counts only in lower case; this one is painted as words',
    'Write it in lower case.',
  ],
  'unknown-tag': ['warning', 'SwarmUI itself knows no such tag and leaves it in the text', 'Correct or remove it.'],
  'lora-weight': [
    'error',
    'A LORA weight is no number: there will be neither a picture nor an error',
    'Write a number.',
  ],
  'area-unreadable': [
    'error',
    'Without four to six numbers this is painted as words',
    'Write x,y,width,height as fractions.',
  ],
  'area-outside': ['warning', 'The area leaves the picture and is cut', 'Use fractions from 0 to 1, not pixels.'],
  'words-in-segment': ['warning', 'These words are for this segment alone, not for the picture', BEFORE_SECTIONS],
  'empty-global': ['error', 'There are no words for the picture itself', BEFORE_SECTIONS],
  'bracket-fails': ['error', 'Read as timing without a number: the generation fails', ESCAPE],
  'bracket-unclosed': ['error', 'A [ without ] makes the generation fail', ESCAPE],
  'bracket-timing': ['warning', 'Read as timing: these words are absent until that step', ESCAPE],
  'bracket-control': [
    'info',
    'Read as control: the words take turns over the steps',
    'Escape the brackets if it is prose.',
  ],
  'bracket-stripped': ['warning', 'Other brackets are read as control, so these are taken away', ESCAPE],
  'bracket-backslash': [
    'warning',
    'This backslash stays in the text',
    'Escape the brackets instead of what is in them.',
  ],
  parenthesis: ['warning', 'This parenthesis has no counterpart', 'Add or remove one.'],
  braces: ['warning', 'Braces are slots of a template that nobody has filled', 'Remove them.'],
  embedding: ['info', 'SwarmUI puts a blank before this colon', 'Use <embed:name> for an embedding.'],
}

const BY_KIND: Partial<Record<BracketKind, PromptFindingCode>> = {
  fails: 'bracket-fails',
  unclosed: 'bracket-unclosed',
  timed: 'bracket-timing',
  alternates: 'bracket-control',
  switches: 'bracket-control',
}

/** More of one kind help nobody. */
const MAX_OF_A_KIND = 1000

/**
 * Says what in a prompt would break the generation, or change the picture without anyone meaning it.
 *
 * Found are an unclosed `<` and a stray `>`; section tags not in lower case, tags SwarmUI does not know, regions and
 * objects without readable numbers or outside of the picture, LORA weights that are no numbers; words behind a segment,
 * and no words before all sections; square brackets that SwarmUI reads as control; parentheses without counterpart;
 * braces; `embedding:` in prose. Tags in tags are not looked at. At most 1,000 of each kind; linear in the text; never
 * throws.
 *
 * @param text - The prompt.
 * @returns The findings in the order of the text; none means that SwarmUI paints what is written.
 * @see SwarmUI's documentation of its prompt syntax; the rules for brackets are those of its ComfyUI text node.
 * @example
 * ```ts
 * import { promptFindings } from 'storyart-sdk/prompt'
 *
 * const findings = promptFindings('a sign [OPEN: 24H] <Segment:face,0.4,0.5>')
 * console.log(findings.map(({ severity, code, start }) => `${severity} ${code} at ${start}`).join(', ')) // error bracket-fails at 7, error section-case at 19
 * console.log(promptFindings('a quiet pier <segment:face,0.4,0.5>').length) // 0
 * ```
 */
export function promptFindings(text: string): PromptFinding[] {
  const findings: PromptFinding[] = []
  const counts = new Map<PromptFindingCode, number>()
  const add = (code: PromptFindingCode, start: number, end = start + 1): void => {
    const count = (counts.get(code) ?? 0) + 1
    counts.set(code, count)
    const [severity, message, remedy] = FINDINGS[code]
    if (count <= MAX_OF_A_KIND) findings.push({ code, severity, start, end, message, remedy })
  }
  inTags(text, add)
  inBrackets(text, add)
  inSections(text, add)
  return findings.sort((a, b) => a.start - b.start || b.end - a.end)
}

type Add = (code: PromptFindingCode, start: number, end?: number) => void

function inTags(text: string, add: Add): void {
  const { tags, literalFrom } = parseTags(text)
  if (literalFrom !== undefined) add(text.includes('>', literalFrom) ? 'unclosed-tag' : 'stray-open', literalFrom)
  for (const tag of tags) {
    const { raw, prefix, start, end } = tag
    const opener = openerOf(prefix)
    const numbers = opener === 'region' || opener === 'object' ? areaOf(withoutId(raw)) : null
    if (!isKnownTag(prefix)) add('unknown-tag', start, end)
    else if (prefix === 'lora' && hasBrokenWeight(raw)) add('lora-weight', start, end)
    else if (opener && !raw.startsWith(`<${prefix}`)) add('section-case', start, end)
    else if (opener && !sectionOf(tag)) add('area-unreadable', start, end)
    else if (numbers && isOutside(numbers)) add('area-outside', start, end)
  }
}

function isOutside([x, y, width, height]: (number | null)[]): boolean {
  // Sums of fractions are a hair off.
  const beyond = (from: number, size: number) => from < 0 || size <= 0 || from + size > 1.000_001
  return beyond(x ?? 0, width ?? 0) || beyond(y ?? 0, height ?? 0)
}

function inBrackets(text: string, add: Add): void {
  const { groups, backslashes, controlled } = findBrackets(text)
  for (const { kind, read, section, start, end } of groups) {
    const code = kind === 'inert' && controlled.has(section) ? 'bracket-stripped' : BY_KIND[kind]
    if (code && read) add(code, start, end)
  }
  for (const at of backslashes) add('bracket-backslash', at)
}

function inSections(text: string, add: Add): void {
  let painted = false
  let from = 0
  const { sections, literalFrom = text.length } = parsePrompt(text)
  for (const section of sections) {
    const { kind, raw, parts } = section
    from += raw.length
    const open: number[] = []
    let first: number | null = null
    let last = from
    for (const part of parts) {
      const written = part.kind === 'words' ? part.text : part.raw
      if (part.kind === 'words') {
        inWords(written, from, literalFrom, open, add)
        if (/\S/.test(written)) {
          first ??= from + written.search(/\S/)
          last = from + written.trimEnd().length
        }
      }
      // All other tags may bring words.
      const speaks =
        part.kind === 'words' ? /\S/.test(written) : part.kind === 'tag' && !/^(?:comment|break)$/.test(part.prefix)
      if (speaks && (kind === 'global' || kind === 'base')) painted = true
      from += written.length
    }
    if (first !== null && (kind === 'segment' || kind === 'clear')) add('words-in-segment', first, last)
    for (const at of open) add('parenthesis', at)
  }
  if (!painted) add('empty-global', 0, 0)
}

/** Looks through words outside of tags; `open` collects the parentheses that wait for their counterpart. */
function inWords(words: string, from: number, literalFrom: number, open: number[], add: Add): void {
  for (const found of words.matchAll(/\\[()]|[()>]|\{[^{}]*\}|[{}]|\bembedding:/g)) {
    const start = from + found.index
    const [what] = found
    if (what === '(') open.push(start)
    else if (what === ')') {
      if (open.pop() === undefined) add('parenthesis', start)
    } else if (what === '>') {
      if (start < literalFrom) add('stray-close', start)
    } else if (what === 'embedding:') add('embedding', start, start + what.length)
    else if (!what.startsWith('\\')) add('braces', start, start + what.length)
  }
}
