import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Host } from '../../../src/cli/host.js'
import { progressOf } from '../../../src/cli/print/progress-bar.js'

function terminal(isTTY: boolean) {
  const pieces: string[] = []
  const stderr = new Writable({
    write(piece, _, done) {
      pieces.push(String(piece))
      done()
    },
  })
  return { host: { stderr: Object.assign(stderr, { isTTY, columns: 80 }) } as unknown as Host, pieces }
}

describe('the progress bar', () => {
  it('counts at a terminal, makes room for words, and goes away', () => {
    const { host, pieces } = terminal(true)
    const progress = progressOf(host, false, 'sessions')
    progress.start()
    expect(pieces.join('')).toContain('0 sessions')
    progress.add(2)
    progress.stop()
    expect(pieces.join('')).toContain('2 sessions')
    const before = pieces.length
    progress.stop()
    expect(pieces).toHaveLength(before)
    progress.add(3)
    expect(pieces.slice(before).join('')).toContain('5 sessions')
    progress.stop()
    expect(pieces.at(-1)).toBe('\u001b[2K')
  })

  it('shows how much there is to do, if that is known', () => {
    const { host, pieces } = terminal(true)
    const progress = progressOf(host, undefined, 'files')
    progress.start(8)
    progress.add(4)
    progress.stop()
    expect(pieces.join('')).toMatch(/[^0]4\/8 files/)
  })

  it('says behind the counts what it is told, also after it was taken away', () => {
    const { host, pieces } = terminal(true)
    const progress = progressOf(host, undefined, 'pictures')
    progress.start(8)
    progress.note('2h 5m left')
    progress.stop()
    expect(pieces.join('')).toContain('0/8 pictures, 2h 5m left')
    const before = pieces.length
    progress.add(1)
    expect(pieces.slice(before).join('')).toContain('1/8 pictures, 2h 5m left')
    progress.note('')
    progress.stop()
    expect(pieces.slice(before).join('')).toMatch(/1\/8 pictures(?!, )/)
  })

  it.each([
    [true, true],
    [false, false],
  ])('is silent for a terminal: %s, quiet: %s', (isTTY, quiet) => {
    const { host, pieces } = terminal(isTTY)
    const progress = progressOf(host, quiet, 'sessions')
    progress.start(8)
    progress.add(4)
    progress.note('soon')
    progress.stop()
    expect(pieces).toEqual([])
  })
})
