/** Validation, substitution and the queue: no server needed. */
import {
  decodeSession,
  diffSessions,
  imageQueue,
  parseEpisodeContext,
  type Session,
  substituteTriggers,
} from 'storyart-sdk'
import { atLeastFaster, atMost, type Comparison, sideBySide } from './measure.js'

/** Rounds until the figures of this file no longer fall. */
const WARM_UP = 200

export async function pureRows(session: Session, large: Session): Promise<Comparison[]> {
  return [
    await validationRow(session),
    await substitutionRow(session),
    ...(await queueRows(session, large)),
    await diffRow(large),
  ]
}

async function validationRow(session: Session): Promise<Comparison> {
  const text = JSON.stringify(session)
  // What the codec adds to JSON.parse is measured as the difference: fresh objects each time, as on a read.
  const whole = await sideBySide(
    80,
    () => decodeSession(text, 'bench'),
    () => JSON.parse(text),
    () => undefined,
  )
  const parse = await sideBySide(
    80,
    () => JSON.parse(text),
    () => JSON.parse(text),
    () => undefined,
  )
  return atMost(
    {
      promise: 'schema validation',
      ours: 'decodeSession less JSON.parse',
      theirs: 'JSON.parse of the same text',
      oursMs: Math.max(0, whole.oursMs - whole.theirsMs),
      theirsMs: (whole.theirsMs + parse.theirsMs) / 2,
    },
    0.4,
  )
}

function textsOf(session: Session): string[] {
  return imageQueue(session, { include: 'all' }).map((job) => job.prompt.prompt)
}

/** StoryArt's way: for each character each name, each with four patterns, one after another. */
function byOnePatternPerName(text: string, characters: { names: string[]; trigger: string }[]): string {
  let result = text
  for (const { names, trigger } of characters) {
    for (const name of names) {
      const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      const patterns = [
        `\\b${escaped}\\b`,
        `["']${escaped}["']`,
        `["']${escaped}\\b|\\b${escaped}["']`,
        `\\b${escaped}\\b`,
      ]
      for (const pattern of patterns) result = result.replace(new RegExp(pattern, 'gi'), () => trigger)
    }
  }
  return result
}

async function substitutionRow(session: Session): Promise<Comparison> {
  const context = parseEpisodeContext(session)
  const characters = (context.episode?.characters ?? []).map((character) => ({
    names: namesOf(character.character_name ?? '', character.aliases),
    trigger: character.base_trigger ?? '',
  }))
  const texts = textsOf(session)
  const times = await sideBySide(
    40,
    () => texts.map((text) => substituteTriggers(text, context)),
    () => texts.map((text) => byOnePatternPerName(text, characters)),
    () => undefined,
    WARM_UP,
  )
  const ours = `substituteTriggers, ${characters.length} characters, ${texts.length} prompts`
  return atLeastFaster(
    { promise: 'trigger substitution', ours, theirs: 'one regular expression per name and form', ...times },
    20,
  )
}

function namesOf(name: string, aliases: unknown): string[] {
  const whole = [name, ...(Array.isArray(aliases) ? aliases.filter((alias) => typeof alias === 'string') : [])]
  const words = whole.flatMap((one) => one.split(/\s+/)).filter((word) => word.length > 2)
  return [...new Set([...whole, ...words])].sort((a, b) => b.length - a.length)
}

async function queueRows(session: Session, large: Session): Promise<Comparison[]> {
  const times = await sideBySide(
    60,
    () => imageQueue(large),
    () => imageQueue(session),
    () => undefined,
    WARM_UP,
  )
  const beatsRatio = countBeats(large) / countBeats(session)
  const linear = atMost(
    {
      promise: 'image queue is linear',
      ours: `${countBeats(large)} beats`,
      theirs: `${countBeats(session)} beats, times ${beatsRatio.toFixed(1)}`,
      oursMs: times.oursMs,
      theirsMs: times.theirsMs * beatsRatio,
    },
    1.5,
  )
  const bound = atMost(
    {
      promise: 'image queue in 5 ms',
      ours: `${countBeats(large)} beats`,
      theirs: '5 ms',
      oursMs: times.oursMs,
      theirsMs: 5,
    },
    1,
  )
  return [linear, bound]
}

function countBeats(session: Session): number {
  return (session.analyzedEpisode?.scenes ?? []).reduce((sum, scene) => sum + (scene.beats?.length ?? 0), 0)
}

/** One prompt in ten is another one; by hand each beat is compared as the text it would be stored as. */
async function diffRow(large: Session): Promise<Comparison> {
  const newer: Session = JSON.parse(JSON.stringify(large))
  for (const [index, beat] of beatsOf(newer).entries()) if (index % 10 === 0) beat.core_action = 'something else'
  const times = await sideBySide(
    20,
    () => diffSessions(large, newer),
    () => {
      const before = new Map(beatsOf(large).map((beat) => [beat.beatId, JSON.stringify(beat)]))
      return beatsOf(newer).filter((beat) => before.get(beat.beatId) !== JSON.stringify(beat))
    },
    () => undefined,
  )
  const ours = `diffSessions, ${countBeats(large)} beats`
  return atMost({ promise: 'diff', ours, theirs: 'JSON of each beat compared', ...times }, 5)
}

function beatsOf(session: Session) {
  return (session.analyzedEpisode?.scenes ?? []).flatMap((scene) => scene.beats ?? [])
}
