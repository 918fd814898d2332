import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { contracts } from '../scripts/contracts/write-contracts.js'
import { memoryStore, serve } from './harness.js'

const GUIDE = readFileSync('docs/guide/python.md', 'utf8')
const hasPython = spawnSync('python3', ['--version']).status === 0

it(`the guide for Python ${hasPython ? 'runs and prints what it says' : 'is not run: there is no python3'}`, async () => {
  if (!hasPython) return
  const program = [...GUIDE.matchAll(/^```python\n([\s\S]*?)^```/gm)].map(([, code]) => code).join('\n')
  const promised = [...program.matchAll(/^ *print\(.*\) {2}# (.*)$/gm)].map(([, text]) => text)
  expect(promised).toHaveLength(8)
  const store = memoryStore()
  const server = await serve(store)
  const folder = mkdtempSync(join(tmpdir(), 'storyart-python-'))
  const beat = { beatId: 's1-b1', prompts: { cinematic: { prompt: 'wide shot, a lamp' } } }
  const analyzedEpisode = { title: 'The Lamp', scenes: [{ sceneNumber: 1, beats: [beat] }] }
  try {
    await store.save({ scriptText: 'SCENE 1', analyzedEpisode }, { timestamp: 1_770_000_000_000 })
    writeFileSync(join(folder, 'session.json'), JSON.stringify(contracts().get(join('schema', 'session.json'))))
    const env = { ...process.env, REDIS_API_URL: server.url }
    const { stdout } = await promisify(execFile)('python3', ['-c', program], { env, cwd: folder })
    expect(stdout.trimEnd().split('\n')).toEqual(promised)
  } finally {
    rmSync(folder, { recursive: true })
    await server.stop()
  }
})
