import fc from 'fast-check'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { dataUrlBytes, imageInfo } from '../../src/swarmui/image-bytes.js'

const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0))

function jpeg(width: number, height: number, marker = 0xc0): Uint8Array {
  const app = [0xff, 0xe0, 0, 4, 1, 2]
  const frame = [0xff, marker, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 17, 0]
  return new Uint8Array([0xff, 0xd8, ...app, ...frame, 0, 0, 0, 0, 0xff, 0xd9])
}

function webp(kind: string, body: number[]): Uint8Array {
  const rest = [...ascii('WEBP'), ...ascii(kind), body.length, 0, 0, 0, ...body]
  return new Uint8Array([...ascii('RIFF'), rest.length, 0, 0, 0, ...rest])
}

describe('imageInfo', () => {
  it('knows PNG files that are whole', () => {
    const png = encode({ width: 300, height: 2, data: new Uint8Array(600), channels: 1 })
    expect(imageInfo(png)).toEqual({ type: 'png', width: 300, height: 2 })
    for (let length = 0; length < png.length; length++) expect(imageInfo(png.subarray(0, length))).toBeNull()
  })

  it('knows JPEG files, baseline and progressive', () => {
    expect(imageInfo(jpeg(1344, 768))).toEqual({ type: 'jpeg', width: 1344, height: 768 })
    expect(imageInfo(jpeg(64, 65, 0xc2))).toEqual({ type: 'jpeg', width: 64, height: 65 })
    expect(imageInfo(jpeg(64, 65, 0xc4))).toBeNull()
    expect(imageInfo(jpeg(64, 64).subarray(0, -1))).toBeNull()
  })

  it('knows WebP files of all three kinds', () => {
    const filler = Array<number>(8).fill(0)
    const lossy = webp('VP8 ', [0, 0, 0, 0x9d, 1, 0x2a, 0x40, 0x05, 0x00, 0x03, ...filler])
    expect(imageInfo(lossy)).toEqual({ type: 'webp', width: 1344, height: 768 })
    const bits = (1344 - 1) | ((768 - 1) << 14)
    const lossless = webp('VP8L', [
      0x2f,
      bits & 255,
      (bits >> 8) & 255,
      (bits >> 16) & 255,
      (bits >>> 24) & 255,
      ...filler,
    ])
    expect(imageInfo(lossless)).toEqual({ type: 'webp', width: 1344, height: 768 })
    const extended = webp('VP8X', [0, 0, 0, 0, 0x3f, 0x05, 0, 0xff, 0x02, 0, ...filler])
    expect(imageInfo(extended)).toEqual({ type: 'webp', width: 1344, height: 768 })
    expect(imageInfo(extended.subarray(0, -1))).toBeNull()
    expect(imageInfo(webp('ALPH', [...filler, ...filler]))).toBeNull()
  })

  it('never throws on anything', () => {
    const heads = fc.constantFrom([137, 80, 78, 71, 13, 10, 26, 10], [0xff, 0xd8], ascii('RIFF'), [])
    fc.assert(
      fc.property(heads, fc.uint8Array({ maxLength: 80 }), (head, rest) => {
        imageInfo(new Uint8Array([...head, ...rest]))
        imageInfo(new Uint8Array([...head, ...rest, 0xff, 0xd9]))
      }),
    )
  })
})

describe('dataUrlBytes', () => {
  it('gives back what was encoded, and null for what is none', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        expect(dataUrlBytes(`data:image/png;base64,${Buffer.from(data).toString('base64')}`)).toEqual(
          new Uint8Array(data),
        )
      }),
    )
    expect(dataUrlBytes('data:image/png,abc')).toBeNull()
    expect(dataUrlBytes('data:image/png;base64,\u00e9')).toBeNull()
    expect(dataUrlBytes('View/local/x.png')).toBeNull()
  })
})
