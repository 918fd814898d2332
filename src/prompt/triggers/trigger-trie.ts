/**
 * Triggers that stand inside of words.
 * @module
 */

/** A trigger grown together with the letters around it. */
export interface GluedTrigger {
  /** The trigger. */
  trigger: string
  /** Where it starts, in UTF-16 code units. */
  start: number
}

interface Node {
  next: Map<number, Node>
  /** Where to go on when no next character fits: the longest end of this that starts a trigger. */
  fail: Node | undefined
  /** The longest trigger that ends here. */
  trigger: string
}

const LETTER = /[\p{L}\p{M}\p{N}_]/u

/**
 * Finds triggers, written exactly, that touch a letter or digit: what a replacement without regard to words leaves, as in
 * `sADA_V1tered` for `scattered`.
 *
 * Triggers that could be part of an ordinary word, all small letters or fewer than four characters, are passed over. The
 * automaton of Aho and Corasick: linear in the text, however many triggers there are.
 */
export function gluedTriggerFinder(triggers: readonly string[]): (text: string) => GluedTrigger[] {
  const root: Node = { next: new Map(), fail: undefined, trigger: '' }
  for (const trigger of triggers) {
    if (trigger.length < 4 || /^\p{Ll}*$/u.test(trigger)) continue
    let node = root
    for (let at = 0; at < trigger.length; at++) {
      const code = trigger.charCodeAt(at)
      const next: Node = node.next.get(code) ?? { next: new Map(), fail: root, trigger: '' }
      node.next.set(code, next)
      node = next
    }
    node.trigger = trigger
  }
  const queue = [...root.next.values()]
  for (const node of queue) {
    for (const [code, next] of node.next) {
      let fail = node.fail
      while (fail && !fail.next.has(code)) fail = fail.fail
      next.fail = fail?.next.get(code) ?? root
      next.trigger ||= next.fail.trigger
      queue.push(next)
    }
  }
  // Nearly all of a prompt starts no trigger. Codes that share a place are looked up, and found to be none.
  const starts = new Uint8Array(256)
  for (const code of root.next.keys()) starts[code & 255] = 1
  return (text) => {
    const glued: GluedTrigger[] = []
    let node = root
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (node === root && !starts[code & 255]) continue
      let next = node.next.get(code)
      while (!next && node.fail) {
        node = node.fail
        next = node.next.get(code)
      }
      node = next ?? root
      const { trigger } = node
      if (!trigger) continue
      const start = at + 1 - trigger.length
      if (touches(trigger.charAt(0), text.slice(Math.max(0, start - 2), start), 'last')) glued.push({ trigger, start })
      else if (touches(trigger.slice(-1), text.slice(at + 1, at + 3), 'first')) glued.push({ trigger, start })
    }
    return glued
  }
}

/** Whether the end of a trigger and its neighbour in the text are both letters. */
function touches(end: string, neighbours: string, side: 'first' | 'last'): boolean {
  const neighbour = [...neighbours].at(side === 'first' ? 0 : -1)
  return neighbour !== undefined && LETTER.test(neighbour) && LETTER.test(end)
}
