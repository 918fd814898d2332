import type { PutResult } from '../../adapters/adapter.js'
import { revisionOf } from '../../revision.js'
import { holds, same } from '../assert.js'
import type { ConformanceCase } from '../harness.js'
import { type Trial, topic } from '../trial.js'
import { samples } from './text.js'

const define = topic('expect')

/** Fails unless exactly one of many writers was let in and the others met `reason`. Returns the winner's place. */
function oneWinner(results: readonly PutResult[], reason: string): number {
  const winners = results.filter(({ stored }) => stored)
  same(winners.length, 1, `winners among ${results.length} writers`)
  const others = results.filter((result) => !result.stored && result.reason === reason)
  same(others.length, results.length - 1, `writers refused with "${reason}"`)
  return results.findIndex(({ stored }) => stored)
}

/** A refused put leaves document, summary and both kinds of life as they were. */
async function leavesAsItWas(t: Trial, expect: string, reason: string): Promise<void> {
  const endless = await t.put(7, '{"a":1}', { summary: 'first' })
  await t.put(8, '{"a":1}', { summary: 'first', ttlMs: 4 * t.tick })
  const refused = t.document('{"a":2}')
  for (const [id, ttlMs] of [[7, t.tick] as const, [8, 100 * t.tick] as const]) {
    const result = await t.adapter.put(id, refused, { expect, ttlMs, summary: 'second' })
    same(result, { stored: false, reason }, `put expecting "${expect}"`)
    same(await t.read(id), endless, 'the document after a refused put')
    same((await t.entry(id)).summary, 'first', 'the summary after a refused put')
  }
  await t.elapse(5)
  same(await t.read(7), endless, 'the endless document after the life of the refused put')
  same(await t.read(8), null, 'the mortal document after its own life')
}

/** Conditional writes. */
export const expectCases: readonly ConformanceCase[] = [
  define('"absent" stores where nothing is', async (t) => {
    await t.put(8)
    const raw = await t.put(7, '{}', { expect: 'absent', summary: 'first', ttlMs: 100 * t.tick })
    same(await t.read(7), raw, 'get')
    same((await t.entry(7)).summary, 'first', 'the summary')
  }),
  define('"absent" refuses where a session is and leaves it as it was', (t) => leavesAsItWas(t, 'absent', 'exists')),
  define('"absent" stores after a delete and after an end', async (t) => {
    await t.put(7)
    await t.adapter.delete(7)
    await t.put(7, '{"a":2}', { expect: 'absent', ttlMs: t.tick })
    await t.elapse(2)
    const raw = await t.put(7, '{"a":3}', { expect: 'absent' })
    await t.elapse(2)
    same(await t.read(7), raw, 'get')
  }),
  define('of 50 writers expecting "absent" at once exactly one stores', async (t) => {
    const raws = Array.from({ length: 50 }, (_, index) => t.document(`{"writer":${index}}`))
    const puts = raws.map((raw, index) => t.adapter.put(7, raw, { expect: 'absent', summary: `writer ${index}` }))
    const winner = oneWinner(await Promise.all(puts), 'exists')
    same(await t.read(7), raws[winner], 'the document of the winner')
    same((await t.entry(7)).summary, `writer ${winner}`, 'the summary of the winner')
  }),
  define('a revision stores over exactly that text', async (t) => {
    const first = await t.put(7, '{"a":1}')
    const second = await t.put(7, '{"a":2}', { expect: revisionOf(first), summary: 'second' })
    same(await t.read(7), second, 'get')
    same((await t.entry(7)).summary, 'second', 'the summary')
    same(await t.ids(), [7], 'list')
  }),
  define('a revision is that of the text as it was put, whatever is in it', async (t) => {
    for (const [what, ...texts] of samples) {
      for (const json of texts) {
        const raw = await t.put(7, json)
        const next = t.document(`[${json}]`)
        const result = await t.adapter.put(7, next, { expect: revisionOf(raw) })
        same(result, { stored: true }, `put expecting the revision of ${what}`)
        same(await t.read(7), next, `what get returns after ${what}`)
      }
    }
  }),
  define('another revision refuses and leaves the session as it was', (t) =>
    leavesAsItWas(t, revisionOf('another text'), 'changed'),
  ),
  define('a revision used once is used up', async (t) => {
    const expect = revisionOf(await t.put(7, '{"a":1}'))
    const second = await t.put(7, '{"a":2}', { expect })
    const result = await t.adapter.put(7, t.document('{"a":3}'), { expect })
    same(result, { stored: false, reason: 'changed' }, 'the second put with one revision')
    same(await t.read(7), second, 'get')
  }),
  define('a revision tells texts apart that differ in one character', async (t) => {
    const filler = 'x'.repeat(10_000)
    for (const [stored, other] of [
      [`{"a":"${filler}1"}`, `{"a":"${filler}2"}`],
      ['{"a":"\u00e9"}', '{"a":"e\u0301"}'],
      ['{"a":"\u00e9"}', '{"a":"\\u00e9"}'],
      ['{}', '{} '],
    ] as const) {
      const raw = await t.put(7, stored)
      const result = await t.adapter.put(7, raw, { expect: revisionOf(t.document(other)) })
      same(result, { stored: false, reason: 'changed' }, 'put expecting a text that differs in one character')
    }
  }),
  define('a revision where nothing is stores nothing', async (t) => {
    await t.put(8)
    const raw = t.document('{}')
    const result = await t.adapter.put(7, raw, { expect: revisionOf(raw), summary: 'none' })
    same(result, { stored: false, reason: 'missing' }, 'put expecting a revision where nothing is')
    same(await t.read(7), null, 'get')
    same(await t.ids(), [8], 'list')
  }),
  define('a revision resurrects nothing that was deleted or has ended', async (t) => {
    const deleted = await t.put(7)
    const ended = await t.put(8, undefined, { ttlMs: t.tick })
    same(await t.adapter.delete(7), true, 'delete')
    await t.elapse(2)
    for (const [id, raw] of [[7, deleted] as const, [8, ended] as const]) {
      const result = await t.adapter.put(id, raw, { expect: revisionOf(raw), ttlMs: 'keep' })
      same(result, { stored: false, reason: 'missing' }, 'put expecting the revision of a session that is gone')
      same(await t.read(id), null, 'get')
    }
    same(await t.ids(), [], 'list')
  }),
  define('of 20 writers expecting one revision at once exactly one stores', async (t) => {
    const expect = revisionOf(await t.put(7, '{"writer":"none"}'))
    const raws = Array.from({ length: 20 }, (_, index) => t.document(`{"writer":${index}}`))
    const results = await Promise.all(raws.map((raw) => t.adapter.put(7, raw, { expect })))
    same(await t.read(7), raws[oneWinner(results, 'changed')], 'the document of the winner')
  }),
  define('writers that retry on "changed" lose no update', async (t) => {
    const versions = Array.from({ length: 13 }, (_, index) => t.document(`{"updates":${index}}`))
    await t.put(7, '{"updates":0}')
    async function increment(): Promise<void> {
      for (let round = 0; round < 100; round++) {
        const raw = await t.read(7)
        const next = versions[versions.indexOf(raw ?? '') + 1]
        if (raw === null || next === undefined) throw new Error('more updates are stored than were made')
        if ((await t.adapter.put(7, next, { expect: revisionOf(raw) })).stored) return
      }
      throw new Error('a writer was refused 100 times, though each refusal means that another one stored')
    }
    await Promise.all(Array.from({ length: 6 }, () => increment().then(increment)))
    same(await t.read(7), versions[12], 'the document after 12 updates by 6 writers')
  }),
  define('a put without a condition stores in any case', async (t) => {
    await t.put(7, '{"a":1}', { summary: 'first' })
    const raw = await t.put(7, '{"a":2}', { summary: 'second' })
    same(await t.read(7), raw, 'get')
    const { summary } = await t.entry(7)
    holds(summary === 'second', 'the summary must be the second one', summary)
  }),
]
