/**
 * The names a character goes by.
 * @module
 */

import { ARTICLES, STOP_WORDS, TITLES } from './name-words.js'
import { keyOf } from './words.js'

/** One way to write a character's name. */
export interface NameForm {
  /** The name. */
  text: string
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
    const keys = wordsIn(text).map(bareKey).filter(Boolean)
    const rest = ARTICLES.has(keys[0] ?? '') ? keys.slice(1) : keys
    if (keys.length === 1 && STOP_WORDS.has(keys[0] ?? '')) return
    // The full name may be a mere title: then the character is called nothing else.
    if (text !== name && rest.every((key) => TITLES.has(key))) return
    if (rest.length) forms.push({ text, listed, exact: exact || rest.length < 2 })
  }
  for (const text of [name, ...aliases]) add(text, true)

  const outside = name.replace(/\([^()]*\)/g, ' ')
  const nickname = NICKNAME.exec(outside)?.[1] ?? ''
  const words = wordsIn(outside.replace(NICKNAME, ' '))
  const first = words.findIndex((word, at) => at === words.length - 1 || !TITLES.has(bareKey(word)))
  const given = words.slice(first, -1).join(' ')
  const surname = words.at(-1) ?? ''
  add(nickname, true)
  for (const text of [outside, words.join(' '), `${given} ${surname}`, `${given} ${nickname} ${surname}`]) add(text)
  // In "Bonnie and Clyde" or "The Shadow" the last word is no surname.
  if (words.some((word) => STOP_WORDS.has(bareKey(word)))) return forms
  for (const text of [surname, `${nickname} ${surname}`, `${words.slice(0, first).join(' ')} ${surname}`]) add(text)
  add(`${surname}, ${given}`, false, true)
  return forms
}

function wordsIn(text: string): string[] {
  return text.split(/\s+/).filter(Boolean)
}

/** The key of a word without the punctuation around it. */
function bareKey(word: string): string {
  return keyOf(word).replace(/[^\p{L}\p{M}\p{N}]+/gu, '')
}
