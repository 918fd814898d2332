/**
 * Which tags SwarmUI knows, and which of them open a section.
 * @module
 */

import type { PromptTag } from './tags.js'

/**
 * What a part of a prompt is for. `global` stands before all sections and behind `<region:end>`; `background` is
 * `<region:background>`; the others are called as their tags.
 */
export type SectionKind =
  | 'global'
  | 'background'
  | 'base'
  | 'refiner'
  | 'pixeldecoder'
  | 'video'
  | 'videoswap'
  | 'segment'
  | 'region'
  | 'object'
  | 'extend'
  | 'clear'

/** The kinds that are called as their tags. */
type Opener = Exclude<SectionKind, 'global' | 'background'>

const OPENERS: readonly Opener[] = [
  'base',
  'refiner',
  'pixeldecoder',
  'video',
  'videoswap',
  'segment',
  'region',
  'object',
  'extend',
  'clear',
]
const OTHERS =
  /^(?:random|alternate|alt|fromto|wildcard|wc|repeat|preset|p|param|embed|embedding|setvar|var|setmacro|macro|lora|trigger|comment|break)$/
const ID = /\/\/cid=(\d+)(?=>$)/
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i

/** What a tag opens; `null` for tags that open nothing, as with a prefix that is not in lower case. */
export function sectionOf({ raw }: Pick<PromptTag, 'raw'>): SectionKind | null {
  const tag = withoutId(raw)
  const kind = openerOf(/^<([a-z]+)[:>]/.exec(tag)?.[1])
  if (kind === 'region' && tag === '<region:end>') return 'global'
  if (kind === 'region' && tag === '<region:background>') return 'background'
  if ((kind === 'region' || kind === 'object') && !areaOf(tag)) return null
  return kind
}

/** Whether SwarmUI does something with tags of this kind; it leaves all others in the prompt as words. */
export function isKnownTag(prefix: string): boolean {
  return OTHERS.test(prefix) || openerOf(prefix) !== null
}

/** The kind of section that tags of this kind open, if they are written in lower case and have what they need. */
export function openerOf(prefix: string | undefined): Opener | null {
  return OPENERS.find((opener) => opener === prefix) ?? null
}

/** The numbers of `<region:x,y,w,h...>` or `<object:...>`; `null` where SwarmUI does not read four of them. */
export function areaOf(tag: string): (number | null)[] | null {
  const numbers = tag
    .slice(tag.indexOf(':') + 1, -1)
    .split(',')
    .map(numberOf)
  const enough = numbers.length >= 4 && numbers.length <= 6
  return enough && numbers.slice(0, 4).every((number) => number !== null) ? numbers : null
}

/** A number as SwarmUI reads it, or `null`. */
export function numberOf(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null
}

/** The number SwarmUI writes behind a section tag that it has read (`//cid=11`), or `null`. */
export function idOf(raw: string): number | null {
  const id = ID.exec(raw)?.[1]
  return id === undefined ? null : Number(id)
}

/** A tag as it was before SwarmUI numbered it. */
export function withoutId(raw: string): string {
  return raw.replace(ID, '')
}
