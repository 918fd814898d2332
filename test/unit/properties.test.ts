import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('properties', () => {
  it('have a seed, so that every run tries the same cases', () => {
    expect(Number.isSafeInteger(fc.readConfigureGlobal()?.seed)).toBe(true)
  })

  it('stand in the projects that set it', () => {
    const config = readFileSync(resolve('test/vitest.config.ts'), 'utf8')
    const seeded = [...config.matchAll(/name: '(\w+)',\s+setupFiles: \['test\/properties\.ts'\]/g)].map(
      ([, name]) => name,
    )
    const holding = readdirSync('test', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts') && /from 'fast-check'/.test(readFileSync(`test/${file}`, 'utf8')))
      .map((file) => file.split('/')[0])
    expect(holding.length).toBeGreaterThan(40)
    expect(holding.filter((name) => !seeded.includes(name))).toEqual([])
  })
})
