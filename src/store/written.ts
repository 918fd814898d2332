/**
 * What this store wrote last.
 * @module
 */

const MAX_TEXTS = 8
const MAX_CHARACTERS = 32 * 1024 * 1024

/**
 * Remembers the last texts this store wrote, or tried to write: at most 8, and at most 32 million characters beside the
 * last one.
 *
 * With it a text found in the primary can be told from somebody else's work: it is what this very store wrote before
 * the text that waits, and may be replaced. What has been forgotten counts as somebody else's.
 *
 * @internal
 */
export class WrittenTexts {
  #texts: { readonly id: number; readonly raw: string }[] = []

  /** The text is the newest of this id from now on. */
  add(id: number, raw: string): void {
    this.#texts = this.#texts.filter((text) => text.id !== id || text.raw !== raw)
    this.#texts.push({ id, raw })
    let characters = this.#texts.reduce((sum, text) => sum + text.raw.length, 0)
    while (this.#texts.length > MAX_TEXTS || (this.#texts.length > 1 && characters > MAX_CHARACTERS)) {
      characters -= this.#texts.shift()?.raw.length ?? 0
    }
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

  #placeOf(id: number, raw: string): number {
    return this.#texts.findIndex((text) => text.id === id && text.raw === raw)
  }
}
