/** The doc comments of the schemas, so that other languages' models have them too. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is said of a schema and of its fields. */
export interface SchemaComments {
  description: string
  fields: ReadonlyMap<string, string>
}

const DECLARATION = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const (\w+)Schema = ([\s\S]*?)\n(?=\n\S|$)/g
const FIELD = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+(\w+):/g

/** Comments by the schema's name without `Schema`. */
export function readComments(folder: string): ReadonlyMap<string, SchemaComments> {
  const comments = new Map<string, SchemaComments>()
  const aliases = new Map<string, string>()
  for (const file of readdirSync(folder)) {
    for (const [, comment, name, body] of readFileSync(join(folder, file), 'utf8').matchAll(DECLARATION)) {
      const fields = [...(body ?? '').matchAll(FIELD)].map(([, text, field]) => [String(field), plain(text)] as const)
      const original = /^(\w+)Schema$/.exec(body ?? '')?.[1]
      if (original !== undefined) aliases.set(String(name), original)
      comments.set(String(name), { description: plain(comment), fields: new Map(fields) })
    }
  }
  for (const [name, original] of aliases) {
    const said = comments.get(original)
    if (said) comments.set(name, said)
  }
  return comments
}

/** The text of a comment on one line, without tags and links. */
function plain(comment = ''): string {
  const [text = ''] = comment.replace(/^[ \t]*\* ?/gm, '').split(/^@\w/m)
  return text
    .replace(/\{@link (\w+)\}/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
}
