/**
 * HTML in which no text of a session can be anything but text.
 * @module
 */
import { visible } from '../print/visible.js'

/** HTML that is safe to put into HTML: made by {@link markup}, or a text of this program's own. */
export class Markup {
  readonly #html: string

  constructor(html: string) {
    this.#html = html
  }

  toString(): string {
    return this.#html
  }
}

/** What may stand in a template: texts and numbers are escaped, nothing is written for what is missing. */
export type Piece = Markup | readonly Piece[] | string | number | null | undefined | false

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Makes HTML of a template, escaping whatever is put in, also in attributes, which must stand in double quotes. */
export function markup(strings: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return new Markup(strings.reduce((html, text, at) => `${html}${textOf(pieces[at - 1])}${text}`))
}

function textOf(piece: Piece): string {
  if (piece === null || piece === undefined || piece === false) return ''
  if (piece instanceof Markup) return piece.toString()
  if (Array.isArray(piece)) return piece.map(textOf).join('')
  return visible(String(piece)).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
}
