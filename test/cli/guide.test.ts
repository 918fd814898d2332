import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, NOW, room } from './cli.js'

/** A line of a terminal, and what it shows. */
interface Step {
  place: string
  line: string
  shown: string[]
}

/** The steps of all `console` fences, in the order of the document. */
async function stepsOf(file: string): Promise<Step[]> {
  const steps: Step[] = []
  let isInside = false
  for (const [at, line] of (await readFile(file, 'utf8')).split('\n').entries()) {
    if (line.startsWith('```')) isInside = line === '```console'
    else if (isInside && line.startsWith('$ '))
      steps.push({ place: `${file}:${at + 1}`, line: line.slice(2), shown: [] })
    else if (isInside) steps.at(-1)?.shown.push(line)
  }
  return steps
}

/** The words of a line as a shell would split them: in quotes, blanks belong to a word. */
function wordsOf(line: string): string[] {
  return (line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []).map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'))
}

/** Whether the lines are the expected ones: `…` alone stands for any lines, at the end of a line for the rest of it. */
function shows(lines: readonly string[], expected: readonly string[]): boolean {
  const pattern = expected.map((line) => {
    if (line === '…') return '(?:.*\n)*?'
    const literal = line.replace(/…$/, '').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    return `${literal}${line.endsWith('…') ? '.*' : ''}\n`
  })
  return new RegExp(`^${pattern.join('')}$`).test(lines.map((line) => `${line}\n`).join(''))
}

describe('the guide of the command line', () => {
  it('shows what happens', async () => {
    const cwd = room()
    await copyFile('docs/examples/sample-session.json', join(cwd, 'episode.json'))
    const steps = await stepsOf(resolve('docs/guide/cli.md'))
    expect(steps.length).toBeGreaterThan(15)
    let now = NOW
    let code = 0
    for (const { place, line, shown } of steps) {
      const pieces: string[] = []
      const words = wordsOf(line)
      if (line === 'echo $?') pieces.push(`${code}\n`)
      else {
        expect(words[0], place).toBe('storyart')
        const redirect = words.indexOf('>')
        const ran = await cli(words.slice(1, redirect < 0 ? undefined : redirect), {
          cwd,
          env: { STORYART_STORE: 'file:sessions' },
          now: () => now,
          onStdout: (piece) => redirect < 0 && pieces.push(piece),
          onStderr: (piece) => pieces.push(piece),
        })
        code = ran.code
        if (redirect > 0) await writeFile(join(cwd, words[redirect + 1] ?? ''), ran.stdout)
      }
      now += 60_000
      const lines = pieces.join('').split('\n').slice(0, -1)
      if (!shows(lines, shown)) expect({ place, line, lines }).toEqual({ place, line, lines: shown })
    }
  })
})

describe('what the test of the guide takes for the same', () => {
  it('is the same line by line, but for what three dots leave out', () => {
    expect(shows(['a', 'b', 'c'], ['a', '…', 'c'])).toBe(true)
    expect(shows(['a', 'c'], ['a', '…', 'c'])).toBe(true)
    expect(shows(['a', 'b', 'c'], ['a', 'c'])).toBe(false)
    expect(shows(['a'], ['a', 'b'])).toBe(false)
    expect(shows(['abc'], ['ab…'])).toBe(true)
    expect(shows(['abc'], ['a…c'])).toBe(false)
    expect(shows(['abc', 'd'], ['ab…'])).toBe(false)
    expect(shows(['a.'], ['ab'])).toBe(false)
    expect(wordsOf(`storyart search "red coat" --in 'a b' x"y"z`)).toEqual([
      'storyart',
      'search',
      'red coat',
      '--in',
      'a b',
      'xyz',
    ])
  })
})
