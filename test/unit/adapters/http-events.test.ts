import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventParser } from '../../../src/adapters/http-events.js'

const STREAM = [
  ': alive\r\n\r\n',
  'retry: 250\n\n',
  'id: a\nevent: saved\ndata: {"one":1}\n\n',
  'data:two\rdata\rdata:  three\r\r',
  'id\ndata: four\r\n\r\n',
  'event: saved\nid: lost with no data\n\n',
  'data: cut off',
].join('')
const EVENTS = [
  { id: 'a', data: '{"one":1}' },
  { id: 'a', data: 'two\n\n three' },
  { id: '', data: 'four' },
]

describe('EventParser', () => {
  it('reads events as the standard has them, however the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 12 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), STREAM.length]
        const parser = new EventParser()
        const events = places.slice(1).flatMap((end, index) => parser.push(STREAM.slice(places[index], end)))
        expect(events).toEqual(EVENTS)
        expect(parser.retryMs).toBe(250)
      }),
    )
  })

  it('ignores ids with a NUL and times that are none', () => {
    const parser = new EventParser()
    expect(parser.push('id: a\nid: b\0\nretry: 1s\ndata: x\n\n')).toEqual([{ id: 'a', data: 'x' }])
    expect(parser.retryMs).toBeUndefined()
  })

  it('does not collect an event without end', () => {
    const parser = new EventParser()
    expect(() => parser.push(`data: ${'x'.repeat(70_000)}`)).toThrow(RangeError)
    const lines = new EventParser()
    expect(() => lines.push('data: xxxxxxxxxxxxxxx\n'.repeat(6000))).toThrow(RangeError)
  })
})
