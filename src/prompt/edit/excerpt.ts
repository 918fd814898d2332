/**
 * A piece of a text with what stands around it.
 * @module
 */

/** Cuts a piece out with some characters before and behind it, `…` where more is left out. Pairs of surrogates stay whole. */
export function excerpt(text: string, start: number, end: number, around: number): string {
  const from = whole(text, Math.max(0, start - around))
  const to = whole(text, Math.min(text.length, end + around))
  return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`
}

/** The offset, or the one before if it would cut a pair of surrogates. */
function whole(text: string, at: number): number {
  return /^[\udc00-\udfff]/.test(text.charAt(at)) && /^[\ud800-\udbff]/.test(text.charAt(at - 1)) ? at - 1 : at
}
