import { describe, expect, it } from 'vitest'
import { redisKeys } from '../../src/adapters/redis-keys.js'
import { integerOf, scoredMembersOf, textOf } from '../../src/adapters/redis-reply.js'
import { bytesOf, textOfBytes } from '../../src/adapters/redis-text.js'

describe('replies, whatever version, protocol and options made them', () => {
  it('integers', () => {
    for (const reply of [42, '42', 42n]) expect(integerOf(reply)).toBe(42)
    expect(integerOf('-2')).toBe(-2)
    expect(() => integerOf(1.5)).toThrow("The server's reply is no integer but number")
    for (const reply of [null, undefined, '', 'x', {}, [], true]) {
      expect(() => integerOf(reply)).toThrow("The server's reply is no number but")
    }
  })

  it('text', () => {
    expect(textOf('x')).toBe('x')
    expect(textOf(null)).toBeNull()
    expect(textOf(undefined)).toBeNull()
    expect(() => textOf(7)).toThrow("The server's reply is no text but number")
  })

  it('members with scores, flat or in pairs', () => {
    const members = [
      { member: 'a', score: 1 },
      { member: 'b', score: 2.5 },
      { member: 'c', score: Number.POSITIVE_INFINITY },
      { member: 'd', score: Number.NEGATIVE_INFINITY },
    ]
    expect(scoredMembersOf(['a', '1', 'b', '2.5', 'c', 'inf', 'd', '-inf'])).toEqual(members)
    expect(
      scoredMembersOf([
        ['a', 1],
        ['b', 2.5],
        ['c', Number.POSITIVE_INFINITY],
        ['d', Number.NEGATIVE_INFINITY],
      ]),
    ).toEqual(members)
    expect(scoredMembersOf([])).toEqual([])
    expect(() => scoredMembersOf('OK')).toThrow("The server's reply is no list but string")
    expect(() => scoredMembersOf(['a', ''])).toThrow("The server's reply is no number but string")
    expect(() => scoredMembersOf(['a', 'x'])).toThrow("The server's reply is no number but string")
    expect(() => scoredMembersOf(['a'])).toThrow("The server's reply is no number but undefined")
  })

  it('never show what they hold', () => {
    expect(() => scoredMembersOf('a secret')).toThrow(/^(?!.*secret)/)
    expect(() => integerOf(null)).toThrow("The server's reply is no number but null")
  })
})

describe('keys', () => {
  it('stand below the prefix', () => {
    const keys = redisKeys('mine:')
    expect([keys.index, keys.document(7), keys.summary(7)]).toEqual([
      'mine:storyart:sessions:index',
      'mine:storyart:session:7',
      'mine:storyart:summary:7',
    ])
    expect(keys.idOf('mine:storyart:session:7')).toBe(7)
    expect(keys.idOf('storyart:session:7')).toBeNull()
  })

  it('have exactly one form for an id', () => {
    const keys = redisKeys('')
    for (const id of [1, 7, 1_704_067_200_000, Number.MAX_SAFE_INTEGER]) expect(keys.idOf(keys.document(id))).toBe(id)
    for (const suffix of [
      '',
      '0',
      '07',
      '-7',
      '+7',
      '7.0',
      '7e0',
      ' 7',
      '7 ',
      '0x7',
      'abc',
      '7:beats',
      String(2 ** 53),
    ]) {
      expect(keys.idOf(`storyart:session:${suffix}`), suffix).toBeNull()
    }
  })
})

describe('text', () => {
  it('becomes bytes and text again', () => {
    for (const text of ['', 'plain', 'Caf\u00e9', '\u6f22\u{1f3ac}\ufffd', '\u0141bc', '\ufeffx']) {
      expect(textOfBytes(bytesOf('raw', text), 'get', 7)).toBe(text)
      expect(bytesOf('raw', text)).toEqual(Buffer.from(text, 'utf8'))
    }
  })

  it('with half a surrogate pair is refused, as it would come back as another one', () => {
    for (const text of ['\ud800', 'a\udc00b', '\ufffd\ud83d', '\u{1f3ac}\udfac']) {
      expect(() => bytesOf('raw', text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
      expect(() => bytesOf('summary', text)).toThrow(
        'redis: summary holds half a surrogate pair; write it as a \\u escape.',
      )
    }
  })

  it('needs a client that hands out bytes', () => {
    expect(() => textOfBytes('text', 'get', 7)).toThrow("The client's reply is no Buffer but string")
  })
})
