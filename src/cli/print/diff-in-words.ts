/**
 * The differences of two sessions, told to people.
 * @module
 */
import type { BeatPosition, ContextChange, SceneChange, SessionDiff } from 'storyart-sdk/prompt'
import { counted, countedPictures } from './in-words.js'

/** The lines to show; texts of the sessions stand in them as they are. */
export function diffInWords({ same, fields, beats, scenes, context, jobs }: SessionDiff): string[] {
  if (same) return ['nothing has changed']
  const { added, removed, changed, moved } = beats
  const sections = [
    section(`${counted(added.length, 'beat')} added`, added.map(beatOf)),
    section(`${counted(removed.length, 'beat')} removed`, removed.map(beatOf)),
    section(
      `${counted(changed.length, 'beat')} changed`,
      changed.map((beat) => `${beatOf(beat)}: ${beat.fields.join(', ')}`),
    ),
    section(
      `${counted(moved.length, 'beat')} moved`,
      moved.map((beat) => `${beatOf(beat)}, position ${beat.beatIndex + 1}; was ${placeOf(beat.from)}`),
    ),
    section(`${counted(scenes.length, 'change')} of scenes`, scenes.map(sceneOf)),
    section(`${counted(context.length, 'change')} of the episode context`, context.map(contextOf)),
  ].filter((lines) => lines.length > 0)
  return [
    ...sections.flatMap((lines) => [...lines, '']),
    `fields of the session that differ: ${fields.join(', ')}`,
    countedPictures(jobs, 'to paint again'),
  ]
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading, ...lines.map((line) => `  ${line}`)]
}

function beatOf({ beatId, sceneNumber }: BeatPosition): string {
  return `${beatId} in ${sceneCalled(sceneNumber)}`
}

function placeOf({ sceneNumber, beatIndex }: BeatPosition): string {
  return `in ${sceneCalled(sceneNumber)}, position ${beatIndex + 1}`
}

function sceneOf({ sceneNumber, change, fields }: SceneChange): string {
  return `${sceneCalled(sceneNumber)} ${change}${fields.length > 0 ? `: ${fields.join(', ')}` : ''}`
}

function sceneCalled(sceneNumber: number | null): string {
  return sceneNumber === null ? 'a scene without number' : `scene ${sceneNumber}`
}

function contextOf({ aspect, change, path, character, sceneNumber }: ContextChange): string {
  const whose = [character, ...(sceneNumber === undefined ? [] : [sceneCalled(sceneNumber)])].filter(Boolean)
  return `${aspect} ${change}${whose.length > 0 ? ` (${whose.join(', ')})` : ''}: ${path}`
}
