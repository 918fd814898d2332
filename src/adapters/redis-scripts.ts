/**
 * Lua, where a comparison and a write must be one step. Every script touches exactly one key, so all run on a Cluster.
 * @module
 */

import { createHash } from 'node:crypto'
import type { RedisLink } from './redis-client.js'

/** A script and the name under which servers remember it. @internal */
export interface RedisScript {
  readonly source: string
  readonly sha: string
}

/** One run of a script. @internal */
export interface ScriptCall {
  readonly key: string
  readonly args: readonly (string | Buffer)[]
}

function defineScript(source: string): RedisScript {
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}

/**
 * Key: a document. Args: new text, life in ms or `keep` or `none`, and optionally the revision that must be there.
 * Returns `changed`, `missing`, or `stored` and the life in ms (-1: no end).
 *
 * @internal
 */
export const WRITE = defineScript(`
if #ARGV == 3 then
  local raw = redis.call('GET', KEYS[1])
  if not raw then return {'missing', 0} end
  if redis.sha1hex(raw) ~= ARGV[3] then return {'changed', 0} end
end
local life = ARGV[2]
if life == 'none' then life = '-1' end
if life == 'keep' then
  local left = redis.call('PTTL', KEYS[1])
  if left == 0 then left = 1 end
  if left < 0 then left = -1 end
  life = string.format('%.0f', left)
end
if life == '-1' then
  redis.call('SET', KEYS[1], ARGV[1])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', life)
end
return {'stored', life}
`)

/** Key: a document. Arg: a revision. Returns the remaining life in ms if the document has it, else -2. @internal */
export const LIFE_OF_REVISION = defineScript(`
local raw = redis.call('GET', KEYS[1])
if not raw or redis.sha1hex(raw) ~= ARGV[1] then return -2 end
return redis.call('PTTL', KEYS[1])
`)

/** Key: a document. Returns 1 if it is there. A script goes to the master, where a plain read may ask a replica. @internal */
export const EXISTS = defineScript(`return redis.call('EXISTS', KEYS[1])`)

/** Key: the index. Args: pairs of member and mark. Gives the members their marks; returns a `1` for each that got it, else a `0`. @internal */
export const MARK = defineScript(`
local marked = {}
for i = 1, #ARGV, 2 do
  local score = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if score and tonumber(score) ~= tonumber(ARGV[i + 1]) then
    redis.call('ZADD', KEYS[1], ARGV[i + 1], ARGV[i])
    marked[#marked + 1] = '1'
  else
    marked[#marked + 1] = '0'
  end
end
return table.concat(marked)
`)

/** Key: the index. Args: pairs of member and mark. Removes members that still carry their mark; returns how many. @internal */
export const REMOVE_MARKED = defineScript(`
local removed = 0
for i = 1, #ARGV, 2 do
  local score = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if score and tonumber(score) == tonumber(ARGV[i + 1]) then
    removed = removed + redis.call('ZREM', KEYS[1], ARGV[i])
  end
end
return removed
`)

/** Runs a script. A server that has not met it yet gets its text. @internal */
export async function runScript(
  link: RedisLink,
  { sha, source }: RedisScript,
  { key, args }: ScriptCall,
): Promise<unknown> {
  try {
    return await link.send((to) => to.evalsha(sha, 1, key, ...args))
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
    return link.send((to) => to.eval(source, 1, key, ...args))
  }
}
