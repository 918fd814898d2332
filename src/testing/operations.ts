/**
 * Every call an adapter has, for the promises that hold for all of them.
 * @module
 */

import type { CallOptions, SessionAdapter } from '../adapters/adapter.js'

/** One call with fitting arguments. */
export interface Operation {
  /** The method's name. */
  readonly name: string
  /** Makes the call. */
  call(options?: CallOptions): Promise<unknown>
}

/** All calls but `close`, each aimed at one id; those the adapter lacks are left out. */
export function operations(adapter: SessionAdapter, id: number, raw: string): readonly Operation[] {
  return [
    { name: 'put', call: (options) => adapter.put(id, raw, { ...options, ttlMs: 1, summary: 'new' }) },
    { name: 'get', call: (options) => adapter.get(id, options) },
    { name: 'list', call: (options) => adapter.list({ limit: 1 }, options) },
    { name: 'delete', call: (options) => adapter.delete(id, options) },
    { name: 'touch', call: (options) => adapter.touch(id, 1, options) },
    { name: 'health', call: (options) => adapter.health(options) },
    ...(adapter.describe
      ? [{ name: 'describe', call: async (options?: CallOptions) => adapter.describe?.(id, raw, 'new', options) }]
      : []),
    ...(adapter.prune ? [{ name: 'prune', call: async (options?: CallOptions) => adapter.prune?.(options) }] : []),
  ]
}
