/**
 * What a storyboard shows of a session.
 * @module
 */
import {
  type BeatAnalysis,
  type BeatInScene,
  beats,
  checkSession,
  type Finding,
  type ImageFormat,
  type ImageJob,
  imageDecision,
  imageQueue,
  promptStatus,
  type Session,
} from 'storyart-sdk'
import type { SavedImage } from 'storyart-sdk/swarmui'

/** A beat as it is shown. */
export interface BoardBeat {
  beatId: string
  title: string
  script: string
  action: string
  /** Why there is or is no picture of its own, in a word or two. */
  decision: string
  /** The beat whose picture is shown again; `null` if none is. */
  reuses: string | null
  /** Whether it wants a picture and has no usable prompt. */
  isMissing: boolean
  prompts: { format: ImageFormat; text: string; seed: number | null }[]
  pictures: (SavedImage & { format: ImageFormat })[]
  findings: Finding[]
}

/** A scene as it is shown. */
export interface BoardScene {
  title: string
  number: number | null
  beats: BoardBeat[]
}

/** A whole storyboard. */
export interface Board {
  title: string
  episodeNumber: number | null
  scenes: BoardScene[]
  totals: { beats: number; wanted: number; prompts: number; pictures: number; missing: number }
  /** What the check found that belongs to no beat. */
  findings: Finding[]
}

/**
 * Makes the storyboard of a session.
 *
 * @param session - The session.
 * @param jobs - Its queue, whose keys `pictures` is by.
 * @param pictures - What is painted.
 */
export function boardOf(
  session: Session,
  jobs: readonly ImageJob[],
  pictures: ReadonlyMap<string, readonly SavedImage[]>,
): Board {
  const places = [...beats(session)]
  const painted = jobsByBeat(places, jobs)
  const prompts = jobsByBeat(places, imageQueue(session, { include: 'all' }))
  const { wantedBeats, missing, totalPrompts } = promptStatus(session)
  const lacking = new Set(missing.map(({ sceneNumber, beatId, beatIndex }) => `${sceneNumber}/${beatIndex}/${beatId}`))
  const { ofBeats, others } = findingsByBeat(checkSession(session))

  const scenes: BoardScene[] = []
  let shown = 0
  let last: BeatInScene['scene'] | undefined
  for (const place of places) {
    const { beat, beatId, beatIndex, scene, sceneIndex, sceneNumber, sceneTitle } = place
    if (scene !== last) scenes.push({ title: sceneTitle, number: sceneNumber, beats: [] })
    last = scene
    const images = (painted.get(beat) ?? []).flatMap(({ key, format }) =>
      (pictures.get(key) ?? []).map((image) => ({ ...image, format })),
    )
    shown += images.length
    scenes.at(-1)?.beats.push({
      beatId,
      title: beat.beat_title ?? '',
      script: beat.beat_script_text ?? '',
      action: beat.core_action ?? '',
      ...decisionOf(beat),
      isMissing: lacking.has(`${sceneNumber}/${beatIndex}/${beatId}`),
      prompts: (prompts.get(beat) ?? []).map(({ format, prompt }) => ({
        format,
        text: prompt.prompt,
        seed: prompt.seed ?? null,
      })),
      pictures: images,
      findings: ofBeats.get(`${sceneIndex}/${beatIndex}`) ?? [],
    })
  }
  const episode = session.analyzedEpisode
  return {
    title: episode?.title ?? episode?.episodeTitle ?? '',
    episodeNumber: episode?.episodeNumber ?? null,
    scenes,
    totals: {
      beats: places.length,
      wanted: wantedBeats,
      prompts: totalPrompts,
      pictures: shown,
      missing: missing.length,
    },
    findings: others,
  }
}

/** The jobs of each beat. Both lists are in the order of the document, so ids and numbers that repeat do no harm. */
function jobsByBeat(places: readonly BeatInScene[], jobs: readonly ImageJob[]): Map<BeatAnalysis, ImageJob[]> {
  const found = new Map<BeatAnalysis, ImageJob[]>()
  let at = 0
  for (const { beat, beatId, beatIndex, sceneNumber } of places) {
    for (let job = jobs[at]; job; job = jobs[at]) {
      if (job.beatId !== beatId || job.beatIndex !== beatIndex || job.sceneNumber !== sceneNumber) break
      found.set(beat, [...(found.get(beat) ?? []), job])
      at++
    }
  }
  return found
}

function decisionOf(beat: BeatAnalysis): Pick<BoardBeat, 'decision' | 'reuses'> {
  const stored = beat.imageDecision
  const source = typeof stored === 'object' && stored !== null ? stored.reuseSourceBeatId : null
  switch (imageDecision(beat)) {
    case 'REUSE_IMAGE':
      return { decision: 'shown again', reuses: source ?? null }
    case 'NO_IMAGE':
      return { decision: 'no picture', reuses: null }
    case 'NEW_IMAGE':
      return { decision: 'new picture', reuses: null }
    default:
      return { decision: 'not decided', reuses: null }
  }
}

function findingsByBeat(findings: readonly Finding[]): { ofBeats: Map<string, Finding[]>; others: Finding[] } {
  const ofBeats = new Map<string, Finding[]>()
  const others: Finding[] = []
  for (const finding of findings) {
    const [, scene, beat] = /^analyzedEpisode\.scenes\[(\d+)\]\.beats\[(\d+)\]/.exec(finding.path) ?? []
    if (beat === undefined) others.push(finding)
    else ofBeats.set(`${scene}/${beat}`, [...(ofBeats.get(`${scene}/${beat}`) ?? []), finding])
  }
  return { ofBeats, others }
}
