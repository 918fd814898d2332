import { describe, expect, it } from 'vitest'
import { cli, fileStore, NOW } from './cli.js'

const T = 1_704_067_200_000
const DAY_MS = 86_400_000

async function saved(): Promise<string[]> {
  const store = fileStore()
  await cli([...store, 'save', '-', '--as', `${T}`, '--ttl', '1d'], { stdin: '{"scriptText":"one"}' })
  return store
}

const isThere = async (store: string[], now: number) =>
  (await cli([...store, 'get', `${T}`], { now: () => now })).code === 0

describe('storyart touch', () => {
  it('gives a session a new life from now, by default a week', async () => {
    const store = await saved()
    expect(await cli([...store, 'touch', `${T}`])).toEqual({
      code: 0,
      stdout: '2026-02-13T12:00:00.000Z\n',
      stderr: `session ${T} lives until 2026-02-13T12:00:00.000Z\n`,
    })
    expect([await isThere(store, NOW + 7 * DAY_MS - 1), await isThere(store, NOW + 7 * DAY_MS)]).toEqual([true, false])
    const expiresAt = new Date(NOW + 60_000).toISOString()
    const value = { dryRun: false, timestamp: T, ttlMs: 60_000, expiresAt }
    const ndjson = await cli([...store, '--ndjson', '-q', 'touch', 'latest', '--ttl', '1m'])
    expect(ndjson).toEqual({ code: 0, stdout: `${JSON.stringify(value)}\n`, stderr: '' })
    expect([await isThere(store, NOW + 59_999), await isThere(store, NOW + 60_000)]).toEqual([true, false])
  })

  it('writes nothing in a dry run', async () => {
    const store = await saved()
    const dry = await cli([...store, '--json', 'touch', '2024-01-01', '--ttl', '3d', '--dry-run'])
    expect(dry).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('would live until 2026-02-09T12:00:00.000Z\n'),
    })
    expect(JSON.parse(dry.stdout)).toMatchObject({ dryRun: true, timestamp: T, ttlMs: 3 * DAY_MS })
    expect(await isThere(store, NOW + DAY_MS)).toBe(false)
  })

  it('says what is missing, and refuses the rest', async () => {
    const store = await saved()
    for (const args of [[`${T + 1}`], [`${T + 1}`, '--dry-run']]) {
      expect(await cli([...store, 'touch', ...args])).toEqual({
        code: 3,
        stdout: '',
        stderr: `storyart: there is no session ${T + 1}: see \`storyart list\`\n`,
      })
    }
    for (const args of [[], ['./file.json'], [`${T}`, '--ttl', '7']]) {
      expect(await cli([...store, 'touch', ...args])).toMatchObject({ code: 2, stdout: '' })
    }
  })
})
