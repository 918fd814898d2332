import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** The house of the design: a file imports only lower layers; `web` files name nothing of Node. */
interface Room {
  match: RegExp
  layer: number
  web: boolean
  packages: string[]
}

/** The command line knows the library by what everybody can import. */
const OWN_ENTRIES = ['', '/prompt', '/redis', '/file', '/swarmui', '/server'].map((entry) => `storyart-sdk${entry}`)

const ROOMS: Room[] = [
  { match: /^errors\.ts$/, layer: 0, web: true, packages: [] },
  { match: /^schema\//, layer: 0, web: true, packages: ['zod'] },
  { match: /^(abort|deadline|revision|wait)\.ts$/, layer: 1, web: true, packages: [] },
  { match: /^prompt\//, layer: 1, web: true, packages: [] },
  { match: /^wire(-[a-z-]+)?\.ts$/, layer: 1, web: true, packages: [] },
  { match: /^(codec|[a-z]+-json|json-[a-z]+|episode-context)\.ts$/, layer: 1, web: true, packages: [] },
  { match: /^adapters\/redis[a-z-]*\.ts$/, layer: 2, web: false, packages: ['ioredis'] },
  { match: /^adapters\/file[a-z-]*\.ts$/, layer: 2, web: false, packages: [] },
  { match: /^adapters\//, layer: 2, web: true, packages: [] },
  { match: /^store\//, layer: 3, web: true, packages: [] },
  { match: /^swarmui\//, layer: 2, web: true, packages: [] },
  { match: /^ai\//, layer: 2, web: true, packages: ['ai', 'zod'] },
  { match: /^testing\//, layer: 3, web: true, packages: [] },
  { match: /^server\/node-[a-z-]+\.ts$/, layer: 4, web: false, packages: [] },
  { match: /^server\//, layer: 4, web: true, packages: [] },
  { match: /^cli\//, layer: 5, web: false, packages: [...OWN_ENTRIES, 'commander', 'cli-progress', 'cli-table3'] },
  { match: /^index\.ts$/, layer: 6, web: true, packages: [] },
]

/** The rooms within `prompt`: each knows the files beside them and the rooms before it. */
const PROMPT_ROOMS = [
  'prompt',
  'prompt/syntax',
  'prompt/triggers',
  'prompt/appearance',
  'prompt/queue',
  'prompt/script',
  'prompt/edit',
  'prompt/diff',
  'prompt/check',
  'prompt/compose',
  'prompt/dialect',
]

/** The dumping grounds of rule 9. */
const BANNED_NAMES = /^(utils?|helpers?|common|misc|types)\.ts$/

const SOURCE = resolve('src')

interface Import {
  from: string
  name: string
  typeOnly: boolean
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(SOURCE, join(entry.parentPath, entry.name)))
    .sort()
}

function roomOf(file: string): Room {
  const room = ROOMS.find((candidate) => candidate.match.test(file))
  if (!room) throw new Error(`src/${file} stands in no room of the house`)
  return room
}

/** The folder, or for the files that stand alone the file itself. */
function nameOf(file: string): string {
  return file.split('/')[0] ?? file
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(join(SOURCE, file), 'utf8'), ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const visit = (node: ts.Node): void => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      const clause = ts.isImportDeclaration(node) ? node.importClause : undefined
      const named = clause?.namedBindings
      const allTypes =
        named !== undefined &&
        ts.isNamedImports(named) &&
        named.elements.length > 0 &&
        named.elements.every((element) => element.isTypeOnly) &&
        !clause?.name
      const typeOnly = ts.isExportDeclaration(node) ? node.isTypeOnly : clause?.isTypeOnly === true || allTypes
      found.push({ from: file, name: (node.moduleSpecifier as ts.StringLiteral).text, typeOnly })
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments
      if (argument && ts.isStringLiteral(argument)) found.push({ from: file, name: argument.text, typeOnly: false })
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    ) {
      found.push({ from: file, name: node.argument.literal.text, typeOnly: true })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function complaint({ from, name, typeOnly }: Import): string | null {
  const room = roomOf(from)
  if (!name.startsWith('.')) {
    const bare = name.replace(/^node:/, '')
    if (builtinModules.includes(bare)) return room.web ? `${from} is for every runtime and imports ${name}` : null
    return room.packages.includes(name) ? null : `${from} imports the package ${name}`
  }
  const target = relative(SOURCE, resolve(SOURCE, dirname(from), name)).replace(/\.js$/, '.ts')
  const other = roomOf(target)
  if (/^adapters\//.test(from) && /^adapters\//.test(target)) {
    const stem = /^adapters\/(redis|memory|local-storage|file|indexeddb|http)/.exec(from)?.[1]
    const shared = /^adapters\/(adapter|arguments|watch-listeners)\.ts$/.test(target)
    return shared || (stem !== undefined && target.startsWith(`adapters/${stem}`))
      ? null
      : `${from} imports another adapter, ${target}`
  }
  if (from.startsWith('prompt/') && target.startsWith('prompt/')) {
    const [here, there] = [from, target].map((file) => PROMPT_ROOMS.indexOf(dirname(file)))
    const known = here !== undefined && there !== undefined && here >= 0 && there >= 0
    if (known && (there <= here || from === 'prompt/index.ts')) return null
    return `${from} imports ${target}, a room that comes later`
  }
  if (nameOf(from) === nameOf(target)) return null
  if (from.startsWith('prompt/') && target.startsWith('schema/')) {
    return typeOnly ? null : `${from} imports ${target} as a value`
  }
  // The files of layer 1 that stand alone form one room around the codec.
  const standAlone = room.layer === 1 && other.layer === 1 && !from.includes('/') && !target.includes('/')
  if (other.layer < room.layer || standAlone) return null
  return `${from} (layer ${room.layer}) imports ${target} (layer ${other.layer})`
}

const files = filesBelow(SOURCE)

describe('the house', () => {
  it('is not empty', () => {
    expect(files.length).toBeGreaterThanOrEqual(40)
  })

  it('has every import going down', () => {
    expect(files.flatMap(importsOf).map(complaint).filter(Boolean)).toEqual([])
  })

  it('notices an import that goes up, a package in the wrong room, and Node in a web room', () => {
    const wrong: Import[] = [
      { from: 'schema/index.ts', name: '../codec.js', typeOnly: false },
      { from: 'prompt/queue/queue.ts', name: '../../schema/index.js', typeOnly: false },
      { from: 'prompt/queue/queue.ts', name: '../check/check.js', typeOnly: true },
      { from: 'prompt/queue/queue.ts', name: 'zod', typeOnly: true },
      { from: 'store/session-store.ts', name: 'node:fs', typeOnly: false },
      { from: 'store/session-store.ts', name: 'ioredis', typeOnly: true },
      { from: 'adapters/memory.ts', name: './redis.js', typeOnly: false },
      { from: 'adapters/memory.ts', name: '../store/session-store.js', typeOnly: true },
    ]
    expect(wrong.map(complaint).filter((text) => text === null)).toEqual([])
  })

  it('names its files for what is in them, and keeps them short', () => {
    expect(files.filter((file) => BANNED_NAMES.test(file.split('/').at(-1) ?? ''))).toEqual([])
    const lengths = files.map((file) => ({ file, lines: readFileSync(join(SOURCE, file), 'utf8').split('\n').length }))
    expect(lengths.filter(({ lines }) => lines > 301)).toEqual([])
    const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b)
    expect(sorted[sorted.length >> 1]).toBeLessThanOrEqual(100)
  })

  it('keeps the ten rules that text can show', () => {
    const text = new Map(files.map((file) => [file, readFileSync(join(SOURCE, file), 'utf8')]))
    const with_ = (pattern: RegExp, except = /^$/): string[] =>
      files.filter((file) => !except.test(file) && pattern.test(withoutComments(text.get(file) ?? '')))
    expect(with_(/\bconsole\./)).toEqual([])
    expect(with_(/\bprocess\.env\b/, /^(adapters\/redis-env|cli\/host)\.ts$/)).toEqual([])
    expect(with_(/^(export )?let /m)).toEqual([])
    expect(with_(/export default/)).toEqual([])
    expect(with_(/(:|<|\bas) any\b/)).toEqual([])
    expect(with_(/(^|[^.\w'])eval\(|new Function\b/m, /^adapters\/redis/)).toEqual([])
    expect(
      with_(
        /JSON\.parse/,
        /^(parse-json|episode-context|store\/summary|schema\/is-complete|prompt\/session-context|cli\/packaged|cli\/arguments\/user-json)\.ts$/,
      ),
    ).toEqual([])
  })
})

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}
