/**
 * The lines of a script at which scenes begin.
 * @module
 */

import { linesOf, withoutEnd } from './lines.js'

/** A line at which a scene begins. */
export interface SceneMarker {
  /** The number of the scene. */
  sceneNumber: number
  /** Its title; empty if the line has none. */
  title: string
  /** The number of the episode, if the line says it. */
  episodeNumber: number | null
  /** Where the line starts, in UTF-16 code units. */
  start: number
  /** Where the next line starts. */
  end: number
}

// Numbers are short, so that they stay exact. Behind the number a title must be set apart.
const FRAMED = /^SCENE\s+(\d{1,9})(?![\p{L}\d])\s*(?:$|[:.\-\u2013\u2014]\s*(.*))/iu
const HEADING =
  /^#{1,6}\s+(?:Episode\s+(\d{1,9})[\s,:\-\u2013\u2014]+)?Scene\s+(\d{1,9})(?![\p{L}\d])\s*(?:$|[:.\-\u2013\u2014]\s*(.*))/iu
const PLAIN = /^(?:SCENE|Scene)\s+(\d{1,9})(?![\p{L}\d])\s*(?:$|[:.\-\u2013\u2014]\s*(.*))/u

/** Finds the markers of the strongest kind the script has. */
export function sceneMarkers(script: string): SceneMarker[] {
  const kinds: [framed: SceneMarker[], headings: SceneMarker[], plain: SceneMarker[]] = [[], [], []]
  for (const { text, start, end } of linesOf(script)) {
    const line = text.trim()
    const found = (kind: 0 | 1 | 2, number = '', title = '', episode?: string) =>
      kinds[kind].push({
        sceneNumber: Number(number),
        title: title.trim(),
        episodeNumber: episode === undefined ? null : Number(episode),
        start,
        end,
      })
    if (line.startsWith('===')) {
      const framed = FRAMED.exec(withoutEnd(line.replace(/^=+\s*/, ''), '='))
      if (framed) found(0, framed[1], framed[2])
    } else if (line.startsWith('#')) {
      const heading = HEADING.exec(line)
      if (heading) found(1, heading[2], withoutEnd(heading[3] ?? '', '#'), heading[1])
    } else {
      const plain = PLAIN.exec(line)
      if (plain) found(2, plain[1], plain[2])
    }
  }
  return kinds.find((markers) => markers.length > 0) ?? []
}
