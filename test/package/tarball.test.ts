import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ENTRIES = [
  'storyart-sdk',
  'storyart-sdk/schema',
  'storyart-sdk/prompt',
  'storyart-sdk/redis',
  'storyart-sdk/file',
  'storyart-sdk/indexeddb',
  'storyart-sdk/swarmui',
  'storyart-sdk/ai',
  'storyart-sdk/server',
  'storyart-sdk/testing',
]

/** What a newcomer writes first, over every entry. */
const PROGRAM = `
const store = new SessionStore({ adapter: memoryAdapter() })
const { timestamp } = await store.save({ scriptText: 'SCENE 1' }, { timestamp: 1704067200000 })
const record = await store.latest()
console.log(timestamp, record?.session.scriptText, typeof redisAdapter, SessionSchema.safeParse({}).success, imageQueue({}).length, conformanceCases.length > 20)
`
const EXPECTED = '1704067200000 SCENE 1 function true 0 true\n'

let folder: string
let packed: string[]

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`)
  return stdout
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'storyart-sdk-package-'))
  const [report] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { encoding: 'utf8' }),
  ) as [{ filename: string; files: { path: string }[] }]
  packed = report.files.map((file) => file.path).sort()
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'newcomer', private: true }))
  run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', `./${report.filename}`)
  // An optional peer: who imports `storyart-sdk/ai` brings it.
  symlinkSync(resolve('node_modules/ai'), join(folder, 'node_modules/ai'))
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the packed library in an empty project', () => {
  it('brings zod and nothing else', () => {
    const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as { packages: object }
    expect(Object.keys(packages).sort()).toEqual(['', 'node_modules/storyart-sdk', 'node_modules/zod'])
  })

  it('holds every file that exports names, and nothing of the workshop', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: Record<string, unknown> }
    const named = JSON.stringify(manifest.exports).match(/dist\/[a-z./-]+/g) ?? []
    expect(named.filter((file) => !packed.includes(file))).toEqual([])
    expect(
      packed.filter(
        (file) => !/^(dist\/|docs\/errors\.md$|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/.test(file),
      ),
    ).toEqual([])
    expect(packed.filter((file) => file.includes('metafile'))).toEqual([])
  })

  it('brings the program, which needs nothing that is not there, and the licences of what is built in', () => {
    expect(run('node_modules/.bin/storyart', '--version')).toBe(
      `${(JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version}\n`,
    )
    const saved = run(
      'node_modules/.bin/storyart',
      '--store',
      'file:sessions',
      'save',
      resolve('docs/examples/sample-session.json'),
    )
    expect(run('node_modules/.bin/storyart', '--store', 'file:sessions', 'get', '--at', 'timestamp')).toBe(saved)
    expect(run('node_modules/.bin/storyart', 'schema', 'session')).toContain('2020-12')
    const notices = readFileSync(join(folder, 'node_modules/storyart-sdk/dist/cli-licenses.txt'), 'utf8')
    for (const name of ['commander', 'cli-progress', 'cli-table3', 'string-width'])
      expect(notices).toContain(`${name} `)
  })

  it('runs as ES modules', () => {
    const program = `
import { imageQueue, memoryAdapter, SessionStore } from 'storyart-sdk'
import { SessionSchema } from 'storyart-sdk/schema'
import { redisAdapter } from 'storyart-sdk/redis'
import { conformanceCases } from 'storyart-sdk/testing'
${PROGRAM}`
    writeFileSync(join(folder, 'program.mjs'), program)
    expect(run('node', 'program.mjs')).toBe(EXPECTED)
  })

  it('runs as CommonJS', () => {
    const program = `
const { imageQueue, memoryAdapter, SessionStore } = require('storyart-sdk')
const { SessionSchema } = require('storyart-sdk/schema')
const { redisAdapter } = require('storyart-sdk/redis')
const { conformanceCases } = require('storyart-sdk/testing')
;(async () => {${PROGRAM}})()`
    writeFileSync(join(folder, 'program.cjs'), program)
    expect(run('node', 'program.cjs')).toBe(EXPECTED)
  })

  for (const entry of ENTRIES) {
    it(`gives the same names to import and require: ${entry}`, () => {
      const names = (load: string): string =>
        run(
          'node',
          '--input-type=module',
          '-e',
          `${load}; console.log(Object.keys(m).filter((n) => n !== 'default' && n !== 'module.exports').sort().join())`,
        )
      const byImport = names(`import * as m from '${entry}'`)
      const byRequire = names(
        `import { createRequire } from 'node:module'; const m = createRequire(import.meta.url)('${entry}')`,
      )
      expect(byRequire).toBe(byImport)
      expect(byImport.length).toBeGreaterThan(10)
    })
  }

  for (const [module, moduleResolution] of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
    ['commonjs', 'node10'],
  ] as const) {
    it(`type-checks in strict TypeScript, ${moduleResolution}`, { timeout: 120_000 }, () => {
      const program = `
import { imageQueue, memoryAdapter, SessionStore, type Session } from 'storyart-sdk'
import { SessionSchema } from 'storyart-sdk/schema'
import { substituteTriggers } from 'storyart-sdk/prompt'
import { redisAdapter } from 'storyart-sdk/redis'
import { conformanceCases } from 'storyart-sdk/testing'
const store: SessionStore = new SessionStore({ adapter: memoryAdapter() })
const session: Session = { scriptText: 'SCENE 1' }
// @ts-expect-error a script is text
const wrong: Session = { scriptText: 1 }
export const queued: number = imageQueue(session).length
export { store, wrong, SessionSchema, substituteTriggers, redisAdapter, conformanceCases }
`
      writeFileSync(join(folder, `check-${moduleResolution}.ts`), program)
      const options = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        'false',
        '--target',
        'es2022',
        '--lib',
        'es2022,dom,esnext.disposable',
        '--esModuleInterop',
      ]
      run(
        'node',
        resolve('node_modules/typescript/bin/tsc'),
        ...options,
        ...['--module', module, '--moduleResolution', moduleResolution, `check-${moduleResolution}.ts`],
      )
    })
  }
})
