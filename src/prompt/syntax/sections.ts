/**
 * Telling the words of a prompt from the sections its tags open.
 * @module
 */

import { sectionOf } from './tag-kinds.js'
import { parseTags } from './tags.js'

/** A prompt taken apart. */
export interface SplitPrompt {
  /** The words outside of all sections. */
  prose: string
  /** Each section: the tag that opens it, and what stands behind it up to the next. */
  sections: string[]
}

/** Takes a prompt apart; text behind `<region:end>` is outside again. */
export function splitSections(text: string): SplitPrompt {
  const openers = parseTags(text).tags.filter((tag) => sectionOf(tag))
  const prose = [text.slice(0, openers[0]?.start).trim()]
  const sections: string[] = []
  openers.forEach((tag, at) => {
    const next = openers[at + 1]?.start
    if (sectionOf(tag) === 'global') prose.push(text.slice(tag.end, next).trim())
    else sections.push(text.slice(tag.start, next).trim())
  })
  return { prose: prose.filter(Boolean).join(' '), sections }
}

/** What tells whether two sections are the same: all but the numbers SwarmUI writes into tags it has read. */
export function sectionKey(section: string): string {
  return section.replace(/\/\/cid=\d+/g, '')
}
