import { readFile, writeFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fileAdapter } from '../../src/adapters/file.js'
import { LINE_BYTES, lifeLine, readLife } from '../../src/adapters/file-life.js'
import { documentOf, temporaryDirectory } from './harness.js'

const ENDLESS = Number.POSITIVE_INFINITY
const end = fc.oneof(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 }), fc.constant(ENDLESS))

/** A text, or one that ends like something the adapter writes. */
const text = fc
  .tuple(fc.string({ unit: 'grapheme' }), fc.option(end, { nil: undefined }), fc.constantFrom('', '\n', '\t\n'))
  .map(([start, life, rest]) => start + (life === undefined ? '' : lifeLine(life, Buffer.from('')) || '\n') + rest)

describe('the line behind a document', () => {
  it('gives back text and end, whatever they are', () => {
    fc.assert(
      fc.property(text, end, (raw, expiresAt) => {
        const bytes = Buffer.from(raw)
        const file = Buffer.concat([bytes, Buffer.from(lifeLine(expiresAt, bytes))])
        const life = readLife(file)
        expect(life ?? ENDLESS).toBe(expiresAt)
        expect(file.subarray(0, life === undefined ? file.length : file.length - LINE_BYTES)).toEqual(bytes)
      }),
    )
  })

  it('is white space of one length that JSON allows', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (json, expiresAt) => {
        const line = lifeLine(expiresAt, Buffer.from(json))
        expect(Buffer.byteLength(line)).toBe(LINE_BYTES)
        expect(JSON.parse(json + line)).toEqual(JSON.parse(json))
      }),
    )
  })

  it('is no other white space at the end of a file', () => {
    for (const tail of [
      '',
      '\n',
      '\t\n',
      `\n${' '.repeat(55)}\n`,
      `\n\t${' '.repeat(53)}\n`,
      `\n\t${' '.repeat(52)}\t\n`,
      `\n\t${' '.repeat(54)}\t\n`,
      `\n\t${'\u00a0'.repeat(53)}\t\n`,
      `\n\t${' '.repeat(53)}\t`,
      `\r\t${' '.repeat(53)}\t\n`,
    ]) {
      expect(readLife(Buffer.from(`{}${tail}`))).toBeUndefined()
    }
  })
})

describe('a file', () => {
  it('is its text to the byte when it has no end', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path)
    await adapter.put(7, '{"title":"Caf\u00e9"}', { summary: 'text' })
    expect(await readFile(documentOf(directory.path, 7), 'utf8')).toBe('{"title":"Caf\u00e9"}')
  })

  it('is its text and one line of white space when it has one', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path, { now: () => 5 })
    await adapter.put(7, '{"a":1}', { ttlMs: 1 })
    const bits = `${'\u0020'.repeat(50)}\t\t\u0020` // 6
    expect(await readFile(documentOf(directory.path, 7), 'utf8')).toBe(`{"a":1}\n\t${bits}\t\n`)
  })

  it('ends at its very ms', async () => {
    await using directory = await temporaryDirectory()
    let time = 1_770_000_000_000
    const adapter = fileAdapter(directory.path, { now: () => time })
    await adapter.put(7, '"a\u00e9\u6f22\u{1f3ac}"', { ttlMs: 5000, summary: 'text' })
    time += 4999
    expect(await adapter.list({ limit: 5 })).toStrictEqual({
      entries: [{ id: 7, summary: 'text', sizeBytes: 12, ttlMs: 1 }],
    })
    time += 1
    expect(await adapter.get(7)).toBeNull()
    expect(await adapter.list({ limit: 5 })).toStrictEqual({ entries: [], expired: [7] })
  })

  it('lives for ever when it is to live longer than a number can say', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path)
    await adapter.put(7, '{}', { ttlMs: Number.MAX_SAFE_INTEGER })
    expect((await adapter.list({ limit: 5 })).entries).toEqual([{ id: 7, sizeBytes: 2, ttlMs: null }])
  })

  it('keeps what is put as a text that ends in such a line, with and without an end', async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path, { now: () => 1_770_000_000_000 })
    const raw = `{}${lifeLine(1, Buffer.from(''))}`
    await adapter.put(7, raw)
    await adapter.put(8, raw, { ttlMs: 1000 })
    for (const id of [7, 8]) expect(await adapter.get(id)).toEqual({ raw })
    expect((await adapter.list({ limit: 5 })).entries).toEqual([
      { id: 8, sizeBytes: raw.length, ttlMs: 1000 },
      { id: 7, sizeBytes: raw.length, ttlMs: null },
    ])
  })

  it('takes its end with it into a copy', async () => {
    await using directory = await temporaryDirectory()
    let time = 1_770_000_000_000
    const adapter = fileAdapter(directory.path, { now: () => time })
    await adapter.put(7, '{}', { ttlMs: 1000, summary: 'of 7' })
    await writeFile(documentOf(directory.path, 8), await readFile(documentOf(directory.path, 7)))
    expect((await adapter.list({ limit: 1 })).entries).toEqual([{ id: 8, sizeBytes: 2, ttlMs: 1000 }])
    time += 1000
    expect(await adapter.get(8)).toBeNull()
  })
})
