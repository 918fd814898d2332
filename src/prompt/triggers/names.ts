/**
 * The names a character goes by.
 * @module
 */

import { ARTICLES, STOP_WORDS, TITLES } from './name-words.js'
import { type Word, wordsOf } from './words.js'

/** One way to write a character's name. */
export interface NameForm {
  /** The name. */
  text: string
  /** Its words. */
  words: Word[]
  /** Whether the context itself says it; otherwise it is only implied by the full name. */
  listed: boolean
  /** Whether its first word counts only as written here; otherwise any case does. */
  exact: boolean
}

const NICKNAME = /(?:^|\s)['"\u2018-\u201f]([^'"\u2018-\u201f]+)['"\u2018-\u201f](?=\s|$)/

/**
 * Lists the ways to write a character's name: the full name, the aliases, what a quoted nickname implies, the name
 * without title or parenthesis, the surname alone or behind the title, and the surname first with a comma.
 *
 * @param name - The full name.
 * @param aliases - The other names the context lists.
 * @returns The forms. A lone title among the aliases is none, nor is an article or a stop-word.
 */
export function namesOf(name: string, aliases: readonly string[]): NameForm[] {
  const forms: NameForm[] = []
  const add = (text: string, listed = false, exact = false) => {
    const words = wordsOf(text)
    const rest = words.slice(ARTICLES.has(words[0]?.key ?? '') ? 1 : 0)
    // The full name may be a mere title: then the character is called nothing else.
    const title = text !== name && rest.every(({ key }) => TITLES.has(key))
    const stop = words.length === 1 && rest.every(({ key }) => STOP_WORDS.has(key))
    const blanks = rest.slice(1).filter(({ edge }) => edge.startsWith(' '))
    if (rest.length && !title && !stop) forms.push({ text, words, listed, exact: exact || !blanks.length })
  }
  for (const text of [name, ...aliases]) add(text, true)

  const outside = name.replace(/\([^()]*\)/g, ' ')
  const nickname = NICKNAME.exec(outside)?.[1] ?? ''
  const words = wordsIn(outside.replace(NICKNAME, ' '))
  const first = words.findIndex((word, at) => at === words.length - 1 || !TITLES.has(firstKey(word)))
  const given = words.slice(first, -1).join(' ')
  const surname = words.at(-1) ?? ''
  add(nickname, true)
  for (const text of [outside, words.join(' '), `${given} ${surname}`, `${given} ${nickname} ${surname}`]) add(text)
  // In "Bonnie and Clyde", "Tom & Jerry" or "The Shadow" the last word is no surname.
  if (words.some((word) => STOP_WORDS.has(firstKey(word) || 'and'))) return forms
  for (const text of [surname, `${nickname} ${surname}`, `${words.slice(0, first).join(' ')} ${surname}`]) add(text)
  add(`${surname}, ${given}`, false, true)
  return forms
}

function wordsIn(text: string): string[] {
  return text.split(/\s+/).filter(Boolean)
}

function firstKey(text: string): string {
  return wordsOf(text)[0]?.key ?? ''
}
