/**
 * The tags of a SwarmUI prompt, found the way SwarmUI finds them.
 * @module
 */

/** One outermost `<...>` tag. Whatever is nested inside stays within `data`. */
export interface PromptTag {
  /** Where its `<` stands, in UTF-16 code units. */
  start: number
  /** Just behind its `>`, in UTF-16 code units. */
  end: number
  /** The whole tag as written, with its brackets. */
  raw: string
  /** What kind of tag it is, lower-cased as SwarmUI looks it up: `lora`, `segment`. Unknown kinds stay text there. */
  prefix: string
  /** What stands in `[...]` behind the prefix, such as `2-3` in `<random[2-3]:a|b>`; `null` without brackets. */
  preData: string | null
  /** Everything behind the first `:` that is not nested; empty without one. */
  data: string
}

/** What {@link parseTags} finds. */
export interface PromptTags {
  /** The outermost tags, in order. */
  tags: PromptTag[]
  /**
   * Where an unclosed `<` stands, in UTF-16 code units: SwarmUI reads everything from there on as plain words, tags
   * included. Absent when every `<` is closed.
   */
  literalFrom?: number
}

/**
 * Finds the outermost tags of a prompt with SwarmUI's own scanner.
 *
 * Brackets are counted, so `<random:a,<lora:b>>` is one tag. A `>` outside of tags is text. An unclosed `<` makes all
 * the rest text: behind the `<3` of `I <3 you <lora:x>` nothing is a tag. As in SwarmUI, from the second tag on the
 * character right behind the `<` is not counted, so a later `<>` does not end there. Linear in the text; never throws.
 *
 * @param text - The prompt.
 * @returns The tags, and where the text stops being read for tags.
 * @example
 * ```ts
 * import { parseTags } from 'storyart-sdk/prompt'
 *
 * const { tags } = parseTags('a harbour <random[2,]:fog|rain|<wildcard:sky>> <Segment:face,0.4,0.5>')
 * console.log(tags.length) // 2
 * console.log(tags[0]?.prefix, tags[0]?.preData, tags[0]?.data) // random 2, fog|rain|<wildcard:sky>
 * console.log(tags[1]?.prefix, tags[1]?.raw) // segment <Segment:face,0.4,0.5>
 * console.log(parseTags('I <3 rain <lora:x>').literalFrom) // 2
 * ```
 */
export function parseTags(text: string): PromptTags {
  const { spans, literalFrom } = tagSpans(text)
  const tags = spans.map(([start, end]) => read(text, start, end))
  return literalFrom === undefined ? { tags } : { tags, literalFrom }
}

/** As {@link parseTags}, but without reading the tags: start and end of each. */
export function tagSpans(text: string): { spans: [start: number, end: number][]; literalFrom?: number } {
  const spans: [number, number][] = []
  let start = text.indexOf('<')
  while (start >= 0) {
    const end = closing(text, start, spans.length > 0)
    if (end < 0) return { spans, literalFrom: start }
    spans.push([start, end])
    start = text.indexOf('<', end)
  }
  return { spans }
}

/** The offset behind the `>` that balances, or -1. */
function closing(text: string, start: number, later: boolean): number {
  let depth = 1
  for (let at = start + (later ? 2 : 1); at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 60) depth++
    else if (code === 62 && !--depth) return at + 1
  }
  return -1
}

function read(text: string, start: number, end: number): PromptTag {
  const inside = text.slice(start + 1, end - 1)
  const colon = unnested(inside, ':')
  const head = colon < 0 ? inside : inside.slice(0, colon)
  const bracket = head.endsWith(']') ? unnested(head, '[') : -1
  return {
    start,
    end,
    raw: text.slice(start, end),
    prefix: (bracket < 0 ? head : head.slice(0, bracket)).toLowerCase(),
    preData: bracket < 0 ? null : head.slice(bracket + 1, -1),
    data: colon < 0 ? '' : inside.slice(colon + 1),
  }
}

/** The first place of a character that is not inside of nested tags, or -1. */
function unnested(text: string, wanted: string): number {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === wanted && depth <= 0) return at
    if (char === '<') depth++
    else if (char === '>') depth--
  }
  return -1
}
