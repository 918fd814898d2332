/**
 * Brackets in a prompt that have no counterpart.
 * @module
 */

import type { Severity } from './finding.js'
import { parseTags } from './tags.js'

/** What is wrong with the syntax of a prompt, each kind once. */
export function syntaxFindings(text: string): { severity: Severity; message: string; remedy: string }[] {
  const findings: { severity: Severity; message: string; remedy: string }[] = []
  const { tags, literalFrom = text.length } = parseTags(text)
  let open = 0
  let stray = 0
  let from = 0
  for (const { start, end } of [...tags, { start: literalFrom, end: literalFrom }]) {
    for (const [bracket] of text.slice(from, start).matchAll(/\\[()]|[()]/g)) {
      if (bracket === '(') open++
      else if (bracket === ')') open > 0 ? open-- : stray++
    }
    from = end
  }
  if (literalFrom < text.length) {
    const message = `Nothing closes the < at ${literalFrom}, so no tag from there on is obeyed`
    findings.push({ severity: 'error', message, remedy: 'Remove the < or close it.' })
  }
  if (open + stray > 0) {
    const message = `${open + stray} parentheses have no counterpart`
    findings.push({ severity: 'warning', message, remedy: 'Add or remove them.' })
  }
  return findings
}
