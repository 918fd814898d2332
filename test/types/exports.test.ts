/** Holds every export to what a new one comes with: a type test, a doc comment, an example. */
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Api, type PublicExport, readApi } from './exports.js'

let api: Api

beforeAll(() => {
  api = readApi()
}, 120_000)

function namesOf(wanted: (one: PublicExport) => boolean): string[] {
  return api.exports.filter(wanted).map(({ name }) => name)
}

function tagsOf({ symbol }: PublicExport): string[] {
  return symbol.getJsDocTags().map((tag) => tag.name)
}

/** What is called or made. */
function isCallable({ declaration }: PublicExport): boolean {
  return ts.isFunctionDeclaration(declaration) || ts.isClassDeclaration(declaration)
}

describe('the exports of all entries', () => {
  it('are found', () => {
    const some = ['imageQueue', 'ImageJob', 'SwarmUIClient', 'redisAdapter', 'SessionSchema', 'runConformance']
    expect(namesOf(() => true)).toEqual(expect.arrayContaining(some))
  })

  it('are all used by a type test', () => {
    expect(namesOf(({ symbol }) => !api.used.has(symbol))).toEqual([])
  })

  it('are all documented, and none is internal', () => {
    expect(namesOf((one) => one.symbol.getDocumentationComment(undefined).length === 0)).toEqual([])
    expect(namesOf((one) => tagsOf(one).includes('internal'))).toEqual([])
  })

  it('have an example where they are called', () => {
    expect(namesOf((one) => isCallable(one) && !tagsOf(one).includes('example'))).toEqual([])
  })

  it('say what they return where they do', () => {
    const silent = ({ symbol, declaration }: PublicExport): boolean =>
      ts.isFunctionDeclaration(declaration) &&
      !declaration.type?.getText().startsWith('asserts ') &&
      !symbol.getJsDocTags().some((tag) => tag.name === 'returns')
    expect(namesOf(silent)).toEqual([])
  })

  it('take undefined for every option that may be missing', () => {
    const strict = api.exports.flatMap(({ name, declaration }) => {
      if (!name.endsWith('Options') || !ts.isInterfaceDeclaration(declaration)) return []
      return declaration.members
        .filter((member) => ts.isPropertySignature(member) && member.questionToken)
        .map((member) => member.getText())
        .filter((text) => !/\| undefined$|: unknown$/.test(text))
        .map((text) => `${name}: ${text}`)
    })
    expect(strict).toEqual([])
  })
})

describe('the type tests', () => {
  it('compile', () => {
    expect(api.complaints).toEqual([])
  })
})
