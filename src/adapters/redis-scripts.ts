/**
 * Lua, where a comparison and a write must be one step. Every script touches exactly one key, so all run on a Cluster.
 * They are sent as text each time: it is short, and so no server has to know them.
 * @module
 */

import type { RedisRequest } from './redis-link.js'

/**
 * Key: a document. Args: the revision that must be there, or nothing; a new text; its life in ms, -1 for no end, or
 * `keep`. Without a text nothing is written. Returns `changed`, `missing`, or the remaining life in ms, -1 for no end.
 *
 * @internal
 */
export const WRITE = `
local key, text, life = KEYS[1], ARGV[2], ARGV[3]
if ARGV[1] ~= '' then
  local raw = redis.call('GET', key)
  if not raw then return 'missing' end
  if redis.sha1hex(raw) ~= ARGV[1] then return 'changed' end
end
local left = redis.call('PTTL', key)
if not text then return left end
if life ~= 'keep' then left = tonumber(life) end
if left < 0 then
  redis.call('SET', key, text)
  return -1
end
redis.call('SET', key, text, 'PX', math.max(left, 1))
return left`

/** Key: a document. Returns 1 if it is there. A script goes to the master, where a plain read may ask a replica. @internal */
export const EXISTS = `return redis.call('EXISTS', KEYS[1])`

/** Key: the index. Args: pairs of member and mark. Removes members that still carry their mark; returns how many. @internal */
export const REMOVE_MARKED = `
local removed = 0
for i = 1, #ARGV, 2 do
  local score = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if score and tonumber(score) == tonumber(ARGV[i + 1]) then
    removed = removed + redis.call('ZREM', KEYS[1], ARGV[i])
  end
end
return removed`

/** A run of a script on one key. @internal */
export function scriptRequest(script: string, key: string, ...args: (string | Buffer)[]): RedisRequest {
  return ['eval', script, 1, key, ...args]
}
