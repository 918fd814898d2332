import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileAdapter } from '../../src/adapters/file.js'
import { fileAdapterOn } from '../../src/adapters/file-adapter.js'
import {
  diskWith,
  documentOf,
  failingDisk,
  fault,
  namesBelow,
  type TemporaryDirectory,
  temporaryDirectory,
} from './harness.js'
import { buildChild } from './processes.js'

/** The rows of the guide's table: a word of the system, and the code it stands for. */
async function guideRows(): Promise<[word: string, code: string][]> {
  const guide = await readFile('docs/guide/file.md', 'utf8')
  return [...guide.matchAll(/^\| (`E[^|]*) \| `(ADAPTER_[A-Z]+)` \|/gm)].flatMap(([, words = '', code = '']) =>
    [...words.matchAll(/`(E\w+)`/g)].map(([, word = '']): [string, string] => [word, code]),
  )
}

describe('what the system says', async () => {
  const rows = await guideRows()

  it('is what the guide lists', async () => {
    const source = await readFile('src/adapters/file-errors.ts', 'utf8')
    const known = [...source.matchAll(/\bE[A-Z]{2,}\b/g)]
      .map(([word]) => word)
      .filter((word) => word !== 'ERR_ENCODING')
    expect(rows.length).toBeGreaterThan(20)
    const words = new Set(rows.map(([word]) => word))
    expect(known.filter((word) => !words.has(word))).toEqual([])
  })

  it.each(rows.filter(([word]) => word !== 'ENOENT'))('%s is told as %s', async (word, code) => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapterOn(failingDisk(word), directory.path)
    for (const [operation, call] of [
      ['put', () => adapter.put(7, '{"a":"a secret"}')],
      ['get', () => adapter.get(7)],
      ['list', () => adapter.list({ limit: 1 })],
    ] as const) {
      const error: unknown = await call().catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ name: 'AdapterError', code, adapter: 'file', operation, cause: { code: word } })
      expect(String(error)).toContain(`failed: ${word}; `)
      expect(String(error)).not.toContain('secret')
    }
    expect(await adapter.health()).toMatchObject({ ok: false, error: expect.stringMatching(`^${word}; .*\\.$`) })
  })

  it('ENOENT is nothing there, and ADAPTER_UNAVAILABLE when it never ends', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapterOn(failingDisk('ENOENT'), directory.path)
    expect(await adapter.get(7)).toBeNull()
    expect(await adapter.list({ limit: 1 })).toEqual({ entries: [] })
    await expect(fileAdapterOn(failingDisk('ENOENT', /^rename$/), directory.path).put(7, '{}')).rejects.toMatchObject({
      code: 'ADAPTER_UNAVAILABLE',
    })
    expect(await namesBelow(directory.path)).toEqual(['.storyart'])
  })
})

describe('a real fault', () => {
  let build: TemporaryDirectory
  let script: string

  beforeAll(async () => {
    build = await temporaryDirectory()
    script = await buildChild(build.path)
  })

  afterAll(() => build[Symbol.asyncDispose]())

  /** Runs a process of its own within a limit, and says what it printed. */
  async function within(limit: string, directory: string, mode: string): Promise<unknown[]> {
    const command = `ulimit ${limit} && exec "$0" "$@"`
    const args = ['-c', command, process.execPath, script, directory, mode]
    const { stdout } = await promisify(execFile)('sh', args)
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  it('of a file that may not grow is ADAPTER_QUOTA, and what was there stays', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path)
    await adapter.put(7, '{"old":true}', { summary: 'old', ttlMs: 60_000 })
    expect(await within('-f 64', directory.path, 'grow')).toEqual([{ code: 'ADAPTER_QUOTA' }, { stored: true }])
    expect(await adapter.get(7)).toEqual({ raw: '{"old":true}' })
    expect(await namesBelow(directory.path)).toEqual([
      '.storyart',
      '.storyart/7.summary',
      'storyart-session-7.json',
      'storyart-session-8.json',
    ])
  })

  it('of too many open files is ADAPTER_UNAVAILABLE, and passes', async () => {
    await using directory = await temporaryDirectory()
    await fileAdapter(directory.path).put(7, '{}')
    expect(await within('-n 64', directory.path, 'open')).toEqual([
      { code: 'ADAPTER_UNAVAILABLE' },
      { code: 'ADAPTER_UNAVAILABLE' },
      { ok: false },
      { raw: '{}' },
    ])
  })

  it('of permission is ADAPTER_DENIED, and reading goes on', async () => {
    await using directory = await temporaryDirectory()
    const path = join(directory.path, 'a')
    const adapter = fileAdapter(path)
    await adapter.put(7, '{}')
    await chmod(directory.path, 0o755)
    for (const folder of [path, join(path, '.storyart')]) await chmod(folder, 0o555)
    const asRoot = process.geteuid?.() === 0
    if (asRoot) process.seteuid?.(65_534) // nothing is forbidden to root
    try {
      await expect(adapter.put(8, '{}')).rejects.toMatchObject({ code: 'ADAPTER_DENIED', cause: { code: 'EACCES' } })
      await expect(adapter.delete(7)).rejects.toMatchObject({ code: 'ADAPTER_DENIED' })
      expect(await adapter.health()).toMatchObject({ ok: false })
      expect(await adapter.get(7)).toEqual({ raw: '{}' })
      expect((await adapter.list({ limit: 5 })).entries).toHaveLength(1)
    } finally {
      if (asRoot) process.seteuid?.(0)
      for (const folder of [path, join(path, '.storyart')]) await chmod(folder, 0o755)
    }
  })

  it('of a file where the directory should be is ADAPTER_FAILED', async () => {
    await using directory = await temporaryDirectory()
    const path = join(directory.path, 'file')
    await writeFile(path, '')
    const adapter = fileAdapter(path)
    for (const call of [
      () => adapter.get(7),
      () => adapter.put(7, '{}'),
      () => adapter.list({ limit: 1 }),
      () => adapter.prune?.(),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'ADAPTER_FAILED', cause: { code: 'ENOTDIR' } })
    }
    expect(await adapter.health()).toMatchObject({ ok: false, error: expect.stringContaining('a file is where') })
  })

  it('of a directory where the document should be is ADAPTER_FAILED', async () => {
    await using directory = await temporaryDirectory()
    await mkdir(documentOf(directory.path, 7))
    const call = fileAdapter(directory.path).put(7, '{}')
    await expect(call).rejects.toMatchObject({ code: 'ADAPTER_FAILED', cause: { code: 'EISDIR' } })
    expect(await namesBelow(directory.path)).toEqual(['.storyart', 'storyart-session-7.json'])
  })

  it('of a path without end is ADAPTER_FAILED', async () => {
    await using directory = await temporaryDirectory()
    const loop = join(directory.path, 'loop')
    await symlink(loop, loop)
    await expect(fileAdapter(loop).get(7)).rejects.toMatchObject({ code: 'ADAPTER_FAILED', cause: { code: 'ELOOP' } })
    const long = fileAdapter(join(directory.path, 'x'.repeat(300)))
    await expect(long.get(7)).rejects.toMatchObject({ code: 'ADAPTER_FAILED', cause: { code: 'ENAMETOOLONG' } })
  })

  it('of bytes that are no UTF-8 is ADAPTER_FAILED, and touches nothing', async () => {
    await using directory = await temporaryDirectory()
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xe6, 0xbc],
      [0xc0, 0x80],
    ]) {
      await writeFile(documentOf(directory.path, 7), Buffer.from(bytes))
      const adapter = fileAdapter(directory.path)
      await expect(adapter.get(7)).rejects.toMatchObject({
        code: 'ADAPTER_FAILED',
        message: expect.stringMatching(/^file: get of session 7 failed: ERR_ENCODING\w+; the document is not UTF-8/),
      })
      expect((await adapter.list({ limit: 5 })).entries).toEqual([{ id: 7, sizeBytes: bytes.length, ttlMs: null }])
      expect(await readFile(documentOf(directory.path, 7))).toEqual(Buffer.from(bytes))
    }
  })
})

describe('a disk that is full within a write', () => {
  it('leaves what was there, nothing half-written and no lock', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path, { wait: () => Promise.reject(new Error('must not wait')) })
    await adapter.put(7, '{"old":true}', { summary: 'old' })
    const before = await namesBelow(directory.path)
    const disk = diskWith(async ({ name, args }, go) => {
      if (name !== 'handle.writeFile') return go()
      await go((args[0] as Buffer).subarray(0, 5))
      throw fault('ENOSPC')
    })
    await expect(fileAdapterOn(disk, directory.path).put(7, '{"new":true}', { summary: 'new' })).rejects.toMatchObject({
      code: 'ADAPTER_QUOTA',
      message: 'file: put of session 7 failed: ENOSPC; no room is left; delete or prune sessions.',
    })
    expect(await adapter.get(7)).toEqual({ raw: '{"old":true}' })
    expect((await adapter.list({ limit: 5 })).entries[0]?.summary).toBe('old')
    expect(await namesBelow(directory.path)).toEqual(before)
    expect(await adapter.put(7, '{}', { expect: 'absent' })).toEqual({ stored: false, reason: 'exists' })
  })
})

describe('a call that fails', () => {
  it('leaves all old or all new, and no lock for others to wait for', { timeout: 30_000 }, async () => {
    for (let failing = 0; ; failing++) {
      await using directory = await temporaryDirectory()
      const adapter = fileAdapter(directory.path, { wait: () => Promise.reject(new Error('must not wait')) })
      await adapter.put(7, '{"old":true}')
      let calls = 0
      const disk = diskWith(async ({ name }, go) => {
        if (calls++ !== failing) return go()
        if (name === 'handle.close') await go() // a close that fails has closed
        throw fault('EIO')
      })
      const outcome = await fileAdapterOn(disk, directory.path)
        .put(7, '{"new":true}')
        .catch((error: unknown) => error)
      const stored = (await adapter.get(7))?.raw
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'ADAPTER_FAILED', cause: { code: 'EIO' } })
      else expect(stored).toBe('{"new":true}')
      expect(['{"old":true}', '{"new":true}']).toContain(stored)
      expect(await adapter.put(7, '{"next":true}')).toEqual({ stored: true })
      if (calls <= failing) {
        expect(calls).toBeGreaterThan(12)
        return
      }
    }
  })

  it('at one document leaves the others in the list, unless it may pass', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path)
    for (const id of [7, 8, 9]) await adapter.put(id, '{}')
    const broken = (code: string) =>
      fileAdapterOn(
        diskWith(async ({ name, args }, go) => {
          if (name === 'open' && args[0] === documentOf(directory.path, 8)) throw fault(code)
          return go()
        }),
        directory.path,
      )
    const { entries } = await broken('EIO').list({ limit: 5 })
    expect(entries).toEqual([{ id: 9, sizeBytes: 2, ttlMs: null }, { id: 8 }, { id: 7, sizeBytes: 2, ttlMs: null }])
    await expect(broken('EIO').get(8)).rejects.toMatchObject({ code: 'ADAPTER_FAILED' })
    await expect(broken('EMFILE').list({ limit: 5 })).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
  })
})

describe('a document', () => {
  it('is on the disk before it is in its place, and its place before anybody is told', async () => {
    await using directory = await temporaryDirectory()
    const happened: string[] = []
    let opened = ''
    const disk = diskWith(async ({ name, args }, go) => {
      if (name === 'open') opened = String(args[0])
      const result = await go()
      if (/^handle\.(sync|writeFile)$/.test(name)) {
        happened.push(`${name} ${opened === directory.path ? 'directory' : opened.replace(/.*\d-.*/, 'token')}`)
      }
      if (name === 'rename' && args[1] === documentOf(directory.path, 7)) happened.push('rename')
      return result
    })
    const adapter = fileAdapterOn(disk, directory.path)
    await adapter.put(6, '{}')
    happened.length = 0
    await adapter.put(7, '{}')
    happened.push('told')
    const order = ['handle.writeFile token', 'handle.sync token', 'rename', 'handle.sync directory', 'told']
    expect(happened).toEqual(order)
    happened.length = 0
    await adapter.touch(7, 60_000)
    happened.push('told')
    expect(happened).toEqual(order)
    happened.length = 0
    await adapter.delete(7)
    expect(happened).toEqual(['handle.sync directory'])
  })

  it('and a summary cannot hold half a surrogate pair, which UTF-8 has no bytes for', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path)
    const message = 'file: raw holds half a surrogate pair; write it as a \\u escape.'
    await expect(adapter.put(7, '"\ud800"')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message })
    await expect(adapter.put(7, '{}', { summary: '\udc00' })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(adapter.describe?.(7, '{}', '\udc00')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await namesBelow(directory.path)).toEqual([])
  })
})
