/**
 * Saying what was changed in a session to bring it into StoryArt's shape.
 * @module
 */
import type { NormalizedPlace } from 'storyart-sdk'
import { counted } from './in-words.js'

/** One line a kind of change: an episode has hundreds of beats, and all are changed alike. */
export function changeWords(name: string, changes: readonly NormalizedPlace[]): string[] {
  const first = new Map<string, { path: string; count: number }>()
  for (const { path, message } of changes) {
    const known = first.get(message)
    if (known) known.count++
    else first.set(message, { path, count: 1 })
  }
  return [...first].map(([message, { path, count }]) => {
    const others = count > 1 ? ` and ${counted(count - 1, 'other place')}` : ''
    return `${name}: ${path || 'the document'}${others}: ${message}`
  })
}
