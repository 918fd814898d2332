import { type Mutant, putting, recoding, stored } from './mutant.js'

export const textMutants: readonly Mutant[] = [
  ['trims documents', recoding((raw) => raw.trim()), 'text: keeps white space and line breaks', 'what get returns'],
  [
    'normalises documents',
    recoding((raw) => raw.normalize('NFC')),
    'text: keeps letters composed and decomposed',
    'what get returns',
  ],
  [
    'parses and writes documents again',
    recoding((raw) => JSON.stringify(JSON.parse(raw))),
    'text: keeps key order, doubled keys and forms of numbers',
    'what get returns',
  ],
  [
    'decodes escapes',
    recoding((raw) => JSON.stringify(JSON.parse(raw))),
    'text: keeps escapes as they were written',
    'what get returns',
  ],
  [
    'replaces lone surrogates',
    recoding((raw) => raw.replace(/\\ud[89a-f]../g, '\\ufffd')),
    'text: keeps escaped lone surrogates',
    'what get returns',
  ],
  [
    'stores one byte a character',
    recoding((raw) => raw.replace(/[^\0-\xff]/g, '?')),
    'text: keeps Chinese, Arabic and Devanagari',
    'what get returns',
  ],
  [
    'stores seven bits a character',
    recoding((raw) => raw.replace(/[^\0-\x7f]/g, '?')),
    'text: keeps Latin-1 letters',
    'what get returns',
  ],
  [
    'knows 16 bits only',
    recoding((raw) => raw.replace(/[\u{10000}-\u{10ffff}]/gu, '\ufffd')),
    'text: keeps characters beyond 16 bits',
    'what get returns',
  ],
  [
    'drops invisible characters',
    recoding((raw) => raw.replace(/[\u2028\u2029\ufeff\u200b]/g, '')),
    'text: keeps separators and invisible characters',
    'what get returns',
  ],
  [
    'decodes percent signs',
    recoding((raw) => raw.replaceAll('%20', ' ')),
    'text: keeps what a lesser store would interpret',
    'first difference at 20',
  ],
  [
    'cuts at 64 KiB of text',
    recoding((raw) => raw.slice(0, 65_536)),
    'text: keeps a megabyte of ASCII',
    'lengths 65536 and 1048584',
  ],
  [
    'decodes in chunks of 64 KiB',
    recoding((raw) => {
      const bytes = new TextEncoder().encode(raw)
      const chunks: string[] = []
      for (let at = 0; at < bytes.length; at += 65_536) {
        chunks.push(new TextDecoder().decode(bytes.subarray(at, at + 65_536)))
      }
      return chunks.join('')
    }),
    'text: keeps a megabyte of mixed text',
    'first difference at',
  ],
  [
    'takes falsy documents for none',
    (a) => ({
      ...a,
      async get(id, options) {
        const found = await a.get(id, options)
        return found && JSON.parse(found.raw) ? found : null
      },
    }),
    'text: keeps the smallest documents',
    'what get returns',
  ],
  [
    'wraps plain documents',
    recoding((raw) => (raw.startsWith('{"scriptText"') ? `{"data":${raw}}` : raw)),
    'text: keeps plain ASCII',
    'what get returns',
  ],
  [
    'trims summaries',
    putting((raw, options) => [raw, { ...options, summary: options.summary?.trim() }]),
    'text: keeps a summary as it was given',
    'the summary in list',
  ],
  [
    'answers an empty document for none',
    (a) => ({ ...a, get: async (id, options) => (await a.get(id, options)) ?? { raw: '' } }),
    'text: get of nothing is null',
    'expected null, got {"raw":""}',
  ],
  [
    'never replaces',
    (a) => ({
      ...a,
      put: async (id, raw, options = {}) =>
        options.expect === undefined && (await a.get(id, options)) ? stored : a.put(id, raw, options),
    }),
    'text: a put replaces the whole document',
    'get after the second put',
  ],
  [
    'mixes the documents of writers',
    (a) => {
      let buffer = ''
      return {
        ...a,
        async put(id, raw, options) {
          buffer = raw
          await a.health(options)
          return a.put(id, buffer, options)
        },
      }
    },
    'text: many writers at once do not mix documents',
    'the documents of 40 writers',
  ],
]
