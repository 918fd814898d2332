import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPrompt, type PromptSection, parsePrompt } from '../../../../src/prompt/syntax/parse-prompt.js'
import { promptText } from '../queue/prompt-text-arbitrary.js'

const kinds = (text: string) => parsePrompt(text).sections.map(({ kind }) => kind)

function changed(text: string, change: (section: PromptSection) => void): string {
  const prompt = parsePrompt(text)
  for (const section of prompt.sections) if (section.raw) change(section)
  return formatPrompt(prompt)
}

describe('parsePrompt', () => {
  it('tells everything about a prompt', () => {
    const parsed = parsePrompt('a <lora:Fog:0.8> pier <Wildcard:x> <segment:face,0.4,0.5//cid=11>eyes')
    const lora = { kind: 'lora', raw: '<lora:Fog:0.8>', name: 'Fog', weight: 0.8, textEncoderWeight: null }
    const segment = {
      kind: 'segment',
      raw: '<segment:face,0.4,0.5//cid=11>',
      contextId: 11,
      match: 'face',
      creativity: 0.4,
      threshold: 0.5,
      yolo: null,
      parts: [{ kind: 'words', text: 'eyes' }],
    }
    const words = (text: string) => ({ kind: 'words', text })
    expect(parsed).toEqual({
      sections: [
        {
          kind: 'global',
          raw: '',
          contextId: null,
          parts: [
            words('a '),
            lora,
            words(' pier '),
            { kind: 'tag', raw: '<Wildcard:x>', prefix: 'wildcard' },
            words(' '),
          ],
        },
        segment,
      ],
      loras: [lora],
      segments: [segment],
    })
    expect(parsed.loras[0]).toBe(parsed.sections[0]?.parts[1])
    expect(parsed.segments[0]).toBe(parsed.sections[1])
  })

  it('knows every section, in lower case only', () => {
    const tags = '<base><refiner//cid=1><pixeldecoder><video><videoswap><segment:a><object:0,0,1,1><extend:8><clear:a>'
    expect(kinds(tags)).toEqual([
      'global',
      'base',
      'refiner',
      'pixeldecoder',
      'video',
      'videoswap',
      'segment',
      'object',
      'extend',
      'clear',
    ])
    expect(kinds('<region:0,0,1,1>a<region:background>b<region:end>c')).toEqual([
      'global',
      'region',
      'background',
      'global',
    ])
    expect(kinds('<Base><Segment:a><regions><base-x><region:0,0,1><object:a,0,1,1><foo:<base>>')).toEqual(['global'])
  })

  it('says from where on all is words', () => {
    const parsed = parsePrompt('I <3 you <lora:x>')
    expect(parsed).toMatchObject({ literalFrom: 2, loras: [] })
    expect(parsed.sections[0]?.parts).toEqual([{ kind: 'words', text: 'I <3 you <lora:x>' }])
    expect(parsePrompt('')).toEqual({
      sections: [{ kind: 'global', raw: '', contextId: null, parts: [] }],
      loras: [],
      segments: [],
    })
  })

  it.each([
    ['face', 'face', null, null],
    ['face,0.4', 'face', null, 0.4],
    ['face,0.4,-0.5', 'face', 0.4, -0.5],
    [' the left, red face , 0.4 , .5', 'the left, red face', 0.4, 0.5],
    ['face|hair,0.6,0.5', 'face|hair', 0.6, 0.5],
    ['7,0.4,0.5', '7', 0.4, 0.5],
    ['1,2,3,4', '1,2', 3, 4],
    ['face,0.4,x', 'face,0.4,x', null, null],
    ['<random:face,hair>,0.4', '<random:face,hair>', null, 0.4],
  ])('reads the numbers of <segment:%s>', (data, match, creativity, threshold) => {
    expect(parsePrompt(`<segment:${data}>`).segments).toMatchObject([{ match, creativity, threshold }])
  })

  it.each([
    ['yolo-face_yolov9c.pt-0', { model: 'face_yolov9c.pt', index: 0, classes: [] }],
    ['yolo-face_yolov9c.pt', { model: 'face_yolov9c.pt', index: null, classes: [] }],
    ['yolo-coco-seg.pt-2:cat, 16:', { model: 'coco-seg.pt', index: 2, classes: ['cat', '16'] }],
    ['yolo-a.pt:dog:', { model: 'a.pt', index: null, classes: ['dog'] }],
    ['yolo-a.pt|hair', null],
    ['face', null],
  ])('reads the model of %s', (match, yolo) => {
    expect(parsePrompt(`<segment:${match},0.35,0.5>`).segments[0]?.yolo).toEqual(yolo)
  })

  it.each([
    ['x', 'x', null, null],
    ['folder/X y:1', 'folder/X y', 1, null],
    ['x:-0.5:.25', 'x', -0.5, 0.25],
    ['x: 1e-1 ', 'x', 0.1, null],
    ['x:strong', 'x', null, null],
    ['<random:a:b|c>:0.5', '<random:a:b|c>', 0.5, null],
  ])('reads <lora:%s>', (data, name, weight, textEncoderWeight) => {
    expect(parsePrompt(`<LoRA:${data}>`).loras).toEqual([
      { kind: 'lora', raw: `<LoRA:${data}>`, name, weight, textEncoderWeight },
    ])
  })

  it('reads the edges of an area', () => {
    expect(parsePrompt('<region:0.1, 0.2,.3,0.4,0.9>').sections[1]).toMatchObject({
      kind: 'region',
      x: 0.1,
      y: 0.2,
      width: 0.3,
      height: 0.4,
      strength: 0.9,
      strength2: null,
    })
  })
})

describe('formatPrompt', () => {
  it('gives the very same text when nothing was changed', () => {
    const same = (text: string) => {
      expect(formatPrompt(parsePrompt(text))).toBe(text)
    }
    fc.assert(fc.property(promptText, same))
    fc.assert(fc.property(fc.string({ unit: 'binary' }), same))
  })

  it('gives the very same text when equal values were set', () => {
    fc.assert(
      fc.property(promptText, (text) => {
        const copy = structuredClone(parsePrompt(text))
        expect(formatPrompt(copy)).toBe(text)
      }),
    )
  })

  it.each([
    ['<segment: face , 0.40,0.50//cid=11>', { threshold: 0.6 }, '<segment: face , 0.40,0.6//cid=11>'],
    ['<segment: face , 0.40,0.50//cid=11>', { contextId: null }, '<segment: face , 0.40,0.50>'],
    ['<segment:face>', { contextId: 12 }, '<segment:face//cid=12>'],
    ['<segment:face,0.4,0.50>', { match: 'hair' }, '<segment:hair,0.4,0.50>'],
    ['<segment:face,0.4,0.5>', { creativity: null }, '<segment:face,0.5>'],
    ['<segment:face,0.4,0.5>', { creativity: null, threshold: null }, '<segment:face>'],
    ['<segment:face>', { creativity: 0.4 }, '<segment:face,0.4,0.5>'],
    ['<segment:yolo-face.pt>', { creativity: 0.4 }, '<segment:yolo-face.pt,0.4,0.25>'],
    ['<clear:sky>', { threshold: 0.3 }, '<clear:sky,0.3>'],
    ['<segment>', { match: 'face' }, '<segment:face>'],
    ['<region:0, 0.50,1,0.5>', { x: 0.2 }, '<region:0.2, 0.50,1,0.5>'],
    ['<region:0,0,1,1>', { strength2: 0.5 }, '<region:0,0,1,1,1,0.5>'],
    ['<object:0,0,1,1,0.5,0.4>', { strength2: null }, '<object:0,0,1,1,0.5>'],
    ['<base//cid=5>', { contextId: null }, '<base>'],
  ])('writes into %s what was changed: %j', (tag, values, written) => {
    expect(changed(`a ${tag} b`, (section) => Object.assign(section, values))).toBe(`a ${written} b`)
  })

  it.each([
    ['<Lora: Fog :0.80>', { weight: 0.5 }, '<Lora: Fog :0.5>'],
    ['<lora:fog:0.80>', { name: 'rain' }, '<lora:rain:0.80>'],
    ['<lora:fog>', { textEncoderWeight: 0.5 }, '<lora:fog:1:0.5>'],
    ['<lora:fog:0.8:0.5>', { textEncoderWeight: null }, '<lora:fog:0.8>'],
    ['<lora:fog:0.8>', { weight: null }, '<lora:fog>'],
    ['<lora:fog:strong>', { name: 'rain' }, '<lora:rain:strong>'],
    ['<lora>', { name: 'rain' }, '<lora:rain>'],
  ])('writes into %s what was changed: %j', (tag, values, written) => {
    const prompt = parsePrompt(`a ${tag}, <base>b`)
    Object.assign(prompt.loras[0] ?? {}, values)
    expect(formatPrompt(prompt)).toBe(`a ${written}, <base>b`)
  })

  it('reads back what it has written', () => {
    const number = fc.option(fc.double({ min: -2, max: 2, noNaN: true }).map((value) => value + 0))
    const values = fc.record({ creativity: number, threshold: fc.double({ min: -1, max: 1, noNaN: true }) })
    fc.assert(
      fc.property(fc.constantFrom('face', 'a,b', 'x,0.1', 'x,0.1,0.2'), values, (data, values) => {
        const written = changed(`<segment:${data}>`, (section) => Object.assign(section, values))
        const [read] = parsePrompt(written).segments
        expect([read?.creativity, (read?.threshold ?? 0) + 0]).toEqual([values.creativity, values.threshold + 0])
      }),
    )
  })

  it('is linear: a megabyte of tags, of nested ones and of open ones', { timeout: 60_000 }, () => {
    for (const text of ['<lora:x:0.8>', '<a<b>:', '<', '<segment:a,0.4,0.5>b']) {
      const long = text.repeat(2 ** 20 / text.length)
      expect(formatPrompt(parsePrompt(long)) === long).toBe(true)
    }
  })
})
