/** Writes what other languages need: `schema/*.json` and `openapi.json`. Part of the build. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as schemas from '../../../src/schema/index.js'
import * as answers from './answers.js'
import { readComments } from './comments.js'
import { componentsOf, documentsOf, schemasOf } from './json-schema.js'
import { openApiOf } from './openapi.js'

/** The name of a schema's file: `SwarmUIPrompt` is in `swarmui-prompt.json`. */
export function fileOf(name: string): string {
  const words = name.replace('SwarmUI', 'Swarmui').replace(/(?!^)([A-Z])/g, '-$1')
  return `${words.toLowerCase()}.json`
}

/** The contents of all files, by their place below `dist`. */
export function contracts(): ReadonlyMap<string, object> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const comments = readComments('src/schema')
  const documents = schemasOf(schemas)
  const files = new Map<string, object>()
  for (const [name, document] of documentsOf(documents, comments)) files.set(join('schema', fileOf(name)), document)
  const components = componentsOf(new Map([...documents, ...schemasOf(answers)]), comments)
  return files.set('openapi.json', openApiOf({ version, components }))
}

/** Writes all files below a folder. */
export function writeContracts(folder: string): void {
  mkdirSync(join(folder, 'schema'), { recursive: true })
  for (const [file, content] of contracts()) writeFileSync(join(folder, file), `${JSON.stringify(content, null, 2)}\n`)
}
