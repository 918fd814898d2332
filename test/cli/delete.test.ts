import { describe, expect, it } from 'vitest'
import { cli, fileStore } from './cli.js'

const T = 1_704_067_200_000

async function saved(): Promise<string[]> {
  const store = fileStore()
  for (const at of [0, 1, 2]) await cli([...store, 'save', '-', '--as', `${T + at}`], { stdin: '{}' })
  return store
}

async function left(store: string[]): Promise<number[]> {
  const { stdout } = await cli([...store, 'export'])
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line).timestamp - T)
}

describe('storyart delete', () => {
  it('removes exactly the sessions that are named', async () => {
    const store = await saved()
    expect(await cli([...store, 'delete', `${T}`, `${T + 2}`, `${T}`])).toEqual({
      code: 0,
      stdout: `session\n${T}  removed\n${T + 2}  removed\n`,
      stderr: '2 of 2 sessions removed\n',
    })
    expect(await left(store)).toEqual([1])
  })

  it('says which are missing, in every form', async () => {
    const store = await saved()
    const json = await cli([...store, '--json', 'delete', `${T}`, `${T + 9}`])
    expect(json).toMatchObject({ code: 8, stderr: '1 of 2 sessions removed\n' })
    expect(JSON.parse(json.stdout)).toEqual([
      { timestamp: T, outcome: 'removed' },
      { timestamp: T + 9, outcome: 'missing' },
    ])
    expect(await cli([...store, '--ndjson', '-q', 'delete', `${T}`])).toEqual({
      code: 3,
      stdout: `{"timestamp":${T},"outcome":"missing"}\n`,
      stderr: '',
    })
  })

  it('removes nothing in a dry run', async () => {
    const store = await saved()
    const dry = await cli([...store, '--ndjson', 'delete', `${T}`, `${T + 9}`, '--dry-run'])
    expect(dry).toEqual({
      code: 8,
      stdout: `{"timestamp":${T},"outcome":"there"}\n{"timestamp":${T + 9},"outcome":"missing"}\n`,
      stderr: '1 of 2 sessions would be removed\n',
    })
    expect(await left(store)).toEqual([0, 1, 2])
  })

  it.each([[[]], [['latest']], [['2024-01-01']], [['./file.json']], [[`${T}`, 'latest']], [['-']]])(
    'refuses %j',
    async (names) => {
      const store = await saved()
      expect(await cli([...store, 'delete', ...names])).toMatchObject({ code: 2, stdout: '' })
      expect(await left(store)).toEqual([0, 1, 2])
    },
  )
})
