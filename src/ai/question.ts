/**
 * What the model is told.
 * @module
 */

import { said } from '../prompt/compose/prose.js'
import type { PromptRequest, PromptRequestItem } from '../prompt/index.js'
import { isRecord } from '../prompt/is-record.js'
import { splitSections } from '../prompt/syntax/sections.js'

const SYSTEM = `You write prompts for an image model, one for each beat of a film script.
For each beat you get a draft that is true to the script. Rewrite it so that it reads as one picture: keep who, what, where and the shot; drop what cannot be seen; repeat nothing.
Rules:
- Answer for every id, once, with the id exactly as given.
- Start with shot and camera. Write phrases separated by commas, in English, on one line, at most 120 words.
- Call a character by their trigger exactly as given, each once; never by name. Do not describe their body, hair or clothes: these are put in for you.
- Show nobody else.
- No tags in angle brackets, no square or curly brackets, no quality words, no explanations.`

/** An item and what it is called towards the model. */
export interface NamedItem {
  id: string
  item: PromptRequestItem
}

/** Gives each item a name that a model can copy and that no other has. */
export function named(items: readonly PromptRequestItem[]): NamedItem[] {
  const counts = new Map<string, number>()
  const nameOf = ({ place, format }: PromptRequestItem) => `${place.beatId.trim()}/${format}`
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1)
  return items.map((item) => {
    const name = nameOf(item)
    return { id: counts.get(name) === 1 ? name : `${name}#${item.key}`, item }
  })
}

/** The instructions, with the caller's own behind them. */
export function systemText(instructions: string | undefined): string {
  return instructions ? `${SYSTEM}\n${instructions}` : SYSTEM
}

/** The beats to write, with the scenes they are in: what the model needs and no more. */
export function questionText(context: PromptRequest['context'], items: readonly NamedItem[]): string {
  const numbers = new Set(items.map(({ item }) => item.place.sceneNumber))
  const scenes = [...numbers].flatMap((number) => sceneOf(context, number))
  const beats = items.map(({ id, item: { place, format, composed, characters } }) => {
    const { beat } = place
    return {
      id,
      scene: place.sceneNumber,
      picture: format === 'cinematic' ? 'wide, 16:9' : 'tall, 9:16',
      script: said(beat.beat_script_text) ?? said(beat.narrativeText) ?? said(beat.scriptText),
      characters: characters.map(({ character, trigger }) => ({ name: character, trigger: trigger || undefined })),
      draft: characters.reduce(
        (draft, { trigger, look }) => (trigger && look ? draft.replace(look, () => trigger) : draft),
        splitSections(composed.prompt).prose,
      ),
    }
  })
  return JSON.stringify({ scenes, beats })
}

function sceneOf(context: PromptRequest['context'], number: number | null) {
  const episode: unknown = context.episode ?? context
  const list = isRecord(episode) && Array.isArray(episode.scenes) ? episode.scenes.filter(isRecord) : []
  const row = list.find(({ scene_number }) => number !== null && `${scene_number}`.trim() === `${number}`)
  if (!row) return []
  const place = isRecord(row.location) ? said(row.location.name) : undefined
  return [
    {
      scene: number,
      title: said(row.scene_title),
      summary: said(row.scene_summary),
      place,
      time: said(row.time_of_day),
    },
  ]
}
