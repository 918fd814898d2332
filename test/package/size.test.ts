import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

interface Row {
  name: string
  passed: boolean
  size: number
}

describe('the size of each entry', () => {
  it('is within its budget', { timeout: 120_000 }, () => {
    // A budget that is exceeded makes it exit with 1, but the table is printed all the same.
    let output: string
    try {
      output = execFileSync('npx', ['--no-install', 'size-limit', '--json'], { encoding: 'utf8' })
    } catch (error) {
      output = String((error as { stdout: unknown }).stdout)
    }
    const rows = JSON.parse(output) as Row[]
    expect(rows.length).toBeGreaterThanOrEqual(7)
    expect(rows.filter((row) => !row.passed)).toEqual([])
  })
})
