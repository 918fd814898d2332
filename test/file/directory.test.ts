import { cp, mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { fileAdapter } from '../../src/adapters/file.js'
import { fileAdapterOn } from '../../src/adapters/file-adapter.js'
import { diskWith, documentOf, namesBelow, temporaryDirectory } from './harness.js'

describe('the directory', () => {
  it('is an absolute path; anything else is refused at once', () => {
    const url = JSON.parse(JSON.stringify(pathToFileURL('/sessions').href))
    for (const wrong of [
      '',
      'sessions',
      './sessions',
      '../sessions',
      '~',
      '~/sessions',
      url,
      new URL(url),
      undefined,
    ]) {
      expect(() => fileAdapter(wrong)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('an absolute path') }),
      )
    }
    for (const staleLockMs of [0, -1, 1.5, Number.NaN]) {
      expect(() => fileAdapter('/sessions', { staleLockMs })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('staleLockMs') }),
      )
    }
  })

  it('is not made by looking', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(join(directory.path, 'a'))
    expect(await adapter.get(7)).toBeNull()
    expect(await adapter.list({ limit: 5 })).toEqual({ entries: [] })
    expect(await adapter.delete(7)).toBe(false)
    expect(await adapter.touch(7, 1)).toBe(false)
    await adapter.describe?.(7, '{}', 'text')
    expect(await adapter.prune?.()).toBe(0)
    expect(await namesBelow(directory.path)).toEqual([])
  })

  it('is made by the first write, and made to last from the first folder that was missing', async () => {
    await using directory = await temporaryDirectory()
    const synced: unknown[] = []
    const disk = diskWith(async ({ name, args }, go) => {
      if (name === 'open') opened = String(args[0])
      if (name === 'handle.sync') synced.push(opened)
      return go()
    })
    let opened = ''
    const path = join(directory.path, 'a', 'b')
    await fileAdapterOn(disk, path).put(7, '{}')
    expect(synced.slice(0, 3)).toEqual([path, join(directory.path, 'a'), directory.path])
    expect(await namesBelow(directory.path)).toEqual(['a', 'a/b', 'a/b/.storyart', 'a/b/storyart-session-7.json'])
  })

  it('may be removed and is made again', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(join(directory.path, 'a'))
    await adapter.put(7, '{}')
    await rm(join(directory.path, 'a'), { recursive: true })
    expect(await adapter.get(7)).toBeNull()
    await adapter.put(8, '{}')
    expect((await adapter.list({ limit: 5 })).entries.map(({ id }) => id)).toEqual([8])
  })

  it('may be reached through a link, and a path with dots is the path it means', async () => {
    await using directory = await temporaryDirectory()
    await mkdir(join(directory.path, 'real'))
    await symlink(join(directory.path, 'real'), join(directory.path, 'link'))
    await fileAdapter(`${directory.path}/real/../link//`).put(7, '{}')
    expect(await fileAdapter(join(directory.path, 'real')).get(7)).toEqual({ raw: '{}' })
  })

  it('may lose its folder .storyart', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path, { now: () => 0 })
    await adapter.put(7, '{}', { ttlMs: 5, summary: 'text' })
    await rm(join(directory.path, '.storyart'), { recursive: true })
    expect((await adapter.list({ limit: 5 })).entries).toEqual([{ id: 7, sizeBytes: 2, ttlMs: 5 }])
    await adapter.describe?.(7, '{}', 'text')
    expect((await adapter.list({ limit: 5 })).entries[0]?.summary).toBe('text')
  })
})

describe('what others put there', () => {
  it('is ignored and left alone when it is no session', async () => {
    await using directory = await temporaryDirectory()
    const names = [
      'notes.txt',
      'storyart-session-.json',
      'storyart-session-0.json',
      'storyart-session-007.json',
      'storyart-session--7.json',
      'storyart-session-7.5.json',
      'storyart-session-7e3.json',
      'storyart-session-7.json.bak',
      'storyart-session-9007199254740992.json',
      'my-storyart-session-7.json',
      '.storyart/notes.txt',
      '.storyart/7.txt',
    ]
    await mkdir(join(directory.path, '.storyart'))
    for (const name of names) await writeFile(join(directory.path, name), '{}')
    await mkdir(documentOf(directory.path, 8))
    const adapter = fileAdapter(directory.path, { now: () => 8.64e15 })
    expect(await adapter.list({ limit: 5 })).toEqual({ entries: [] })
    expect(await adapter.prune?.()).toBe(0)
    expect(await adapter.get(8)).toBeNull()
    expect(await adapter.delete(8)).toBe(false)
    const before = [...names, '.storyart', 'storyart-session-8.json'].sort()
    expect(await namesBelow(directory.path)).toEqual(before)
  })

  it('is a session without end when it is named like one', async () => {
    await using directory = await temporaryDirectory()
    await writeFile(documentOf(directory.path, 7), '{"by":"a person"}\n')
    await utimes(documentOf(directory.path, 7), 1, 1)
    const adapter = fileAdapter(directory.path)
    expect(await adapter.get(7)).toEqual({ raw: '{"by":"a person"}\n' })
    expect(await adapter.prune?.()).toBe(0)
    expect((await adapter.list({ limit: 5 })).entries).toEqual([{ id: 7, sizeBytes: 18, ttlMs: null }])
    await adapter.touch(7, 5000)
    expect(await adapter.get(7)).toEqual({ raw: '{"by":"a person"}\n' })
  })
})

describe('a summary', () => {
  it('is nobody’s once a document was changed by others, be it by as little as a character', async () => {
    await using directory = await temporaryDirectory()
    const path = documentOf(directory.path, 7)
    const changes = [
      () => writeFile(path, '{"a":2}'),
      async () => {
        await writeFile(`${path}.new`, '{"a":2}')
        await utimes(`${path}.new`, 1, 1)
        await rename(`${path}.new`, path)
      },
    ]
    for (const change of changes) {
      const adapter = fileAdapter(directory.path)
      await adapter.put(7, '{"a":1}', { summary: 'of 1' })
      await utimes(path, 1, 1) // as if long ago: two changes within one tick of the file system's clock are the same
      await adapter.describe?.(7, '{"a":1}', 'of 1')
      expect((await adapter.list({ limit: 5 })).entries[0]?.summary).toBe('of 1')
      await change()
      expect((await adapter.list({ limit: 5 })).entries).toEqual([{ id: 7, sizeBytes: 7, ttlMs: null }])
    }
  })

  it('is none when it was written by half, or is of a copy', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(join(directory.path, 'a'))
    await adapter.put(7, '{}', { summary: 'caf\u00e9\n\u6f22' })
    const place = join(directory.path, 'a', '.storyart', '7.summary')
    const whole = await readFile(place)
    await cp(join(directory.path, 'a'), join(directory.path, 'b'), { recursive: true })
    expect((await fileAdapter(join(directory.path, 'b')).list({ limit: 5 })).entries[0]).not.toHaveProperty('summary')
    for (let length = 0; length < whole.length; length++) {
      await writeFile(place, whole.subarray(0, length))
      expect((await adapter.list({ limit: 5 })).entries[0]).not.toHaveProperty('summary')
    }
    await writeFile(place, whole)
    expect((await adapter.list({ limit: 5 })).entries[0]?.summary).toBe('caf\u00e9\n\u6f22')
  })
})
