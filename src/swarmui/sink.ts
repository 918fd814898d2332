/**
 * Where pictures go, and where it is written down what was done.
 * @module
 */

/** A list of lines that only grows. What is appended must survive a crash of the process, and of the machine if that can be. */
export interface Manifest {
  /**
   * Called once before a run that will append, so before it reads: the time to take away what a killed run left. Default:
   * nothing is done.
   */
  begin?(): Promise<void>
  /** All lines by now, as one text. Changes nothing: others may be painting. */
  read(): Promise<string>
  /** Appends one line, with its line feed; resolves when it is safe. Called one at a time. */
  append(line: string): Promise<void>
}

/** Where pictures go. */
export interface ImageSink {
  /**
   * Keeps a picture under a name: whole or not at all, and never over anything else.
   *
   * @param name - A plain name with its ending, such as `s01-b003-cinematic-1.png`.
   * @param bytes - The file.
   * @returns `taken` if there is something else under this name, and nothing was done. The same bytes are `saved`.
   */
  save(name: string, bytes: Uint8Array): Promise<'saved' | 'taken'>
  /** How many bytes there are under a name; `null` if nothing is. */
  size(name: string): Promise<number | null>
  /** Where to write down what was done. Default: nowhere, and then nothing can be resumed. */
  readonly manifest?: Manifest | undefined
}

/** A sink that keeps everything in memory, for browsers and tests. */
export interface MemorySink extends ImageSink {
  /** The pictures by name. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly manifest: Manifest
}

/**
 * Keeps pictures in memory. What runs in a page can offer them for download, or put them into a storage of its own.
 *
 * @returns The sink.
 * @example
 * ```ts
 * import { memorySink } from 'storyart-sdk/swarmui'
 *
 * const sink = memorySink()
 * console.log(await sink.save('s01-b001-cinematic-1.png', new Uint8Array([1]))) // saved
 * console.log(await sink.save('s01-b001-cinematic-1.png', new Uint8Array([2]))) // taken
 * ```
 */
export function memorySink(): MemorySink {
  const files = new Map<string, Uint8Array>()
  let lines = ''
  return {
    files,
    async save(name, bytes) {
      const old = files.get(name)
      if (!old) files.set(name, bytes)
      return !old || sameBytes(old, bytes) ? 'saved' : 'taken'
    },
    size: async (name) => files.get(name)?.length ?? null,
    manifest: {
      read: async () => lines,
      append: async (line) => {
        lines += line
      },
    },
  }
}

/** @internal */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}
