/**
 * What earlier runs have left in a sink.
 * @module
 */

import type { ImageJob } from '../prompt/queue/queue.js'
import { Ledger } from './ledger.js'
import type { SavedImage } from './run.js'
import type { ImageSink } from './sink.js'

/**
 * Finds the pictures of jobs that are there already: those that `generateImages` would keep, and no others. Asks no
 * server and changes nothing, so it may be called while a run is painting.
 *
 * A picture counts if the manifest names it for the job's `key`, and the sink has a file of that name and size. Reads
 * the manifest once and asks the sink for the size of each picture, one after the other.
 *
 * @param jobs - The jobs, such as those of `imageQueue`.
 * @param sink - Where pictures went, with its manifest; without one nothing is found.
 * @returns For each job's `key` its pictures in the order of their takes; jobs without any are not in it.
 * @throws What the sink throws; `AdapterError` with `adapter: 'directory'` for `directorySink`.
 * @example
 * ```ts
 * import { imageQueue } from 'storyart-sdk/prompt'
 * import { memorySink, savedImages } from 'storyart-sdk/swarmui'
 *
 * const beats = [{ beatId: 's1-b1', prompts: { cinematic: 'a pier' } }]
 * const jobs = imageQueue({ analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] } })
 * console.log((await savedImages(jobs, memorySink())).size) // 0
 * ```
 */
export async function savedImages(jobs: Iterable<ImageJob>, sink: ImageSink): Promise<Map<string, SavedImage[]>> {
  const ledger = await Ledger.open(sink.manifest)
  const found = new Map<string, SavedImage[]>()
  for (const { key, images } of jobs) {
    const takes: SavedImage[] = []
    for (let take = 1; take <= images; take++) {
      const saved = await savedImage(ledger, sink, key, take)
      if (saved && saved !== 'changed') takes.push(saved)
    }
    if (takes.length > 0) found.set(key, takes)
  }
  return found
}

/** A take of an earlier run; `changed` if there is something else under its name. @internal */
export async function savedImage(
  ledger: Ledger,
  sink: ImageSink,
  job: string,
  take: number,
): Promise<SavedImage | 'changed' | null> {
  const line = ledger.saved({ job, take })
  if (!line) return null
  const { file, bytes, seed, width, height } = line
  const size = await sink.size(file)
  if (size === null) return null
  return size === bytes ? { take, file, origin: 'kept', seed, bytes, width, height } : 'changed'
}
