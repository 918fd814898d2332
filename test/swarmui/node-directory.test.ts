import { execFile } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { generateImages } from '../../src/swarmui/generate-images.js'
import { type DirectorySink, directorySink, directorySinkOn, type SinkDisk } from '../../src/swarmui/node-directory.js'
import { jobsOf, room } from './harness.js'

let folder: string

beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'storyart-sink-'))
})

afterEach(async () => {
  await fs.rm(folder, { recursive: true })
})

const bytes = (...numbers: number[]): Uint8Array => new Uint8Array(numbers)

/** The real file system, but one call of it fails. */
function failing(name: keyof SinkDisk | 'sync', code: string): SinkDisk {
  const fault = async (): Promise<never> => {
    throw Object.assign(new Error(`${code}: injected`), { code })
  }
  if (name !== 'sync') return { ...fs, [name]: fault }
  return {
    ...fs,
    open: async (path, flags, mode) => {
      const handle = await fs.open(path, flags, mode)
      return { writeFile: (data) => handle.writeFile(data), sync: fault, close: () => handle.close() }
    },
  }
}

describe('directorySink', () => {
  it('saves whole files under free names and nothing else', async () => {
    const sink = directorySink(join(folder, 'a', 'b'))
    expect(await sink.size('x.png')).toBeNull()
    expect(await sink.save('x.png', bytes(1, 2, 3))).toBe('saved')
    expect(await sink.save('x.png', bytes(1, 2, 3))).toBe('saved')
    expect(await sink.save('x.png', bytes(1, 2, 4))).toBe('taken')
    expect(await sink.save('x.png', bytes(1, 2))).toBe('taken')
    expect(await sink.size('x.png')).toBe(3)
    expect([...(await fs.readFile(join(folder, 'a/b/x.png')))]).toEqual([1, 2, 3])
    expect(await fs.readdir(join(folder, 'a/b'))).toEqual(['x.png'])
  })

  it('leaves folders, links and files of others as they are', async () => {
    const sink = directorySink(folder)
    await fs.mkdir(join(folder, 'dir.png'))
    await fs.writeFile(join(folder, 'target'), 'theirs')
    await fs.symlink('target', join(folder, 'link.png'))
    await fs.symlink('nowhere', join(folder, 'dangling.png'))
    for (const name of ['dir.png', 'link.png', 'dangling.png']) expect(await sink.save(name, bytes(1))).toBe('taken')
    expect(await sink.size('dir.png')).toBeNull()
    expect(await fs.readFile(join(folder, 'target'), 'utf8')).toBe('theirs')
    expect((await fs.readdir(folder)).sort()).toEqual(['dangling.png', 'dir.png', 'link.png', 'target'])
  })

  it('gives one of two who save at the same time the name', async () => {
    const sinks = [directorySink(folder), directorySink(folder)]
    const results = await Promise.all(Array.from({ length: 20 }, (_, n) => sinks[0]?.save(`${n}.png`, bytes(n))))
    expect(new Set(results)).toEqual(new Set(['saved']))
    expect(await fs.readdir(folder)).toHaveLength(20)
  })

  it('appends to a manifest that only its owner can read, and takes away what a killed run left', async () => {
    const { manifest } = directorySink(folder)
    expect(await manifest.read()).toBe('')
    await manifest.append('one\n')
    await manifest.append('two\n')
    await fs.writeFile(join(folder, '.x.png.storyart-tmp'), 'half')
    await fs.writeFile(join(folder, '.hidden'), 'theirs')
    const next = directorySink(folder)
    expect(await next.manifest.read()).toBe('one\ntwo\n')
    // Who only reads may do so beside a run.
    expect(await fs.readdir(folder)).toContain('.x.png.storyart-tmp')
    await next.manifest.begin?.()
    expect((await fs.readdir(folder)).sort()).toEqual(['.hidden', 'storyart-images.ndjson'])
    expect((await fs.stat(join(folder, 'storyart-images.ndjson'))).mode & 0o777).toBe(0o600)
  })

  it('makes no directory for who only reads', async () => {
    const { manifest } = directorySink(join(folder, 'none'))
    expect(await manifest.read()).toBe('')
    expect(await fs.readdir(folder)).toEqual([])
    await manifest.begin?.()
    expect(await fs.readdir(folder)).toEqual(['none'])
  })

  it.each([
    ['open', 'ENOSPC', 'ADAPTER_QUOTA'],
    ['sync', 'EDQUOT', 'ADAPTER_QUOTA'],
    ['open', 'EROFS', 'ADAPTER_DENIED'],
    ['mkdir', 'ENOTDIR', 'ADAPTER_FAILED'],
    ['link', 'EIO', 'ADAPTER_FAILED'],
  ] as const)('says what it means when %s fails with %s, and leaves nothing half done', async (call, error, code) => {
    const sink = directorySinkOn(failing(call, error), folder, {})
    await expect(sink.save('x.png', bytes(1))).rejects.toMatchObject({ code, adapter: 'directory', operation: 'save' })
    await expect(sink.save('x.png', bytes(1))).rejects.toThrow(`directory: save failed: ${error}; `)
    expect(await fs.readdir(folder)).toEqual([])
  })

  it('does without links where the file system has none', async () => {
    const sink = directorySinkOn(failing('link', 'EPERM'), folder, {})
    expect(await sink.save('x.png', bytes(1, 2))).toBe('saved')
    expect(await sink.save('x.png', bytes(3))).toBe('taken')
    expect([...(await fs.readFile(join(folder, 'x.png')))]).toEqual([1, 2])
    expect(await fs.readdir(folder)).toEqual(['x.png'])
  })

  it('takes names of files and a path only', async () => {
    const sink = directorySink(folder)
    for (const name of ['', '.', '..', '../x.png', 'a/b.png', 'a\\b.png', 'a\0.png']) {
      await expect(sink.save(name, bytes(1))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    expect(() => directorySink('')).toThrow('must have a path')
    expect(() => directorySink(folder, { manifestName: '../x' })).toThrow('without a path')
  })
})

let servers = 1

async function paint(
  sink: DirectorySink,
  count: number,
): Promise<{ statuses: string[]; thrown: unknown; painted: number }> {
  await using open = await room()
  open.double.serverId = `server-${++servers}` // each run meets another process, which has none of the work before
  const statuses: string[] = []
  try {
    const options = { client: open.client, out: sink, concurrency: 1, defaults: {} }
    for await (const { status } of generateImages(jobsOf(count, 1, { width: 1344, height: 768 }), options))
      statuses.push(status)
    return { statuses, thrown: null, painted: open.double.painted.length }
  } catch (thrown) {
    return { statuses, thrown, painted: open.double.painted.length }
  }
}

describe('painting into a folder', () => {
  it('that holds other files leaves them, and takes other names', async () => {
    await fs.writeFile(join(folder, 's01-b001-cinematic-1.png'), 'a holiday photo')
    await fs.writeFile(join(folder, 'notes.txt'), 'mine')
    expect((await paint(directorySink(folder), 2)).statuses).toEqual(['painted', 'painted'])
    expect((await fs.readdir(folder)).sort()).toEqual([
      'notes.txt',
      's01-b001-cinematic-1.png',
      's01-b001-cinematic-1.v2.png',
      's01-b002-cinematic-1.png',
      'storyart-images.ndjson',
    ])
    expect(await fs.readFile(join(folder, 's01-b001-cinematic-1.png'), 'utf8')).toBe('a holiday photo')
    expect((await paint(directorySink(folder), 2)).statuses).toEqual(['kept', 'kept'])
  })

  it('paints again what was taken away, and leaves alone what was changed', async () => {
    await paint(directorySink(folder), 2)
    await fs.rm(join(folder, 's01-b001-cinematic-1.png'))
    await fs.appendFile(join(folder, 's01-b002-cinematic-1.png'), 'retouched')
    expect((await paint(directorySink(folder), 2)).statuses).toEqual(['painted', 'painted'])
    expect((await fs.readdir(folder)).sort().slice(0, 3)).toEqual([
      's01-b001-cinematic-1.png',
      's01-b002-cinematic-1.png',
      's01-b002-cinematic-1.v2.png',
    ])
    expect((await fs.readFile(join(folder, 's01-b002-cinematic-1.png'), 'latin1')).endsWith('retouched')).toBe(true)
  })

  it('on a disk that is full ends clearly, loses nothing, and goes on when there is room', async () => {
    const small = join(folder, 'small')
    await fs.mkdir(small)
    const mounted = await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=24k', 'tmpfs', small]).then(
      () => true,
      () => false,
    )
    try {
      // Without the right to mount, the third file of a disk has no room.
      const sink = mounted ? directorySink(small) : directorySinkOn(fullAfter(2), small, {})
      const full = await paint(sink, 30)
      expect(full.thrown).toMatchObject({ code: 'ADAPTER_QUOTA', adapter: 'directory' })
      expect(full.statuses.at(-1)).toBe('failed')
      const saved = full.statuses.filter((status) => status === 'painted').length
      expect(full.statuses).toHaveLength(saved + 1)
      expect(full.painted).toBeLessThanOrEqual(saved + 1)
      expect((await fs.readdir(small)).filter((name) => name.endsWith('.png'))).toHaveLength(saved)
      if (mounted) await promisify(execFile)('mount', ['-o', 'remount,size=10m', small])
      const again = await paint(directorySink(small), 30)
      expect(again.thrown).toBeNull()
      expect(again.statuses.filter((status) => status === 'kept')).toHaveLength(saved)
      expect(again.statuses).toHaveLength(30)
    } finally {
      if (mounted) await promisify(execFile)('umount', [small])
    }
  })
})

function fullAfter(files: number): SinkDisk {
  let opened = 0
  return {
    ...fs,
    open: async (path, flags, mode) => {
      if (flags === 'w' && ++opened > files) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
      return fs.open(path, flags, mode)
    },
  }
}
