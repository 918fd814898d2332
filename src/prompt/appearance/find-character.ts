/**
 * Who is meant by a name, and which entries of a scene are theirs.
 * @module
 */

import { type CastSnapshot, hasNamesOf, isSame, snapshotOf } from '../cast-snapshot.js'
import { fold } from '../fold.js'
import { isRecord } from '../is-record.js'
import type { AppearanceQuery, AppearanceSource, Sourced } from './appearance-query.js'

/** Where a scene lists who is in it, in the order of precedence. */
export const LISTS = ['characters', 'character_appearances'] as const

/** An object of the context, and what a value read from it says of its origin. */
export interface Layer extends Omit<Sourced<unknown>, 'value'> {
  row: Record<string, unknown>
}

/** The objects of a list under a key (or the one that stands in its place); anything else is passed over. */
export function layersOf(
  { row, path }: Pick<Layer, 'row' | 'path'>,
  key: string,
  source: AppearanceSource,
  confidence: Layer['confidence'] = 'exact',
): Layer[] {
  const stored = row[key]
  const at = path && `${path}.`
  return [stored]
    .flat()
    .flatMap((one, index) =>
      isRecord(one)
        ? [{ row: one, path: `${at}${key}${Array.isArray(stored) ? `[${index}]` : ''}`, source, confidence }]
        : [],
    )
}

/** Layers by what they are called; blank names lead nowhere. */
export function indexOf(
  layers: readonly Layer[],
  namesOf: (layer: Layer) => unknown[],
  folded: (name: unknown) => string = fold,
): Map<string, Layer[]> {
  const index = new Map<string, Layer[]>()
  for (const layer of layers) {
    for (const key of namesOf(layer).map(folded)) {
      const same = key ? index.get(key) : []
      if (!same) index.set(key, [layer])
      else if (key && same.at(-1) !== layer) same.push(layer)
    }
  }
  return index
}

/** Joins the name asked for, the episode's characters and the entries of the scene. */
export function findCharacter(context: object, { sceneNumber, character }: AppearanceQuery) {
  const root: Layer = { row: { ...context }, path: '', source: 'default', confidence: 'exact' }
  const episode = layersOf(root, 'episode', 'default')[0] ?? root
  const bearersOf = directoryOf(episode)
  const asked = bearersOf(character)
  const scenes = layersOf(episode, 'scenes', 'default').filter(
    ({ row }) => `${row.scene_number}`.trim() === `${sceneNumber}`.trim(),
  )
  // An entry is of the character it names; if that one is not listed, of whom it says itself.
  const claims = scenes.flatMap((scene) =>
    LISTS.flatMap((list) => layersOf(scene, list, `scene.${list}`)).flatMap((entry) => {
      const [owner] = [...bearersOf(nameOf(entry)), ...bearersOf(entry.row.base_trigger)]
      const fits = owner ? asked.includes(owner) : directory([entry])(character).length
      return fits ? [{ scene, entry, owner }] : []
    }),
  )
  const person = claims.find(({ owner }) => owner)?.owner ?? asked[0]
  const mine = claims.filter(({ owner }) => !owner || owner === person)
  const scene = mine[0]?.scene ?? scenes[0]
  return {
    person,
    scene,
    entries: mine.filter((claim) => claim.scene === scene).map(({ entry }) => entry),
    sure: asked.length < 2 || new Set(claims.map(({ owner }) => owner)).size === 1,
  }
}

/** Finds who bears a name. */
type Directory = (name: unknown) => readonly Layer[]

/** What was made of a list of characters, and what it was made of. */
interface Known {
  /** Where the list stands. */
  path: string
  rows: readonly unknown[]
  cast: CastSnapshot
  bearersOf: Directory
}

const DIRECTORIES = /* @__PURE__ */ new WeakMap<object, Known>()

/**
 * The directory of an episode's characters, made once as long as the list says the same: a look at the names that are
 * there takes a hundredth of the time, and many ask for one character after another.
 */
function directoryOf(episode: Layer): Directory {
  const { path } = episode
  const { characters } = episode.row
  const rows: readonly unknown[] = Array.isArray(characters) ? characters : []
  const known = DIRECTORIES.get(rows)
  if (known?.path === path && isSame(rows, known.rows) && hasNamesOf(rows, known.cast)) return known.bearersOf
  const bearersOf = directory(layersOf(episode, 'characters', 'character'))
  if (rows === characters) DIRECTORIES.set(rows, { path, rows: [...rows], cast: snapshotOf(rows), bearersOf })
  return bearersOf
}

/** Who is called so, else who has it as alias or trigger. */
function directory(people: readonly Layer[]): Directory {
  const called = indexOf(people, (person) => [nameOf(person)])
  const listed = indexOf(people, ({ row }) => [row.base_trigger, row.aliases].flat())
  return (name) => called.get(fold(name)) ?? listed.get(fold(name)) ?? []
}

/** A name in whichever dialect. */
export function nameOf({ row }: Layer): unknown {
  return row.character_name ?? row.name
}
