/**
 * Numbers as people say them.
 * @module
 */
import { IMAGE_FORMATS, type ImageJob } from 'storyart-sdk/prompt'

/** `1 beat`, `2 beats`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** `3 pictures to paint: 2 cinematic, 1 vertical`. */
export function countedPictures(jobs: readonly ImageJob[], purpose: string): string {
  const kinds = IMAGE_FORMATS.flatMap((format) => {
    const count = jobs.filter((job) => job.format === format).length
    return count === 0 ? [] : [`${count} ${format}`]
  })
  const all = `${counted(jobs.length, 'picture')} ${purpose}`
  return kinds.length === 0 ? all : `${all}: ${kinds.join(', ')}`
}

/** `845 KB`; empty where the size is not known. */
export function sizeInWords(bytes: number | null): string {
  if (bytes === null) return ''
  const kilobytes = bytes / 1000
  if (kilobytes < 1) return `${bytes} B`
  return kilobytes < 9999.5 ? `${Math.round(kilobytes)} KB` : `${Math.round(kilobytes / 1000)} MB`
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** `6d 23h`, `5m 10s`: the two largest units, rounded down. */
export function durationInWords(ms: number): string {
  const first = UNITS.findIndex(([, unitMs]) => ms >= unitMs)
  if (first < 0) return '0s'
  let rest = ms
  const parts = UNITS.slice(first, first + 2).map(([unit, unitMs]) => {
    const count = Math.floor(rest / unitMs)
    rest -= count * unitMs
    return count === 0 ? '' : `${count}${unit}`
  })
  return parts.filter((part) => part !== '').join(' ')
}
