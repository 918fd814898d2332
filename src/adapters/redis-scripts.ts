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

/**
 * Key: a document. Returns its remaining life in ms, -1 for no end, -2 if it is not there, and what a write changes: its
 * length and the moment it ends, which every SETEX moves. Servers before Redis 7 do not tell that moment, so it is put
 * together from life and clock, asked for again while the clock moves on in between.
 *
 * @internal
 */
export const MARK = `
local key = KEYS[1]
local function clock()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
local life = redis.call('PTTL', key)
local ends = life
if life >= 0 then
  ends = redis.pcall('PEXPIRETIME', key)
  if type(ends) ~= 'number' then
    local before
    repeat
      before = clock()
      life = redis.call('PTTL', key)
    until clock() == before
    ends = before + life
  end
end
local size = redis.pcall('STRLEN', key)
if type(size) ~= 'number' then size = -1 end
return {life, string.format('%.0f %.0f', size, ends)}`

/** A run of a script on one key. @internal */
export function scriptRequest(script: string, key: string, ...args: (string | Buffer)[]): RedisRequest {
  return ['eval', script, 1, key, ...args]
}
