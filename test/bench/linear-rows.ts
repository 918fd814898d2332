/** What a session ten times as long costs: ten times as much, not a hundred times. */
import {
  beats,
  checkSession,
  composePrompt,
  diffSessions,
  editPrompts,
  fillPrompts,
  imageQueue,
  resolveAppearance,
  type Session,
  searchSession,
} from 'storyart-sdk'
import { fullEpisode } from '../fixtures/index.js'
import { atMost, type Comparison, sideBySide } from './measure.js'

const SMALL = 1_000
const LARGE = 10_000

interface Sized {
  session: Session
  /** The same without prompts. */
  bare: Session
  /** The same with one beat in ten told otherwise. */
  newer: Session
}

const WORKS: Record<string, (sized: Sized) => unknown> = {
  checkSession: ({ session }) => checkSession(session),
  imageQueue: ({ session }) => imageQueue(session),
  'imageQueue since': ({ session, newer }) => imageQueue(newer, { since: session }),
  diffSessions: ({ session, newer }) => diffSessions(session, newer),
  fillPrompts: ({ bare }) => fillPrompts(bare),
  'composePrompt, the last beat': ({ session }) =>
    composePrompt(session, [...beats(session)].at(-1)?.beat ?? { beatId: '' }),
  searchSession: ({ session }) => searchSession(session, 'light'),
  editPrompts: ({ session }) => editPrompts(session, { find: 'light', replace: 'shade' }),
}

export async function linearRows(): Promise<Comparison[]> {
  const [small, large] = [sized(SMALL), sized(LARGE)]
  const rows: Comparison[] = []
  for (const [name, work] of Object.entries(WORKS)) {
    const times = await sideBySide(
      4,
      () => work(large),
      () => work(small),
      () => undefined,
    )
    rows.push(
      atMost(
        {
          promise: `${name} is linear`,
          ours: `${LARGE} beats`,
          theirs: `${SMALL} beats, times ${LARGE / SMALL}`,
          oursMs: times.oursMs,
          theirsMs: (times.theirsMs * LARGE) / SMALL,
        },
        2,
      ),
    )
  }
  return [...rows, await castRow()]
}

/** A look at one of a cast that has been looked at before, beside the first look at an equal one. */
async function castRow(): Promise<Comparison> {
  const known = castOf(1_000)
  const lookAt = (context: ReturnType<typeof castOf>) =>
    resolveAppearance(context, { sceneNumber: 1, character: 'Anna-999 Keeper' })
  const times = await sideBySide(
    100,
    () => lookAt(known),
    lookAt,
    () => castOf(1_000),
  )
  return atMost({ promise: 'a second look at a cast', ours: '1000 characters', theirs: 'the first', ...times }, 0.1)
}

function castOf(count: number) {
  const characters = Array.from({ length: count }, (_, number) => ({
    character_name: `Anna-${number} Keeper`,
    base_trigger: `ANNA${number}`,
    aliases: Array.from({ length: 5 }, (_, alias) => `Anna-${number}-${alias}`),
  }))
  return { episode: { characters, scenes: [{ scene_number: 1 }] } }
}

function sized(count: number): Sized {
  const text = JSON.stringify(fullEpisode({ beats: count }))
  const [session, bare, newer]: [Session, Session, Session] = [JSON.parse(text), JSON.parse(text), JSON.parse(text)]
  for (const { beat } of beats(bare)) beat.prompts = {}
  for (const [index, { beat }] of [...beats(newer)].entries()) if (index % 10 === 0) beat.core_action = 'something else'
  return { session, bare, newer }
}
