import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { describe, expect, it } from 'vitest'

interface Metafile {
  outputs: Record<string, { imports: { path: string; external?: boolean }[] }>
}

const WEB_ENTRIES = ['index', 'schema', 'prompt', 'indexeddb', 'swarmui', 'ai', 'server', 'testing']
const NODE_ENTRIES = ['redis', 'file']

/** Every package that a built entry reaches, through all its chunks. */
function packagesOf(entry: string, extension: 'js' | 'cjs'): string[] {
  const format = extension === 'js' ? 'esm' : 'cjs'
  const { outputs } = JSON.parse(readFileSync(`dist/metafile-${format}.json`, 'utf8')) as Metafile
  const seen = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    const output = outputs[file]
    if (!output) throw new Error(`${file} is not in the metafile`)
    for (const { path, external } of output.imports) {
      if (external) packages.add(path)
      else visit(path)
    }
  }
  visit(`dist/${entry}.${extension}`)
  return [...packages].sort()
}

describe('the built bundles', () => {
  for (const extension of ['js', 'cjs'] as const) {
    it(`reach only what their runtimes have (${extension})`, () => {
      const reached = Object.fromEntries(WEB_ENTRIES.map((entry) => [entry, packagesOf(entry, extension)]))
      expect(reached).toEqual({
        index: ['zod'],
        schema: ['zod'],
        prompt: [],
        indexeddb: [],
        swarmui: [],
        ai: ['ai', 'zod'],
        server: [],
        testing: [],
      })
      const node = NODE_ENTRIES.flatMap((entry) => packagesOf(entry, extension))
      expect(node.filter((name) => name !== 'ioredis' && !builtinModules.includes(name.replace(/^node:/, '')))).toEqual(
        [],
      )
    })
  }

  it('hold no code generation, so that they run under a strict content security policy', () => {
    for (const entry of WEB_ENTRIES) {
      expect(readFileSync(`dist/${entry}.js`, 'utf8')).not.toMatch(/\beval\(|new Function\(/)
    }
  })
})
