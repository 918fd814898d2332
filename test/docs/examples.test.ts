import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RedisServer, startRedis } from '../redis/server.js'
import { exampleFences, type Fence, filesBelow, markdownFences, promisedLines } from './fences.js'

// Inside the package, so that `storyart-sdk` means its own `exports`, as built.
const FOLDER = resolve('test/docs/.generated')

const fences: Fence[] = [
  'README.md',
  ...filesBelow('docs', '.md').filter((file) => !file.startsWith('docs/decisions/')),
].flatMap(markdownFences)
fences.push(...filesBelow('src', '.ts').flatMap(exampleFences))

let redis: RedisServer

function fileOf(index: number, extension: string): string {
  return join(FOLDER, `fence-${index}.${extension}`)
}

beforeAll(async () => {
  // A database for each, so that they can run side by side.
  redis = await startRedis(['--databases', String(fences.length)])
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  for (const [index, { code }] of fences.entries()) {
    writeFileSync(fileOf(index, 'ts'), `${code}\nexport {}\n`)
    writeFileSync(fileOf(index, 'mjs'), (await transform(code, { loader: 'ts', target: 'es2022' })).code)
  }
})

afterAll(async () => {
  rmSync(FOLDER, { recursive: true, force: true })
  await redis.stop()
})

describe('the code in README, guides and doc comments', () => {
  it('is there', () => {
    expect(fences.length).toBeGreaterThan(25)
  })

  it('stands within the first twenty lines of the README', () => {
    const line = Number(markdownFences('README.md')[0]?.place.split(':')[1])
    const length = markdownFences('README.md')[0]?.code.split('\n').length ?? 0
    expect(line + length).toBeLessThanOrEqual(20)
  })

  it('type-checks in strict TypeScript', { timeout: 120_000 }, () => {
    const config = ts.readConfigFile('tsconfig.json', ts.sys.readFile).config as { compilerOptions: object }
    // Without the paths, so that the types are those that ship.
    const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, paths: {} }, process.cwd())
    const program = ts.createProgram(
      fences.map((_, index) => fileOf(index, 'ts')),
      options,
    )
    const complaints = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
      const index = Number(/fence-(\d+)/.exec(diagnostic.file?.fileName ?? '')?.[1])
      return `${fences[index]?.place}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`
    })
    expect(complaints).toEqual([])
  })

  for (const [index, { place, code }] of fences.entries()) {
    it.concurrent(`runs and prints what it says: ${place}`, { timeout: 30_000 }, async () => {
      const env = { ...process.env, REDIS_URL: `${redis.url}/${index}`, NO_COLOR: '1' }
      const { stdout } = await promisify(execFile)('node', [fileOf(index, 'mjs')], { env, timeout: 25_000 })
      const promised = promisedLines(code)
      if (promised.length > 0) expect(stdout.trimEnd().split('\n')).toEqual(promised)
    })
  }
})
