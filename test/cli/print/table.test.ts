import { describe, expect, it } from 'vitest'
import { type Column, cellsOf, tableOf } from '../../../src/cli/print/table.js'

const COLUMNS: Column<[string, number]>[] = [
  { head: 'name', cell: ([name]) => name, maxWidth: 8 },
  { head: 'count', cell: ([, count]) => count, align: 'right' },
  { head: 'end', cell: () => null },
]

const drawn = (rows: [string, number][]) =>
  tableOf(
    rows.map((row) => cellsOf(row, COLUMNS)),
    COLUMNS,
  )

describe('a table for people', () => {
  it('aligns, cuts, and shows nothing that a terminal takes for commands', () => {
    const rows: [string, number][] = [
      ['sword', 7],
      ['a\n\tb', 1200],
      ['a long name', 1],
      ['\u{1f409}\u{1f409}\u{1f409}\u{1f409}\u{1f409}\u{1f409}\u{1f409}\u{1f409}\u{1f409}', 2],
      ['\u001b[2J\u0000', 3],
    ]
    expect(drawn(rows).split('\n')).toEqual([
      'name             count  end',
      'sword                7',
      'a b               1200',
      'a long …             1',
      '\u{1f409}\u{1f409}\u{1f409}\u{1f409}\u{1f409}\u{1f409}\u{1f409}…      2',
      '\ufffd[2J\ufffd                3',
    ])
  })

  it('has one width for each column, however long it is', () => {
    // The table of the package alone would take minutes.
    const rows = Array.from({ length: 20_000 }, (_, at): [string, number] => [
      at === 19_999 ? 'longest' : 'a',
      at * 100,
    ])
    const lines = drawn(rows).split('\n')
    expect(lines).toHaveLength(20_001)
    expect(lines.filter((line) => line.startsWith('name'))).toEqual(['name       count  end'])
    expect([lines[1], lines[101], lines[20_000]]).toEqual(['a              0', 'a          10000', 'longest  1999900'])
  })
})
