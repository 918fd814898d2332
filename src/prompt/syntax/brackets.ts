/**
 * Square brackets in a prompt: which of them SwarmUI obeys, and how to make them plain text.
 * @module
 */

import { sectionOf } from './tag-kinds.js'
import { parseTags } from './tags.js'

/**
 * What SwarmUI does with `[...]`. `alternates`: `[a|b]`, one step each. `switches`: `[a:b:0.5]`, from one to the other.
 * `timed`: `[a:0.5]`, there only from then on. `fails`: like those, but without a number where one must be, which ends
 * the generation. `unclosed`: a `[` without its `]`, which ends it too. `inert`: stays in the text.
 */
export type BracketKind = 'alternates' | 'switches' | 'timed' | 'fails' | 'unclosed' | 'inert'

/** A pair of brackets that are not escaped. */
export interface BracketGroup {
  /** Where its `[` stands, in UTF-16 code units. */
  start: number
  /** Just behind its `]`; behind its `[` when it is not closed. */
  end: number
  /** What SwarmUI does with it. */
  kind: BracketKind
  /** Whether it stands in no other group that is closed. */
  outermost: boolean
  /** Whether SwarmUI reads it as a group: in one that stays in the text it reads none. */
  read: boolean
  /** Whether it and all groups in it are ones that SwarmUI can obey. */
  sound: boolean
  /** In which section of the prompt it stands, from 0. */
  section: number
}

/** What {@link findBrackets} finds. */
export interface Brackets {
  /** The groups in the order of their `[`. */
  groups: BracketGroup[]
  /** Every backslash before a `:` or `|` in a group: SwarmUI leaves it in the text. */
  backslashes: number[]
  /** The sections with a group that SwarmUI obeys: in these it takes the brackets of all others away. */
  controlled: Set<number>
}

/** What {@link escapeBrackets} may be told. */
export interface EscapeBracketsOptions {
  /**
   * Whether groups that SwarmUI can obey are left: `[cat|dog]`, `[cat:dog:0.5]`, `[cat:0.5]`; all others are escaped.
   * Note that `[9:30]` is one of them. Default: `false`, all brackets are escaped.
   */
  keepControl?: boolean | undefined
}

interface OpenGroup extends BracketGroup {
  parent: OpenGroup | null
  /** Where its own `|` and `:` stand; whichever comes first rules out the other. */
  separators: number[]
  by: string
}

const OBEYED: ReadonlySet<BracketKind> = /* @__PURE__ */ new Set<BracketKind>(['alternates', 'switches', 'timed'])
// A number as Python's float() reads it.
const PYTHON_FLOAT =
  /^\s*[+-]?(?:(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?|inf|infinity|nan)\s*$/i

/**
 * Makes square brackets plain text, so that SwarmUI paints what is written: `[MORNING: 6AM]` would end the generation,
 * `[9:30]` hide its hour for thirty steps.
 *
 * Puts a backslash before each `[` and `]` that has none. Tags are left, and so is everything behind a `<` that nothing
 * closes: what was meant as tags there must not change. Running it again changes nothing. Linear in the text; never
 * throws.
 *
 * @param text - The prompt.
 * @param options - Whether control groups are meant.
 * @returns The prompt with its brackets escaped.
 * @example
 * ```ts
 * import { escapeBrackets } from 'storyart-sdk/prompt'
 *
 * console.log(escapeBrackets('a screen reads [MORNING: 6AM] <random[2]:a|b>')) // a screen reads \[MORNING: 6AM\] <random[2]:a|b>
 * console.log(escapeBrackets('a [cat|dog] by a sign [OPEN: 24H]', { keepControl: true })) // a [cat|dog] by a sign \[OPEN: 24H\]
 * ```
 */
export function escapeBrackets(text: string, { keepControl = false }: EscapeBracketsOptions = {}): string {
  const { tags, literalFrom = text.length } = parseTags(text)
  const kept = keepControl
    ? findBrackets(text).groups.filter(({ outermost, sound, end }) => outermost && sound && end <= literalFrom)
    : []
  const spans = [...kept, ...tags].sort((a, b) => a.start - b.start)
  let escaped = ''
  let from = 0
  for (const { start, end } of [...spans, { start: literalFrom, end: text.length }]) {
    // A tag may stand in a group.
    if (start < from) continue
    escaped += text.slice(from, start).replace(/(?<!\\)[[\]]/g, '\\$&') + text.slice(start, end)
    from = end
  }
  return escaped
}

/** Finds the bracket groups as SwarmUI's text encoder does: section by section, tags left out. Linear in the text. */
export function findBrackets(text: string): Brackets {
  const groups: OpenGroup[] = []
  const backslashes: number[] = []
  const controlled = new Set<number>()
  let open: OpenGroup | null = null
  let section = 0
  let from = 0
  for (const tag of [...parseTags(text).tags, { start: text.length, end: text.length, raw: '', prefix: '' }]) {
    for (let at = from; at < tag.start; at++) {
      const char = text.charAt(at)
      if (char === '\\') {
        const next = at + 1 < tag.start ? text.charAt(at + 1) : ''
        if (open && /[:|]/.test(next)) backslashes.push(at)
        // A bracket right behind a backslash is escaped, whatever stands before.
        if (/[[\]:|]/.test(next) || (next === '\\' && !/[[\]]/.test(text.charAt(at + 2)))) at++
      } else if (char === '[') {
        const group: OpenGroup = {
          start: at,
          end: at + 1,
          kind: 'unclosed',
          outermost: false,
          read: false,
          sound: false,
          section,
          parent: open,
          separators: [],
          by: '',
        }
        groups.push(group)
        open = group
      } else if (char === ']' && open) {
        open.end = at + 1
        open.kind = kindOf(text, open)
        open = open.parent
      } else if (open && (char === ':' || char === '|') && (open.by || char) === char) {
        open.by = char
        open.separators.push(at)
      }
    }
    from = tag.end
    if (/^(?:alt|alternate|fromto)$/.test(tag.prefix)) controlled.add(section)
    if (sectionOf(tag)) {
      section++
      open = null
    }
  }
  for (const group of groups) {
    // What a group does depends on the one around it, which always comes first.
    const { parent } = group
    group.outermost = !parent || parent.kind === 'unclosed'
    group.read = group.outermost || (parent?.read === true && OBEYED.has(parent.kind))
    group.sound = OBEYED.has(group.kind)
    if (group.read && group.sound) controlled.add(group.section)
  }
  for (const group of [...groups].reverse()) if (!group.sound && group.parent) group.parent.sound = false
  return { groups, backslashes, controlled }
}

function kindOf(text: string, { by, separators, end }: OpenGroup): BracketKind {
  if (!separators.length || (by === ':' && separators.length > 2)) return 'inert'
  if (by === '|') return 'alternates'
  const when = text.slice((separators.at(-1) ?? 0) + 1, end - 1)
  // What a tag will say there is not known.
  if (!PYTHON_FLOAT.test(when) && !when.includes('<')) return 'fails'
  return separators.length === 2 ? 'switches' : 'timed'
}
