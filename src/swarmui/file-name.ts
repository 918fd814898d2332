/**
 * The names of pictures: for people, for every operating system, and in the order of the story.
 * @module
 */

import type { ImageJob } from '../prompt/queue/queue.js'

/** Digits a number of a beat is filled up to, so that b10 comes after b2. */
const DIGITS = 3

/**
 * The name of a take without its ending: `s01-b003-cinematic-1` for the first of beat `s1-b3` in scene 1.
 *
 * Lower case, only letters, digits, `-` and `_`. Sorted by name they are in the order of the story, up to 999 beats a
 * scene. Two jobs may get the same: the second then has `.v2`.
 *
 * @internal
 */
export function stemOf({ sceneNumber, beatId, format, images }: ImageJob, take: number): string {
  const scene = String(sceneNumber ?? 0)
  // Nearly all ids begin with the scene they are in.
  const beat = beatId.toLowerCase().startsWith(`s${scene}-`) ? beatId.slice(scene.length + 2) : beatId
  const padded = beat.replace(/\d+/g, (digits) => digits.padStart(DIGITS, '0'))
  const place = `s${scene.padStart(2, '0')}-${padded}`.slice(0, 80)
  const number = String(take).padStart(String(images).length, '0')
  return `${place}-${format}-${number}`.toLowerCase().replace(/[^a-z0-9_-]+/g, '_')
}

/** The same with its ending, and with a number where the name is taken. @internal */
export function fileName(stem: string, version: number, type: 'png' | 'jpeg' | 'webp'): string {
  return `${stem}${version === 1 ? '' : `.v${version}`}.${type === 'jpeg' ? 'jpg' : type}`
}
