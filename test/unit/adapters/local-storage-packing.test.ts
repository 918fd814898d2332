import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packBytes, unpackBytes } from '../../../src/adapters/local-storage-packing.js'

describe('packBytes', () => {
  it('gives the bytes back, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect([...unpackBytes(packBytes(bytes), bytes.length)]).toEqual([...bytes])
      }),
    )
  })

  it('packs 15 bits to a code unit', () => {
    expect(packBytes(new Uint8Array(0))).toBe('')
    expect(packBytes(Uint8Array.of(0xff))).toBe(String.fromCharCode(0x7f80 + 0x20))
    expect(packBytes(new Uint8Array(15)).length).toBe(8)
    expect(packBytes(new Uint8Array(16)).length).toBe(9)
    expect(packBytes(new Uint8Array(90_000)).length).toBe(48_000)
  })

  it('uses no control characters, no surrogates and no noncharacters', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        for (const unit of packBytes(bytes)) {
          const code = unit.charCodeAt(0)
          expect(code >= 0x20 && code <= 0x801f).toBe(true)
        }
      }),
    )
    const all = packBytes(new Uint8Array(30).fill(255))
    expect(new Set(all)).toEqual(new Set(['\u801f']))
  })

  it('reads foreign text without throwing', () => {
    expect(unpackBytes('\u0000\uffff', 5).length).toBe(5)
    expect([...unpackBytes('', 2)]).toEqual([0, 0])
  })
})
