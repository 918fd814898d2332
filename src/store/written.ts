/**
 * What this store wrote last.
 * @module
 */

const MAX_TEXTS = 16
const MAX_TEXTS_OF_ONE = 6
const MAX_CHARACTERS = 16 * 1024 * 1024

interface WrittenText {
  readonly id: number
  readonly raw: string
  /** Whether the primary was asked to store it, and so may hold it, whatever it answered. */
  readonly tried: boolean
  /** Rises with every text. */
  readonly number: number
  /** The number of the first text it may replace. */
  readonly replaces: number
}

/** What a text was to replace: a certain one, and with it what that was to replace; nothing; whatever is there. @internal */
export type Over = { text: string } | 'nothing' | 'anything'

/**
 * Remembers the last texts this store wrote or tried to write, in their order: at most 16, of one session at most 6, and
 * at most 16 million characters beside the last one.
 *
 * With it a text found in the primary can be told from somebody else's work: it is what this very store wrote before
 * the text that waits, and may be replaced. What has been forgotten counts as somebody else's.
 *
 * @internal
 */
export class WrittenTexts {
  #texts: WrittenText[] = []
  #number = 0

  /** The primary is asked to store this text, over whatever is there or where nothing is. */
  tried(id: number, raw: string, over: 'nothing' | 'anything'): void {
    this.#add({ id, raw, tried: true, replaces: this.#firstOf(id, over) })
  }

  /**
   * A fallback tier has taken this text. If it is `alone`, in that no tier holds another one, what only such tiers were
   * given before is nowhere any more.
   */
  held(id: number, raw: string, alone: boolean, over: Over): void {
    const replaces = this.#firstOf(id, over)
    const tried = this.#texts.some((text) => text.id === id && text.raw === raw && text.tried)
    if (alone) this.#texts = this.#texts.filter((text) => text.id !== id || text.tried)
    this.#add({ id, raw, tried, replaces })
  }

  /** The primary is asked to store a text that waited: a known one is as old as it was, but may be there now. */
  carried(id: number, raw: string): void {
    this.#texts = this.#texts.map((text) => (text.id === id && text.raw === raw ? { ...text, tried: true } : text))
  }

  has(id: number, raw: string): boolean {
    return this.#find(id, raw) !== undefined
  }

  /** Which of two different texts the other one was to replace; `null` if that is not known, or was not to be. */
  older(id: number, one: string, other: string): string | null {
    const [a, b] = [this.#find(id, one), this.#find(id, other)]
    if (!a || !b) return null
    const [first, last] = a.number < b.number ? [a, b] : [b, a]
    return first.number < last.replaces ? null : first.raw
  }

  forget(id: number): void {
    this.#texts = this.#texts.filter((text) => text.id !== id)
  }

  #add(text: Omit<WrittenText, 'number'>): void {
    const added = { ...text, number: ++this.#number }
    const { id, raw } = added
    const others = this.#texts.filter((text) => text.id !== id || text.raw !== raw)
    const ofThis = others.filter((text) => text.id === id)
    const oldest = ofThis.length < MAX_TEXTS_OF_ONE ? undefined : ofThis[0]
    this.#texts = [...others.filter((text) => text !== oldest), added]
    let characters = this.#texts.reduce((sum, text) => sum + text.raw.length, 0)
    while (this.#texts.length > MAX_TEXTS || (this.#texts.length > 1 && characters > MAX_CHARACTERS)) {
      characters -= this.#texts.shift()?.raw.length ?? 0
    }
  }

  /** The number of the first text that may be replaced. */
  #firstOf(id: number, over: Over): number {
    if (over === 'anything') return 0
    return over === 'nothing' ? this.#number + 1 : (this.#find(id, over.text)?.replaces ?? 0)
  }

  #find(id: number, raw: string): WrittenText | undefined {
    return this.#texts.find((text) => text.id === id && text.raw === raw)
  }
}
