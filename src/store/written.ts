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
}

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

  /** The primary is asked to store this text. */
  tried(id: number, raw: string): void {
    this.#add({ id, raw, tried: true })
  }

  /**
   * A fallback tier has taken this text. If it is `alone`, in that no tier holds another one, what only such tiers were
   * given before is nowhere any more.
   */
  held(id: number, raw: string, alone: boolean): void {
    const tried = this.#texts.some((text) => text.id === id && text.raw === raw && text.tried)
    if (alone) this.#texts = this.#texts.filter((text) => text.id !== id || text.tried)
    this.#add({ id, raw, tried })
  }

  /** The primary is asked to store a text that waited: a known one is as old as it was, but may be there now. */
  carried(id: number, raw: string): void {
    this.#texts = this.#texts.map((text) => (text.id === id && text.raw === raw ? { ...text, tried: true } : text))
  }

  has(id: number, raw: string): boolean {
    return this.#placeOf(id, raw) >= 0
  }

  /** Which of two different texts this store wrote before the other; `null` if it does not know both. */
  older(id: number, one: string, other: string): string | null {
    const [a, b] = [this.#placeOf(id, one), this.#placeOf(id, other)]
    if (a < 0 || b < 0) return null
    return a < b ? one : other
  }

  forget(id: number): void {
    this.#texts = this.#texts.filter((text) => text.id !== id)
  }

  #add(added: WrittenText): void {
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

  #placeOf(id: number, raw: string): number {
    return this.#texts.findIndex((text) => text.id === id && text.raw === raw)
  }
}
