/**
 * A stored prompt, in any of its forms, as one that can be painted.
 * @module
 */

import type { PromptPair, StoredPrompt, SwarmUIPrompt } from '../../schema/index.js'
import { textOf } from '../text-of.js'

/**
 * Why a stored prompt cannot be painted: there is none, its text is blank, or it is the note that StoryArt's generator
 * leaves behind when it fails (`[Beat ...: Generation failed]`).
 */
export type PromptFlaw = 'missing' | 'empty' | 'placeholder'

const PLACEHOLDER = /^\s*\[Beat .*: Generation failed\]\s*$/

/** The prompt to paint, or why there is none. A text becomes a prompt of nothing but that text. */
export function readPrompt(stored: StoredPrompt | PromptPair): SwarmUIPrompt | PromptFlaw {
  if (stored == null) return 'missing'
  const prompt = typeof stored === 'string' ? { prompt: stored } : 'prompt' in stored ? stored : fromPair(stored)
  const text = textOf(prompt.prompt)
  if (text === undefined) return 'empty'
  return isPlaceholder(text) ? 'placeholder' : prompt
}

/** The note begins with a bracket or a blank, which the first code tells sooner than the expression. */
function isPlaceholder(text: string): boolean {
  const code = text.charCodeAt(0)
  return (code === 91 || code <= 32 || code >= 127) && PLACEHOLDER.test(text)
}

function fromPair({ positive, negative }: PromptPair): SwarmUIPrompt {
  const text = textOf(negative)
  return { prompt: positive ?? '', ...(text && { negativeprompt: text }) }
}
