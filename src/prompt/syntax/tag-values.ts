/**
 * What stands in the tags whose values people change, and writing a changed value back into the tag.
 * @module
 */

import { areaOf, numberOf, withoutId } from './tag-kinds.js'

/** What a `<lora:...>` tag says. */
export interface LoraValues {
  /** The name as written. SwarmUI looks it up in lower case. */
  name: string
  /** The weight; `null` when none is written, which means 1, or when it is no number. */
  weight: number | null
  /** The weight for the text encoder; `null` when none is written, which means the same as `weight`. */
  textEncoderWeight: number | null
}

/** What a `<segment:...>` or `<clear:...>` tag says. */
export interface SegmentValues {
  /** What is looked for in the picture: words, a model such as `yolo-face.pt-1`, or several of them with `|` between. */
  match: string
  /** How far the part may change, from 0 to 1; `null` when none is written, which means 0.6. */
  creativity: number | null
  /** How sure the match must be; `null` when none is written, which means 0.5, and 0.25 for a model. A single number is this one. */
  threshold: number | null
}

/** A detection model in a segment's `match`. */
export interface YoloMatch {
  /** The model's file, such as `face_yolov9c.pt`. */
  model: string
  /** Which of the matches, counted as the model's node counts them; `null` for all. */
  index: number | null
  /** The classes to look for; empty for all. */
  classes: string[]
}

/** What a `<region:...>` or `<object:...>` tag says. Sizes are fractions of the picture, from 0 to 1. */
export interface AreaValues {
  /** Left edge. */
  x: number
  /** Top edge. */
  y: number
  /** Width. */
  width: number
  /** Height. */
  height: number
  /** The first number behind the size; `null` when none is written, which means 1. */
  strength: number | null
  /** The second: of an object its creativity. `null` when none is written, which means 1. */
  strength2: number | null
}

const YOLO = /^yolo-([^|:]+?)(?:-(\d+))?(?::([^:|]*):)?$/

/** Reads a `<lora:...>` tag. */
export function readLora(raw: string): LoraValues {
  const [name = '', weight = '', textEncoderWeight = ''] = piecesOf(raw, ':')
  return { name: name.trim(), weight: numberOf(weight), textEncoderWeight: numberOf(textEncoderWeight) }
}

/** Whether a `<lora:...>` tag has a weight that is no number: SwarmUI then gives neither a picture nor an error. */
export function hasBrokenWeight(raw: string): boolean {
  const weights = piecesOf(raw, ':').slice(1, 3)
  return weights.some((weight) => numberOf(weight) === null && !weight.includes('<'))
}

/** The tag with those values; unchanged, to the letter, when it has them already. */
export function writeLora(raw: string, { name, weight, textEncoderWeight }: LoraValues): string {
  const was = readLora(raw)
  const pieces = piecesOf(raw, ':')
  if (name !== was.name) pieces[0] = name
  if (weight !== was.weight || textEncoderWeight !== was.textEncoderWeight) {
    put(pieces, 1, [weight, textEncoderWeight], [was.weight, was.textEncoderWeight])
  }
  return withPieces(raw, ':', pieces)
}

/** Reads a `<segment:...>` or `<clear:...>` tag: the last number is the threshold, the last but one the creativity. */
export function readSegment(raw: string): SegmentValues {
  const pieces = piecesOf(raw, ',')
  const numbers = trailing(pieces)
  return {
    match: pieces
      .slice(0, pieces.length - numbers.length)
      .join(',')
      .trim(),
    creativity: numbers.length > 1 ? (numbers[0] ?? null) : null,
    threshold: numbers.at(-1) ?? null,
  }
}

/** The tag with those values; unchanged, to the letter, when it has them already. */
export function writeSegment(raw: string, { match, creativity, threshold }: SegmentValues): string {
  const was = readSegment(raw)
  const pieces = piecesOf(raw, ',')
  const count = trailing(pieces).length
  const numbers = pieces.splice(pieces.length - count, count)
  // A creativity alone cannot be written: a single number is the threshold.
  const whole = creativity === null ? threshold : (threshold ?? (match.startsWith('yolo-') ? 0.25 : 0.5))
  const same = (at: number, value: number | null, before: number | null) =>
    value === null ? [] : [value === before ? (numbers.at(at) ?? `${value}`) : `${value}`]
  const head = match === was.match ? pieces : [match]
  return withPieces(raw, ',', [...head, ...same(-2, creativity, was.creativity), ...same(-1, whole, was.threshold)])
}

/** Reads the model of a segment, if one alone is meant. */
export function readYolo(match: string): YoloMatch | null {
  const found = YOLO.exec(match)
  if (!found) return null
  const [, model = '', index, classes] = found
  const listed = (classes ?? '').split(',').map((name) => name.trim())
  return { model, index: index === undefined ? null : Number(index), classes: listed.filter(Boolean) }
}

/** Reads a `<region:...>` or `<object:...>` tag that SwarmUI can read. */
export function readArea(raw: string): AreaValues {
  const [x, y, width, height, strength, strength2] = areaOf(withoutId(raw)) ?? []
  return {
    x: x ?? 0,
    y: y ?? 0,
    width: width ?? 0,
    height: height ?? 0,
    strength: strength ?? null,
    strength2: strength2 ?? null,
  }
}

/** The tag with those values; unchanged, to the letter, when it has them already. */
export function writeArea(raw: string, { x, y, width, height, strength, strength2 }: AreaValues): string {
  const was = readArea(raw)
  const pieces = piecesOf(raw, ',')
  const before = [was.x, was.y, was.width, was.height, was.strength, was.strength2]
  put(pieces, 0, [x, y, width, height, strength, strength2], before)
  return withPieces(raw, ',', pieces)
}

/** Puts numbers in the place of pieces; those that stay the same keep their writing, a gap is filled with 1. */
function put(
  pieces: string[],
  from: number,
  values: readonly (number | null)[],
  was: readonly (number | null)[],
): void {
  const written = values.map((value, at) => (value === was[at] ? (pieces[from + at] ?? null) : value))
  while (written.at(-1) === null) written.pop()
  pieces.splice(from, values.length, ...written.map((value) => `${value ?? 1}`))
}

/** The numbers at the end of a segment, at most two; what stands before them is never empty. */
function trailing(pieces: readonly string[]): number[] {
  const numbers: number[] = []
  for (let at = pieces.length - 1; at > 0 && numbers.length < 2; at--) {
    const number = numberOf(pieces[at] ?? '')
    if (number === null) break
    numbers.unshift(number)
  }
  return numbers
}

/** What stands behind the first colon of a tag, cut at a separator that is not in a nested tag. */
function piecesOf(raw: string, separator: string): string[] {
  const tag = withoutId(raw)
  const data = tag.slice(dataStart(tag), -1)
  const pieces: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < data.length; at++) {
    const char = data[at]
    if (char === '<') depth++
    else if (char === '>') depth--
    else if (char === separator && depth <= 0) {
      pieces.push(data.slice(from, at))
      from = at + 1
    }
  }
  return [...pieces, data.slice(from)]
}

function withPieces(raw: string, separator: string, pieces: readonly string[]): string {
  const tag = withoutId(raw)
  const start = dataStart(tag)
  if (start > tag.length - 1 && pieces.join('') === '') return raw
  const colon = tag.charAt(start - 1) === ':' ? '' : ':'
  return tag.slice(0, start) + colon + pieces.join(separator) + raw.slice(tag.length - 1)
}

/** Where the data of a tag starts: behind its first colon, or before its last bracket. */
function dataStart(tag: string): number {
  const colon = tag.indexOf(':')
  return colon < 0 ? tag.length - 1 : colon + 1
}
