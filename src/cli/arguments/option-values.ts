/**
 * Reading what stands behind an option.
 * @module
 */
import { InvalidArgumentError } from 'commander'
import { IMAGE_FORMATS, type ImageFormat } from 'storyart-sdk/prompt'

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** `7d`, `12h`, `30m`, `45s`, `1500ms` in ms; the number must be above 0. */
export function duration(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|[smhdw])$/.exec(text.trim()) ?? []
  const ms = Math.round(Number(digits) * (UNIT_MS[unit] ?? Number.NaN))
  if (!(digits && ms >= 1 && Number.isSafeInteger(ms))) {
    throw new InvalidArgumentError('It must be a number with its unit, such as 7d, 12h, 30m, 45s or 1500ms.')
  }
  return ms
}

/** A whole number within bounds. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
    if (!(value >= min && value <= max)) {
      const bounds = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`
      throw new InvalidArgumentError(`It must be a whole number ${bounds}.`)
    }
    return value
  }
}

/** A moment: ms since the epoch, or a date that `Date` reads, such as `2026-02-06` or `2026-02-06T18:30`. */
export function moment(text: string): number {
  const trimmed = text.trim()
  const ms = /^\d+$/.test(trimmed) ? Number(trimmed) : Date.parse(trimmed)
  if (!Number.isSafeInteger(ms) || !/^\d/.test(trimmed)) {
    throw new InvalidArgumentError('It must be ms since the epoch, or a date such as 2026-02-06 or 2026-02-06T18:30Z.')
  }
  return ms
}

/** Scene numbers, such as `1,3-5`; what was given before is kept. */
export function sceneNumbers(text: string, before: readonly number[] = []): number[] {
  const numbers = new Set(before)
  for (const part of text.split(',')) {
    const [, first = '', last = first] = /^\s*(\d{1,6})(?:\s*-\s*(\d{1,6}))?\s*$/.exec(part) ?? []
    if (first === '' || Number(last) < Number(first)) {
      throw new InvalidArgumentError('It must be scene numbers, such as 2 or 1,3-5.')
    }
    for (let number = Number(first); number <= Number(last); number++) numbers.add(number)
  }
  return [...numbers]
}

/** Kinds of picture, such as `cinematic,vertical`; what was given before is kept. */
export function imageFormats(text: string, before: readonly ImageFormat[] = []): ImageFormat[] {
  const given = text.split(',').map((part) => part.trim())
  const formats = IMAGE_FORMATS.filter((format) => given.includes(format))
  if (given.some((name) => !IMAGE_FORMATS.some((format) => format === name))) {
    throw new InvalidArgumentError(`It must be one or more of ${IMAGE_FORMATS.join(', ')}.`)
  }
  return [...new Set([...before, ...formats])]
}

/** Several values: what was given before is kept. */
export function collected(text: string, before: readonly string[] = []): string[] {
  return [...before, text]
}

/** `name=value`, a number or truth value where the value is one; what was given before is kept. */
export function parameter(
  text: string,
  before: Readonly<Record<string, string | number | boolean>> = {},
): Record<string, string | number | boolean> {
  const [, name = '', value = ''] = /^\s*([a-z0-9_]+)\s*=(.*)$/is.exec(text) ?? []
  if (name === '') throw new InvalidArgumentError('It must be name=value, such as model=flux1-dev-fp8 or steps=30.')
  const trimmed = value.trim()
  const isNumber = trimmed !== '' && Number.isFinite(Number(trimmed))
  const read = isNumber ? Number(trimmed) : trimmed === 'true' || (trimmed === 'false' ? false : trimmed)
  return { ...before, [name]: read }
}

/** Names behind one another, such as `cinematic,square`; what was given before is kept. */
export function names(text: string, before: readonly string[] = []): string[] {
  const given = text.split(',').map((part) => part.trim())
  if (given.includes('')) throw new InvalidArgumentError('It must be one or more names with commas between them.')
  return [...new Set([...before, ...given])]
}
