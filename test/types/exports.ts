/** What a user can import, as the compiler sees it, and what the type tests make of it. */
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'

/** One name of the public API. */
export interface PublicExport {
  name: string
  symbol: ts.Symbol
  declaration: ts.Declaration
}

export interface Api {
  /** Each export once, where it is met first. */
  exports: PublicExport[]
  /** What the files of type tests use, imports apart. */
  used: Set<ts.Symbol>
  /** The compiler's complaints about the type tests. */
  complaints: string[]
}

const FOLDER = 'test/types'

/** Compiles the type tests as `npm run typecheck` does, and walks over them and over all entries. */
export function readApi(): Api {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd())
  const entries = Object.values(options.paths ?? {}).flat()
  const tests = readdirSync(FOLDER).filter((file) => file.endsWith('.test-d.ts'))
  const files = tests.map((file) => resolve(FOLDER, file))
  const program = ts.createProgram([...entries.map((entry) => resolve(entry)), ...files], options)
  const checker = program.getTypeChecker()
  const sources = files.flatMap((file) => program.getSourceFile(file) ?? [])
  return {
    exports: entries.flatMap((entry) => exportsOf(program, checker, resolve(entry))).filter(firstOfItsSymbol()),
    used: new Set(sources.flatMap((source) => usedIn(source, checker))),
    complaints: sources.flatMap((source) => ts.getPreEmitDiagnostics(program, source)).map(complaint),
  }
}

function exportsOf(program: ts.Program, checker: ts.TypeChecker, entry: string): PublicExport[] {
  const source = program.getSourceFile(entry)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) throw new Error(`${entry} exports nothing`)
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = original(exported, checker)
    const [declaration] = symbol.declarations ?? []
    return declaration ? [{ name: exported.name, symbol, declaration }] : []
  })
}

function original(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

function firstOfItsSymbol(): (one: PublicExport) => boolean {
  const seen = new Set<ts.Symbol>()
  return ({ symbol }) => seen.size < seen.add(symbol).size
}

function usedIn(source: ts.SourceFile, checker: ts.TypeChecker): ts.Symbol[] {
  const found: ts.Symbol[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return
    const symbol = ts.isIdentifier(node) && checker.getSymbolAtLocation(node)
    if (symbol) found.push(original(symbol, checker))
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function complaint({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
  const name = file?.fileName.split('/').at(-1) ?? ''
  return `${name}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
}
