import { afterEach, describe, expect, it, vi } from 'vitest'
import { originalDocument, storedDocument } from '../../../src/adapters/local-storage-document.js'
import { textOf } from './local-storage-fakes.js'

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('storedDocument', () => {
  it('compresses from 1,024 characters on', async () => {
    const small = await storedDocument('x'.repeat(1023), true)
    expect(small).toEqual({ sizeBytes: 1023, packedBytes: 0, payload: 'x'.repeat(1023) })
    const large = await storedDocument('x'.repeat(1024), true)
    expect(large.payload.length).toBeLessThan(20)
    expect(large.sizeBytes).toBe(1024)
    expect(await originalDocument(7, large)).toBe('x'.repeat(1024))
  })

  it('packs English text to less than a fifth of its characters', async () => {
    const raw = JSON.stringify(
      Array.from({ length: 300 }, (_, n) => ({ beat_id: `s1-b${n}`, beat_script_text: textOf(9, n) })),
    )
    const stored = await storedDocument(raw, true)
    expect(stored.payload.length).toBeLessThan(raw.length / 5)
    expect(await originalDocument(7, stored)).toBe(raw)
  })

  it('counts the size in bytes of UTF-8', async () => {
    expect((await storedDocument('\u00e9\u6f22\u{1f3ac}', true)).sizeBytes).toBe(9)
    expect((await storedDocument('\u6f22'.repeat(2000), true)).sizeBytes).toBe(6000)
  })

  it('keeps a byte order mark and text in any script', async () => {
    for (const raw of [`\ufeff${'x'.repeat(2000)}`, '\u6f22\u{1f3ac}\u0000\uffff'.repeat(1000)]) {
      const stored = await storedDocument(raw, true)
      expect(stored.packedBytes).toBeGreaterThan(0)
      expect(await originalDocument(7, stored)).toBe(raw)
    }
  })

  it('stores plain what it is told to, what gets no shorter, and what UTF-8 cannot hold', async () => {
    const random = Array.from(textOf(8000), (_, n) => String.fromCharCode(0x4e00 + ((n * 7919 * n) % 20_000))).join('')
    for (const [raw, compress] of [['x'.repeat(5000), false] as const, [`\ud800${'x'.repeat(5000)}`, true] as const]) {
      expect(await storedDocument(raw, compress)).toMatchObject({ packedBytes: 0, payload: raw })
    }
    const stored = await storedDocument(random, true)
    expect(stored.payload.length).toBeLessThanOrEqual(random.length)
    expect(await originalDocument(7, stored)).toBe(random)
  })

  it('stores plain where there is no CompressionStream', async () => {
    vi.stubGlobal('CompressionStream', undefined)
    expect((await storedDocument('x'.repeat(5000), true)).packedBytes).toBe(0)
  })
})

describe('originalDocument', () => {
  const raw = textOf(5000)
  const failed = { name: 'AdapterError', code: 'ADAPTER_FAILED', adapter: 'localStorage', operation: 'get' }

  it('finds every damage of a compressed document', async () => {
    const stored = await storedDocument(raw, true)
    for (let at = 0; at < stored.payload.length - 1; at += 37) {
      const changed = String.fromCharCode(((stored.payload.charCodeAt(at) - 0x20) ^ 0x40) + 0x20)
      const payload = stored.payload.slice(0, at) + changed + stored.payload.slice(at + 1)
      await expect(originalDocument(7, { ...stored, payload })).rejects.toMatchObject(failed)
    }
    for (const packedBytes of [1, stored.packedBytes - 1]) {
      await expect(originalDocument(7, { ...stored, packedBytes })).rejects.toMatchObject(failed)
    }
    await expect(originalDocument(7, { ...stored, sizeBytes: 4999 })).rejects.toMatchObject(failed)
  })

  it('says which session and what to do', async () => {
    const error = await originalDocument(1770000000000, undefined).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject(failed)
    expect(String(error)).toBe(
      'AdapterError: localStorage get: session 1770000000000 is damaged; save it again or delete it.',
    )
    expect((error as Error).cause).toBeInstanceOf(RangeError)
  })
})
