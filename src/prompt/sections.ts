/**
 * Telling the words of a prompt from the sections its tags open.
 * @module
 */

import { parseTags } from './tags.js'

// SwarmUI opens sections only for lower-case tags.
const SECTION = /^<(?:base|refiner|pixeldecoder|video|videoswap|segment|object|region|extend|clear)\b/

/** A prompt taken apart. */
export interface SplitPrompt {
  /** The words outside of all sections. */
  prose: string
  /** Each section: the tag that opens it, and what stands behind it up to the next. */
  sections: string[]
}

/** Takes a prompt apart; text behind `<region:end>` is outside again. */
export function splitSections(text: string): SplitPrompt {
  const openers = parseTags(text).tags.filter(({ raw }) => SECTION.test(raw))
  const prose = [text.slice(0, openers[0]?.start).trim()]
  const sections: string[] = []
  openers.forEach(({ raw, start, end }, at) => {
    const next = openers[at + 1]?.start
    if (/^<region:end\b/.test(raw)) prose.push(text.slice(end, next).trim())
    else sections.push(text.slice(start, next).trim())
  })
  return { prose: prose.filter(Boolean).join(' '), sections }
}

/** What tells whether two sections are the same: all but the numbers SwarmUI writes into tags it has read. */
export function sectionKey(section: string): string {
  return section.replace(/\/\/cid=\d+/g, '')
}
