/**
 * The sessions in files: one document, a list of documents, or one document a line, told by what is in the file.
 * @module
 */
import { createReadStream } from 'node:fs'
import { addAbortSignal, type Readable } from 'node:stream'
import { fileError } from '../arguments/read-text.js'
import { textLines } from '../arguments/text-lines.js'
import { isObject, userJson } from '../arguments/user-json.js'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import { type Host, pathOf } from '../host.js'

/** One thing that should be a session. */
export interface Found {
  /** The file as it was given. */
  file: string
  /** The line, from 1, of a file with one document a line. */
  line?: number
  /** How to speak of the place. */
  where: string
  /** What stands there, or what is wrong with it. */
  content: { ok: true; value: unknown } | { ok: false; problem: string }
}

/** Goes through a file, or stdin for `-`. One document a line is read line by line, whatever the size of the file. */
export async function* sessionsIn(host: Host, file: string): AsyncGenerator<Found, void, undefined> {
  const name = file === '-' ? 'stdin' : `the file ${file}`
  let whole: string[] | null = []
  let line = 0
  const inLine = (text: string, at: number): Found => ({
    file,
    line: at,
    where: `line ${at} of ${name}`,
    content: userJson(text),
  })
  for await (const text of linesOf(host, file)) {
    line++
    if (text.trim() === '') whole?.push(text)
    else if (whole === null) yield inLine(text, line)
    else {
      whole.push(text)
      const lines: { text: string; at: number }[] = whole.map((one, at) => ({ text: one, at: at + 1 }))
      const said = lines.filter((one) => one.text.trim() !== '')
      if (!isByLine(said.map((one) => one.text))) continue
      whole = null
      for (const one of said) yield inLine(one.text, one.at)
    }
  }
  if (whole === null) return
  const content = userJson(whole.join('\n'))
  if (!content.ok || !Array.isArray(content.value)) yield { file, where: name, content }
  else {
    const { value } = content
    for (const [at, one] of value.entries()) {
      yield { file, where: `entry ${at} of ${name}`, content: { ok: true, value: one } }
    }
  }
}

/**
 * Whether the first lines show that each is a document of its own: the first is one, or the second is although the first
 * is damaged. In a document of many lines neither is.
 */
function isByLine(lines: readonly string[]): boolean {
  if (lines.length > 2 || lines[0]?.trimStart().startsWith('[')) return false
  const read = userJson(lines.at(-1) ?? '')
  return read.ok && isObject(read.value)
}

async function* linesOf(host: Host, file: string): AsyncGenerator<string, void, undefined> {
  const stream: Readable = file === '-' ? host.stdin : createReadStream(pathOf(host, file))
  try {
    yield* textLines(addAbortSignal(host.signal, stream))
  } catch (error) {
    host.signal.throwIfAborted()
    const name = file === '-' ? 'stdin' : file
    if (error instanceof TypeError) throw new CliError(EXIT.invalid, `${name} is not UTF-8: convert it first`)
    throw fileError(name, 'read', error)
  }
}
