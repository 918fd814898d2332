/**
 * Where things live in Redis: the keys of the guide, and the two kinds this library adds.
 * @module
 */

/** The keys below one prefix. @internal */
export interface RedisKeys {
  /** The sorted set of all sessions: score = id, member = document key. */
  readonly index: string
  /** The key of a document. */
  document(id: number): string
  /** The key of a summary. Not matched by `storyart:session:*`, which tools search for sessions. */
  summary(id: number): string
  /** The stream in which the latest changes made by this library are told. Not matched by `storyart:session:*` either. */
  readonly changes: string
  /** The id of an index member; `null` if the member is no document key of ours. */
  idOf(member: string): number | null
}

const DOCUMENT = 'storyart:session:'
const INDEX = 'storyart:sessions:index'
const SUMMARY = 'storyart:summary:'
const CHANGES = 'storyart:changes'

/** @internal */
export function redisKeys(prefix: string): RedisKeys {
  const document = `${prefix}${DOCUMENT}`
  return {
    index: `${prefix}${INDEX}`,
    changes: `${prefix}${CHANGES}`,
    document: (id) => `${document}${id}`,
    summary: (id) => `${prefix}${SUMMARY}${id}`,
    idOf(member) {
      if (!member.startsWith(document)) return null
      const suffix = member.slice(document.length)
      const id = Number(suffix)
      // `007` and `1e3` are other keys than `7` and `1000`, although they are the same numbers.
      return Number.isSafeInteger(id) && id > 0 && String(id) === suffix ? id : null
    },
  }
}
