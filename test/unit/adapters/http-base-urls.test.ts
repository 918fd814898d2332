import { describe, expect, it } from 'vitest'
import { baseUrlsOf } from '../../../src/adapters/http-base-urls.js'

describe('baseUrlsOf', () => {
  it.each([
    ['http://h', 'http://h'],
    [' http://h/ \n', 'http://h'],
    ['http://h//', 'http://h'],
    ['http://h/api/v1', 'http://h'],
    ['http://h/api/v1///', 'http://h'],
    ['http://h/API/V1/', 'http://h'],
    ['http://h//api//v1', 'http://h'],
    ['http://h/story//art/api/v1/', 'http://h/story/art'],
    ['http://h/api/v1/more', 'http://h/api/v1/more'],
    ['HTTPS://H.example:443/', 'https://h.example'],
    ['http://[::1]:7802/', 'http://[::1]:7802'],
  ])('makes %j whole', (given, wanted) => {
    expect(baseUrlsOf([given])).toEqual([wanted])
  })

  it('passes over blank, missing and repeated ones, and keeps the order', () => {
    expect(baseUrlsOf([undefined, 'http://b', '', null, '  ', 'http://a/', 'http://b//'])).toEqual([
      'http://b',
      'http://a',
    ])
  })

  it.each([
    ['localhost:7802', 'must begin with http:// or https://'],
    ['ftp://h', 'must begin with http:// or https://'],
    ['/api/v1', 'must begin with http:// or https://'],
    ['http://', 'is no address'],
    ['http://user:secret@h', 'holds credentials; pass them as `headers`'],
    ['http://h?token=secret', 'holds a query or a fragment; give the address alone'],
    ['http://h#secret', 'holds a query or a fragment; give the address alone'],
  ])('refuses %j by its place', (given, problem) => {
    expect(() => baseUrlsOf(['http://h', given])).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: `http: baseUrls[1] ${problem}.` }),
    )
  })

  it('refuses to have none', () => {
    expect(() => baseUrlsOf([' ', undefined])).toThrow('http: baseUrls holds no address.')
  })
})
