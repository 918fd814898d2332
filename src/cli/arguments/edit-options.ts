/**
 * What `storyart edit` is to find, and what to put there.
 * @module
 */
import type { PromptEdit } from 'storyart-sdk/prompt'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import type { Host } from '../host.js'
import { readText } from './read-text.js'
import { isObject, userJson } from './user-json.js'

/** How edits are given. */
export interface EditWords {
  find?: string
  replace?: string
  edits?: string
  regex?: boolean
  ignoreCase?: boolean
}

/** Letters beyond 16 bits are whole, and `\p{…}` is known. */
const FLAGS = 'u'

/** @throws {CliError} of code `usage` when there is no edit, or one cannot be used. */
export async function editsOf(
  host: Host,
  { find, replace, edits, regex, ignoreCase }: EditWords,
): Promise<PromptEdit[]> {
  if (edits !== undefined) return editsFrom(await readText(host, edits), edits)
  if (find === undefined || replace === undefined) {
    throw wrong('say what to find with --find and what to put there with --replace, or give --edits')
  }
  return [editOf({ find, replace, regex, flags: ignoreCase ? `i${FLAGS}` : undefined }, '')]
}

function editsFrom(text: string, file: string): PromptEdit[] {
  const read = userJson(text)
  if (!read.ok) throw wrong(`${file} is ${read.problem}`)
  if (!Array.isArray(read.value) || read.value.length === 0) {
    throw wrong(`${file} must hold a list of edits: [{ "find": "…", "replace": "…" }]`)
  }
  return read.value.map((value: unknown, at) => editOf(value, `${file}[${at}]: `))
}

/** An edit of a stranger: what it does not say right must not be guessed, as it goes over every prompt. */
function editOf(value: unknown, where: string): PromptEdit {
  if (!isObject(value)) throw wrong(`${where}an edit must be { "find", "replace", "regex"?, "flags"? }`)
  const { find, replace, regex = false, flags, ...rest } = value
  const [unknown] = Object.keys(rest)
  if (unknown !== undefined) throw wrong(`${where}an edit has no "${unknown}", only find, replace, regex and flags`)
  if (typeof find !== 'string' || find === '') throw wrong(`${where}find must be a text that is not empty`)
  if (typeof replace !== 'string') throw wrong(`${where}replace must be a text; "" takes away what is found`)
  if (typeof regex !== 'boolean') throw wrong(`${where}regex must be true or false`)
  if (flags !== undefined && typeof flags !== 'string') throw wrong(`${where}flags must be a text such as "iu"`)
  if (regex) return { find: patternOf(find, flags ?? FLAGS, where), replace }
  if (flags === undefined) return { find, replace }
  // A text in any case is found by a pattern, but what is put in its place is still literal.
  return { find: patternOf(find.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'), flags, where), replace: () => replace }
}

function patternOf(source: string, flags: string, where: string): RegExp {
  try {
    return new RegExp(source, flags)
  } catch (error) {
    throw wrong(`${where}${error instanceof Error ? error.message : 'this is no pattern'}`)
  }
}

function wrong(message: string): CliError {
  return new CliError(EXIT.usage, message)
}
