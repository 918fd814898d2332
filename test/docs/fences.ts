/** Finds the code that the documentation promises to work: fences in Markdown, and examples in doc comments. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Fence {
  /** Where it stands, as `file:line`. */
  place: string
  code: string
}

export function markdownFences(file: string): Fence[] {
  const found: Fence[] = []
  const lines = readFileSync(file, 'utf8').split('\n')
  let start = -1
  lines.forEach((line, index) => {
    if (start < 0 && line.trimEnd() === '```ts') start = index
    else if (start >= 0 && line.trimEnd() === '```') {
      found.push({ place: `${file}:${start + 1}`, code: lines.slice(start + 1, index).join('\n') })
      start = -1
    }
  })
  if (start >= 0) throw new Error(`${file}:${start + 1}: the fence is never closed`)
  return found
}

export function exampleFences(file: string): Fence[] {
  const found: Fence[] = []
  const source = readFileSync(file, 'utf8')
  for (const comment of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    for (const fence of comment[0].matchAll(/```ts\n([\s\S]*?)```/g)) {
      const line = source.slice(0, comment.index + fence.index).split('\n').length
      found.push({ place: `${file}:${line}`, code: (fence[1] ?? '').replace(/^[ \t]*\* ?/gm, '') })
    }
  }
  return found
}

export function filesBelow(folder: string, extension: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('docs/api/'))
    .sort()
}

/** What a fence says it prints: the comment behind each `console.log`, in order. */
export function promisedLines(code: string): string[] {
  return [...code.matchAll(/^.*console\.log\(.*\) \/\/ (.*)$/gm)].map((match) => match[1] ?? '')
}
