import { same } from '../assert.js'
import type { ConformanceCase } from '../harness.js'
import { topic } from '../trial.js'

const define = topic('text')

/** Documents that come back changed when somebody parses, trims, normalises, recodes or cuts them. */
export const samples: readonly (readonly [what: string, ...json: string[]])[] = [
  ['the smallest documents', '{}', '[]', '0', '""', 'null', 'false'],
  ['plain ASCII', '{"scriptText":"INT. LAB - NIGHT"}'],
  ['Latin-1 letters', '{"title":"Caf\u00e9 \u00a7 \u00ff \u0080\u00a0"}'],
  [
    'Chinese, Arabic and Devanagari',
    '{"title":"\u6f22\u5b57 \u0639\u0631\u0628\u064a \u0939\u093f\u0928\u094d\u0926\u0940"}',
  ],
  ['characters beyond 16 bits', '{"mood":"\u{1f3ac}\u{1f469}\u200d\u{1f52c}\u{20000}"}'],
  ['letters composed and decomposed', '{"a":"\u00e9\u212b\ufb01","b":"e\u0301A\u030afi"}'],
  ['separators and invisible characters', '{"a":"\u2028\u2029\u0085\ufeff\u200b\u007f\ufffd\uffff"}'],
  ['escapes as they were written', '{"a":"\\u00e9\\u0041\\/\\u0000\\ud83d\\ude00\\"\\\\n"}'],
  ['escaped lone surrogates', '{"a":"\\ud800","b":"\\udc00\\ud800"}'],
  ['white space and line breaks', ' \t\n{ "a" :\r\n[ ] }\r\n\n '],
  ['key order, doubled keys and forms of numbers', '{"b":1,"a":1.0,"10":1e2,"2":-0,"a":12345678901234567890,"c":0.10}'],
  ['what a lesser store would interpret', '{"__proto__":{"$&":"%20%00 {tag} \'; -- $1 +OK nil undefined"}}'],
  ['a megabyte of ASCII', `{"a":"${'0123456789abcdef'.repeat(65_536)}"}`],
  ['a megabyte of mixed text', `{"aa":"${'a\u00e9\u6f22\u{1f3ac}'.repeat(104_857)}"}`],
]

/** That a document is moved, never touched. */
export const textCases: readonly ConformanceCase[] = [
  ...samples.map(([what, ...texts]) =>
    define(`keeps ${what}`, async (t) => {
      for (const [index, json] of texts.entries()) {
        const id = index + 1
        const raw = await t.put(id, json)
        same(await t.read(id), raw, 'what get returns')
      }
    }),
  ),
  define('keeps a summary as it was given', async (t) => {
    const summary = ' {"title":"Caf\u00e9 e\u0301 \u6f22 \u{1f3ac}\u2028\\u00e9"}\n\n'
    await t.put(7, undefined, { summary })
    same((await t.entry(7)).summary, summary, 'the summary in list')
  }),
  define('get of nothing is null', async (t) => {
    same(await t.adapter.get(7), null, 'get in an empty store')
    await t.put(7)
    same(await t.adapter.get(6), null, 'get of the id below')
    same(await t.adapter.get(8), null, 'get of the id above')
  }),
  define('a put replaces the whole document', async (t) => {
    await t.put(7, '{"a":"a long document that is replaced"}')
    const raw = await t.put(7, '{}')
    same(await t.read(7), raw, 'get after the second put')
    same(await t.ids(), [7], 'list after the second put')
  }),
  define('many writers at once do not mix documents', async (t) => {
    const ids = Array.from({ length: 40 }, (_, index) => index + 1)
    const raws = await Promise.all(ids.map((id) => t.put(id, `{"version":"${`${id} `.repeat(50)}"}`)))
    same(await Promise.all(ids.map((id) => t.read(id))), raws, 'the documents of 40 writers')
    same(await t.ids({ order: 'oldest' }), ids, 'the ids of 40 writers')
  }),
]
