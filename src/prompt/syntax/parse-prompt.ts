/**
 * A prompt as SwarmUI reads it, in parts that can be changed one by one, and the way back.
 * @module
 */

import { idOf, type SectionKind, sectionOf, withoutId } from './tag-kinds.js'
import {
  type AreaValues,
  type LoraValues,
  readArea,
  readLora,
  readSegment,
  readYolo,
  type SegmentValues,
  writeArea,
  writeLora,
  writeSegment,
  type YoloMatch,
} from './tag-values.js'
import { parseTags } from './tags.js'

/** Words between tags, as written. */
export interface PromptWords {
  /** What this part is. */
  kind: 'words'
  /** The words, with all blanks. */
  text: string
}

/** A `<lora:name:weight:textEncoderWeight>` tag. It works in its own section only. */
export interface PromptLora extends LoraValues {
  /** What this part is. */
  kind: 'lora'
  /** The tag as written; `formatPrompt` writes changed values into it. */
  raw: string
}

/** Any other tag that opens no section. */
export interface OtherTag {
  /** What this part is. */
  kind: 'tag'
  /** The tag as written, with everything nested in it. */
  raw: string
  /** What kind of tag, in lower case. */
  prefix: string
}

/** A part of a section. */
export type PromptPart = PromptWords | PromptLora | OtherTag

/** What all sections have. */
export interface SectionBase {
  /** The tag that opens the section, as written; empty for the words before all sections. */
  raw: string
  /** The number SwarmUI wrote behind the tag (`//cid=11`); `null` when it has none. `null` removes it. */
  contextId: number | null
  /** What is in the section. */
  parts: PromptPart[]
}

/** A section for a part of the picture that is found by what it shows. */
export interface SegmentSection extends SectionBase, SegmentValues {
  /** What kind of section. */
  kind: 'segment' | 'clear'
  /** What `match` says as a model, if it is one alone. For reading: to change it, change `match`. */
  readonly yolo: YoloMatch | null
}

/** A section for a part of the picture that is given by its edges. */
export interface AreaSection extends SectionBase, AreaValues {
  /** What kind of section. */
  kind: 'region' | 'object'
}

/** A section without values of its own. */
export interface PlainSection extends SectionBase {
  /** What kind of section. */
  kind: Exclude<SectionKind, 'segment' | 'clear' | 'region' | 'object'>
}

/** A section of a prompt; tell them apart by `kind`. */
export type PromptSection = SegmentSection | AreaSection | PlainSection

/** What {@link parsePrompt} returns. */
export interface ParsedPrompt {
  /** All of the prompt in its order. The first is always `global`, perhaps without parts. */
  sections: PromptSection[]
  /** All LORA tags: the same objects as in the sections. */
  loras: PromptLora[]
  /** All segments: the same objects as in `sections`, without the `clear` ones. */
  segments: SegmentSection[]
  /**
   * Where an unclosed `<` stands, in UTF-16 code units: everything from there on is words to SwarmUI. Absent when every
   * `<` is closed.
   */
  literalFrom?: number
}

/**
 * Takes a prompt apart the way SwarmUI does: sections, LORAs with their weights, segments with their numbers.
 *
 * {@link formatPrompt} puts it together again: the very same text when nothing was changed, and otherwise only what was
 * changed is written anew. Tags in other tags stay as they are and are not listed. A section tag that SwarmUI does not
 * take for one (not in lower case, a region without four numbers) is an ordinary tag; {@link promptFindings} reports
 * it. Linear in the text; never throws.
 *
 * @param text - The prompt.
 * @returns The parts.
 * @see SwarmUI's documentation of its prompt syntax.
 * @example
 * ```ts
 * import { formatPrompt, parsePrompt } from 'storyart-sdk/prompt'
 *
 * const prompt = parsePrompt('a harbour <lora:fog:0.8>, dusk <segment:yolo-face_yolov9c.pt-0,0.35,0.5>')
 * const [lora] = prompt.loras
 * const [face] = prompt.segments
 * console.log(lora?.name, lora?.weight, face?.yolo?.model, face?.creativity, face?.threshold) // fog 0.8 face_yolov9c.pt 0.35 0.5
 * if (lora) lora.weight = 0.6
 * console.log(formatPrompt(prompt)) // a harbour <lora:fog:0.6>, dusk <segment:yolo-face_yolov9c.pt-0,0.35,0.5>
 * ```
 */
export function parsePrompt(text: string): ParsedPrompt {
  const { tags, literalFrom } = parseTags(text)
  let section = sectionFrom('global', '')
  const sections = [section]
  let from = 0
  const words = (to: number) => {
    if (to > from) section.parts.push({ kind: 'words', text: text.slice(from, to) })
  }
  for (const tag of tags) {
    const { start, end, raw, prefix } = tag
    words(start)
    from = end
    const kind = sectionOf(tag)
    if (kind) {
      section = sectionFrom(kind, raw)
      sections.push(section)
    } else {
      section.parts.push(prefix === 'lora' ? { kind: 'lora', raw, ...readLora(raw) } : { kind: 'tag', raw, prefix })
    }
  }
  words(text.length)
  return {
    sections,
    loras: sections.flatMap(({ parts }) => parts).filter((part) => part.kind === 'lora'),
    segments: sections.filter((one): one is SegmentSection => one.kind === 'segment'),
    ...(literalFrom !== undefined && { literalFrom }),
  }
}

/**
 * Writes a prompt from its parts: the way back from {@link parsePrompt}.
 *
 * What was not changed comes back to the letter, blanks and the writing of numbers included. Only `sections` is
 * written, so a LORA that is to go has to leave its section's `parts`. Values are written as they are: a name with a
 * `>` in it breaks its tag.
 *
 * @param prompt - The parts.
 * @returns The text.
 * @example
 * ```ts
 * import { formatPrompt, parsePrompt } from 'storyart-sdk/prompt'
 *
 * const prompt = parsePrompt('a pier, <segment:face, 0.60,0.5//cid=11>')
 * for (const segment of prompt.segments) Object.assign(segment, { threshold: 0.4, contextId: null })
 * console.log(formatPrompt(prompt)) // a pier, <segment:face, 0.60,0.4>
 * ```
 */
export function formatPrompt({ sections }: Pick<ParsedPrompt, 'sections'>): string {
  return sections.map((section) => tagOf(section) + section.parts.map(textOfPart).join('')).join('')
}

function sectionFrom(kind: SectionKind, raw: string): PromptSection {
  const base = { raw, contextId: idOf(raw), parts: [] }
  if (kind === 'segment' || kind === 'clear') {
    const values = readSegment(raw)
    return { kind, ...base, ...values, yolo: readYolo(values.match) }
  }
  return kind === 'region' || kind === 'object' ? { kind, ...base, ...readArea(raw) } : { kind, ...base }
}

function tagOf(section: PromptSection): string {
  const { kind, raw, contextId } = section
  let tag = raw
  if (kind === 'segment' || kind === 'clear') tag = writeSegment(raw, section)
  else if (kind === 'region' || kind === 'object') tag = writeArea(raw, section)
  if (contextId === idOf(raw)) return tag
  return contextId === null ? withoutId(tag) : `${withoutId(tag).slice(0, -1)}//cid=${contextId}>`
}

function textOfPart(part: PromptPart): string {
  if (part.kind === 'words') return part.text
  return part.kind === 'lora' ? writeLora(part.raw, part) : part.raw
}
