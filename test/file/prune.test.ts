import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileAdapter } from '../../src/adapters/file.js'
import { fileAdapterOn } from '../../src/adapters/file-adapter.js'
import {
  deadProcess,
  diskWith,
  documentOf,
  fault,
  namesBelow,
  processSpace,
  temporaryDirectory,
  UUID,
} from './harness.js'

/** Names that a process which has ended, and this one, would give. */
async function names(): Promise<{ dead: string; living: string }> {
  const [dead, space] = await Promise.all([deadProcess(), processSpace()])
  return { dead: `${dead}-${space}-${UUID}`, living: `${process.pid}-${space}-${UUID}` }
}

/** Everything a killed process can leave, under its name. */
async function leaveTraces(work: string, name: string, id: number): Promise<void> {
  await mkdir(join(work, `${id}.lock`), { recursive: true })
  await writeFile(join(work, `${id}.lock`, name), '{"half":')
  await mkdir(join(work, `${id + 1}.lock`, name), { recursive: true })
  await writeFile(join(work, `${id + 1}.lock`, name, 'removed'), '{}')
  await mkdir(join(work, name))
  await writeFile(join(work, name, name), '')
  await writeFile(join(work, `${name.slice(0, -1)}e`), 'probe')
}

describe('prune', () => {
  it('removes what dead processes and dead sessions left, and nothing of anybody else', async () => {
    await using directory = await temporaryDirectory()
    const work = join(directory.path, '.storyart')
    let time = Date.now()
    const adapter = fileAdapter(directory.path, { now: () => time })
    for (const id of [1, 2, 3]) await adapter.put(id, '{}', { ttlMs: id, summary: 'text' })
    await adapter.put(4, '{}', { summary: 'text' })
    time += 2
    const { dead, living } = await names()
    await leaveTraces(work, dead, 4)
    await leaveTraces(work, living, 10)
    await mkdir(join(work, '6.lock'))
    await writeFile(join(work, '7.summary'), 'of nothing')
    await writeFile(join(work, 'notes.txt'), '')
    const kept = [
      '.storyart',
      '.storyart/10.lock',
      `.storyart/10.lock/${living}`,
      '.storyart/11.lock',
      `.storyart/11.lock/${living}`,
      `.storyart/11.lock/${living}/removed`,
      `.storyart/${living}`,
      `.storyart/${living}/${living}`,
      `.storyart/${living.slice(0, -1)}e`,
      '.storyart/3.summary',
      '.storyart/4.summary',
      '.storyart/notes.txt',
      'storyart-session-3.json',
      'storyart-session-4.json',
    ]
    expect(await adapter.prune?.()).toBe(2)
    expect(await namesBelow(directory.path)).toEqual(kept.sort())
    expect(await adapter.prune?.()).toBe(0)
    expect((await adapter.list({ limit: 5 })).entries.map(({ id, summary }) => [id, summary])).toEqual([
      [4, 'text'],
      [3, 'text'],
    ])
  })

  it('removes traces older than an hour, whatever process has their number', async () => {
    await using directory = await temporaryDirectory()
    const work = join(directory.path, '.storyart')
    const { living } = await names()
    await leaveTraces(work, living, 4)
    const adapter = fileAdapter(directory.path)
    const before = await namesBelow(directory.path)
    expect(await adapter.prune?.()).toBe(0)
    expect(await namesBelow(directory.path)).toEqual(before)
    const old = new Date(Date.now() - 3_601_000)
    const traces = [living, `${living.slice(0, -1)}e`, `4.lock/${living}`, `5.lock/${living}`]
    for (const trace of traces) await utimes(join(work, trace), old, old)
    expect(await adapter.prune?.()).toBe(0)
    expect(await namesBelow(directory.path)).toEqual(['.storyart'])
  })

  it('says with which session it failed', async () => {
    await using directory = await temporaryDirectory()
    await fileAdapter(directory.path).put(8, '{}', { ttlMs: 1 })
    const disk = diskWith(async ({ name, args }, go) => {
      if (name === 'open' && args[0] === documentOf(directory.path, 8)) throw fault('EACCES')
      return go()
    })
    await expect(fileAdapterOn(disk, directory.path).prune?.()).rejects.toMatchObject({
      code: 'ADAPTER_DENIED',
      operation: 'prune',
      message: 'file: prune of session 8 failed: EACCES; see who may read and write the directory.',
    })
  })

  it('stops where its caller does', async () => {
    await using directory = await temporaryDirectory()
    await fileAdapter(directory.path).put(8, '{}', { ttlMs: 1 })
    const controller = new AbortController()
    const reason = new Error('enough')
    const disk = diskWith(async ({ name }, go) => {
      if (name === 'readdir') controller.abort(reason)
      return go()
    })
    const adapter = fileAdapterOn(disk, directory.path, { now: () => 8.64e15 })
    await expect(adapter.prune?.({ signal: controller.signal })).rejects.toBe(reason)
    await adapter.close()
    expect(await namesBelow(directory.path)).toEqual(['.storyart', 'storyart-session-8.json'])
  })
})
