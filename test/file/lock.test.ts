import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FileAdapterOptions } from '../../src/adapters/file.js'
import { fileAdapter } from '../../src/adapters/file.js'
import { fileAdapterOn } from '../../src/adapters/file-adapter.js'
import { deadProcess, diskWith, fault, namesBelow, processSpace, temporaryDirectory, UUID } from './harness.js'

/** Leaves a lock on session 7, as somebody would who stopped within a write. */
async function leaveLock(directory: string, name: string): Promise<string> {
  const lock = join(directory, '.storyart', '7.lock')
  await mkdir(lock, { recursive: true })
  await writeFile(join(lock, name), '{"half":')
  return lock
}

/** Options whose waits take no time and are added up. */
function counted(): { options: FileAdapterOptions; waitedMs(): number } {
  let sum = 0
  return {
    options: {
      wait: async (ms) => {
        sum += ms
      },
    },
    waitedMs: () => sum,
  }
}

describe('a lock', () => {
  it('of a process that is gone is taken after 100 ms', async () => {
    await using directory = await temporaryDirectory()
    await leaveLock(directory.path, `${await deadProcess()}-${await processSpace()}-${UUID}`)
    const { options, waitedMs } = counted()
    expect(await fileAdapter(directory.path, options).put(7, '{}')).toEqual({ stored: true })
    expect(waitedMs()).toBeGreaterThanOrEqual(100)
    expect(waitedMs()).toBeLessThanOrEqual(110)
    expect(await namesBelow(directory.path)).toEqual(['.storyart', 'storyart-session-7.json'])
  })

  it('is taken after 10 s of standing still from whoever may be alive', async () => {
    const space = await processSpace()
    const dead = await deadProcess()
    for (const name of [
      `${process.pid}-${space}-${UUID}`,
      `1-${space}-${UUID}`,
      `${dead}-${space}1-${UUID}`,
      'rubbish',
      '.DS_Store',
    ]) {
      await using directory = await temporaryDirectory()
      await leaveLock(directory.path, name)
      const { options, waitedMs } = counted()
      expect(await fileAdapter(directory.path, options).put(7, '{}')).toEqual({ stored: true })
      expect(waitedMs()).toBeGreaterThanOrEqual(10_000)
      expect(waitedMs()).toBeLessThanOrEqual(10_010)
    }
  })

  it('is taken sooner or later where staleLockMs says so', async () => {
    await using directory = await temporaryDirectory()
    await leaveLock(directory.path, `${process.pid}-${await processSpace()}-${UUID}`)
    const { options, waitedMs } = counted()
    await fileAdapter(directory.path, { ...options, staleLockMs: 300 }).touch(7, 1)
    expect(waitedMs()).toBe(0) // there is nothing to touch
    await fileAdapter(directory.path, { ...options, staleLockMs: 300 }).put(7, '{}')
    expect(waitedMs()).toBeGreaterThanOrEqual(300)
    expect(waitedMs()).toBeLessThanOrEqual(310)
  })

  it('is not taken while it goes from hand to hand', async () => {
    await using directory = await temporaryDirectory()
    const lock = await leaveLock(directory.path, 'holder-0')
    let holder = 0
    let looks = 0
    let waitedMs = 0
    const adapter = fileAdapter(directory.path, {
      staleLockMs: 50,
      wait: async (ms) => {
        waitedMs += ms
        if (waitedMs >= 1000) await rm(lock, { recursive: true })
        else if (++looks % 3 === 0) await rename(join(lock, `holder-${holder}`), join(lock, `holder-${++holder}`))
      },
    })
    expect(await adapter.put(7, '{}')).toEqual({ stored: true })
    expect(waitedMs).toBeGreaterThanOrEqual(1000)
  })

  it('that a delete left behind its last step is only an old lock', async () => {
    await using directory = await temporaryDirectory()
    const name = `${await deadProcess()}-${await processSpace()}-${UUID}`
    const token = join(directory.path, '.storyart', '7.lock', name)
    await mkdir(token, { recursive: true })
    await writeFile(join(token, 'removed'), '{"deleted":true}')
    const { options, waitedMs } = counted()
    const adapter = fileAdapter(directory.path, options)
    expect(await adapter.get(7)).toBeNull()
    expect(await adapter.put(7, '{}', { expect: 'absent' })).toEqual({ stored: true })
    expect(waitedMs()).toBeLessThanOrEqual(110)
    expect(await namesBelow(directory.path)).toEqual(['.storyart', 'storyart-session-7.json'])
  })

  it('is waited for no longer than the caller does', async () => {
    await using directory = await temporaryDirectory()
    const lock = await leaveLock(directory.path, 'holder')
    const controller = new AbortController()
    const reason = new Error('enough')
    let waits = 0
    const adapter = fileAdapter(directory.path, {
      wait: async () => {
        if (++waits === 3) controller.abort(reason)
      },
    })
    await expect(adapter.put(7, '{}', { signal: controller.signal })).rejects.toBe(reason)
    await adapter.close()
    expect(waits).toBe(3)
    expect(await readdir(lock)).toEqual(['holder'])
    expect(await namesBelow(directory.path)).toEqual(['.storyart', '.storyart/7.lock', '.storyart/7.lock/holder'])
  })

  it('is not needed between calls of one adapter: they go in the order they came', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path, { wait: () => Promise.reject(new Error('must not wait')) })
    const calls = Array.from({ length: 20 }, (_, index) => adapter.put(7, `{"call":${index}}`))
    await Promise.all([...calls, adapter.delete(8)])
    expect(await adapter.get(7)).toEqual({ raw: '{"call":19}' })
  })

  it('that the system forbids is a failure and no lock', async () => {
    await using directory = await temporaryDirectory()
    const disk = diskWith(async ({ name, args }, go) => {
      if (name === 'rename' && /\.lock$/.test(String(args[1]))) throw fault('EPERM')
      return go()
    })
    const { options, waitedMs } = counted()
    const call = fileAdapterOn(disk, directory.path, options).put(7, '{}')
    await expect(call).rejects.toMatchObject({ code: 'ADAPTER_DENIED' })
    expect(waitedMs()).toBe(0)
  })
})

describe('an adapter', () => {
  it('closes every file it opens, whatever becomes of the call', async () => {
    await using directory = await temporaryDirectory()
    let opened = 0
    let closed = 0
    let failing = ''
    const disk = diskWith(async ({ name }, go) => {
      if (name === failing) throw fault('EIO')
      const result = await go()
      if (name === 'open') opened++
      if (name === 'handle.close') closed++
      return result
    })
    const adapter = fileAdapterOn(disk, directory.path)
    for (failing of [
      '',
      'handle.sync',
      'handle.stat',
      'handle.read',
      'handle.readFile',
      'handle.writeFile',
      'rename',
    ]) {
      const calls = [
        () => adapter.put(7, '{}', { ttlMs: 60_000, summary: 'text' }),
        () => adapter.put(7, '{}', { ttlMs: 'keep', expect: 'absent' }),
        () => adapter.get(7),
        () => adapter.list({ limit: 5 }),
        () => adapter.touch(7, 60_000),
        () => adapter.describe?.(7, '{}', 'text'),
        () => adapter.prune?.(),
        () => adapter.health(),
        () => adapter.delete(7),
      ]
      for (const call of calls) await Promise.resolve(call()).catch(() => undefined)
      expect(closed, `files closed when ${failing} fails`).toBe(opened)
    }
    expect(opened).toBeGreaterThan(30)
    expect(await namesBelow(directory.path)).not.toContain('.storyart/7.lock')
  })
})

describe('close', () => {
  it('waits for what is under way, also for what its caller has given up', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path)
    const controller = new AbortController()
    const put = adapter.put(7, '{}')
    const given = adapter.put(8, '{}', { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
    await adapter.close()
    const names = await namesBelow(directory.path)
    expect(await put).toEqual({ stored: true })
    expect(await namesBelow(directory.path)).toEqual(names)
    expect(names.filter((name) => name.startsWith('.storyart/'))).toEqual([])
  })
})
