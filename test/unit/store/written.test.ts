import { describe, expect, it } from 'vitest'
import { WrittenTexts } from '../../../src/store/written.js'

describe('what a store remembers of its writes', () => {
  it('is their order, per session', () => {
    const written = new WrittenTexts()
    written.tried(1, 'a', 'anything')
    written.tried(2, 'b', 'anything')
    written.tried(1, 'c', 'anything')
    expect(written.older(1, 'a', 'c')).toBe('a')
    expect(written.older(1, 'c', 'a')).toBe('a')
    expect(written.older(1, 'a', 'b')).toBeNull()
    written.tried(1, 'a', 'anything')
    expect(written.older(1, 'a', 'c')).toBe('c')
    expect([written.has(1, 'a'), written.has(2, 'a')]).toEqual([true, false])
    written.forget(1)
    expect([written.has(1, 'a'), written.has(2, 'b')]).toEqual([false, true])
  })

  it('leaves out what only a fallback tier was given and has replaced', () => {
    const written = new WrittenTexts()
    written.tried(1, 'in the primary', 'anything')
    for (let i = 0; i < 30; i++) written.held(1, `draft ${i}`, true, 'anything')
    expect(written.older(1, 'in the primary', 'draft 29')).toBe('in the primary')
    expect(written.has(1, 'draft 28')).toBe(false)
    written.carried(1, 'draft 29')
    written.held(1, 'draft 30', true, 'anything')
    expect(written.older(1, 'draft 29', 'draft 30')).toBe('draft 29')
    written.held(1, 'draft 31', false, 'anything')
    expect(written.older(1, 'draft 30', 'draft 31')).toBe('draft 30')
    written.carried(1, 'draft 30')
    expect(written.older(1, 'draft 30', 'draft 31')).toBe('draft 30')
  })

  it('leaves alone what was there before a text that was to replace nothing', () => {
    const written = new WrittenTexts()
    written.tried(1, 'in the primary', 'anything')
    written.held(1, 'created', true, 'nothing')
    written.carried(1, 'created')
    expect(written.older(1, 'in the primary', 'created')).toBeNull()
    written.held(1, 'updated', true, { text: 'created' })
    expect(written.older(1, 'in the primary', 'updated')).toBeNull()
    expect(written.older(1, 'created', 'updated')).toBe('created')
    written.held(1, 'saved over all of it', true, 'anything')
    expect(written.older(1, 'in the primary', 'saved over all of it')).toBe('in the primary')
  })

  it('is bounded: 16 texts, 6 of one session, 16 million characters', () => {
    const written = new WrittenTexts()
    for (let i = 0; i < 7; i++) written.tried(1, `v${i}`, 'anything')
    expect([written.has(1, 'v0'), written.has(1, 'v1')]).toEqual([false, true])
    for (let i = 0; i < 15; i++) written.tried(2 + i, 'a', 'anything')
    expect([written.has(1, 'v5'), written.has(1, 'v6'), written.has(16, 'a')]).toEqual([false, true, true])
    const large = 'x'.repeat(17 * 1024 * 1024)
    written.tried(99, large, 'anything')
    expect([written.has(99, large), written.has(16, 'a')]).toEqual([true, false])
  })
})
