import { describe, expect, it } from 'vitest'
import { unspoken } from '../../../../src/prompt/compose/unspoken.js'

describe('unspoken', () => {
  it.each([
    ["Ida describes the tide: 'It turns at four... I know it.'", 'Ida describes the tide'],
    ["Ida says 'Done' steadily, then rows on.", 'Ida says steadily, then rows on.'],
    ['Nils whispers, "The lamp is out," and waits.', 'Nils whispers and waits.'],
    ['Nils replied to her: \u201cNot tonight.\u201d', 'Nils replied to her'],
    ['Ida asks Nils \u2018whose boat that\u2019s been\u2019.', 'Ida asks Nils.'],
  ])('%s: %s', (text, silent) => {
    expect(unspoken(text)).toBe(silent)
  })

  it.each([
    "A sign says 'NO LANDING' above the quay.",
    "a board which said 'Closed'",
    "the words 'COME HOME' fade on the glass",
    "Ida's lamp, Nils' rope, said without quotes",
    "Ida says she'll row, and it's late",
    "a boat named 'Tern'",
    "a warning: 'KEEP OUT' painted on the door",
    "the answer 'NO' in red chalk",
    "bells toll 'Nine'",
    "Ida says 'never closed",
  ])('leaves %s', (text) => {
    expect(unspoken(text)).toBe(text)
  })

  it('is not slow on a text of verbs and quotes that nobody closes', () => {
    const text = "says 'a ".repeat(200_000)
    expect(unspoken(text)).toBe(text)
  })
})
