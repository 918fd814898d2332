/**
 * Telling a picture by its bytes.
 * @module
 */

/** What a file of a picture says of itself. */
export interface ImageInfo {
  /** The kind of file. */
  type: 'png' | 'jpeg' | 'webp'
  /** Width in pixels. */
  width: number
  /** Height in pixels. */
  height: number
}

const PNG = [137, 80, 78, 71, 13, 10, 26, 10]
const PNG_END = [0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130]

/**
 * Reads kind and size from the bytes of a PNG, JPEG or WebP file.
 *
 * @returns `null` for anything else, and for a file that ends too early.
 * @internal
 */
export function imageInfo(bytes: Uint8Array): ImageInfo | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (startsWith(bytes, PNG, 0)) {
    const whole = bytes.length > 45 && startsWith(bytes, PNG_END, bytes.length - PNG_END.length)
    return whole ? { type: 'png', width: view.getUint32(16), height: view.getUint32(20) } : null
  }
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegInfo(bytes, view)
  return ascii(bytes, 0) === 'RIFF' && ascii(bytes, 8) === 'WEBP' ? webpInfo(bytes, view) : null
}

function startsWith(bytes: Uint8Array, wanted: readonly number[], at: number): boolean {
  return wanted.every((byte, index) => bytes[at + index] === byte)
}

function ascii(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}

/** Goes from marker to marker to the one that begins the frame. */
function jpegInfo(bytes: Uint8Array, view: DataView): ImageInfo | null {
  if (!startsWith(bytes, [0xff, 0xd9], bytes.length - 2)) return null
  for (let at = 2; at + 9 < bytes.length; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1] ?? 0
    if (bytes[at] !== 0xff) return null
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { type: 'jpeg', height: view.getUint16(at + 5), width: view.getUint16(at + 7) }
  }
  return null
}

function webpInfo(bytes: Uint8Array, view: DataView): ImageInfo | null {
  if (bytes.length < 30 || bytes.length < view.getUint32(4, true) + 8) return null
  const kind = ascii(bytes, 12)
  const size = (width: number, height: number): ImageInfo => ({ type: 'webp', width, height })
  if (kind === 'VP8 ') return size(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff)
  if (kind === 'VP8L') {
    const bits = view.getUint32(21, true)
    return size((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
  }
  const three = (at: number): number => view.getUint16(at, true) + ((bytes[at + 2] ?? 0) << 16) + 1
  return kind === 'VP8X' ? size(three(24), three(27)) : null
}

/** The bytes of a `data:` URL; `null` if it is none in Base64. @internal */
export function dataUrlBytes(url: string): Uint8Array | null {
  const base64 = /^data:[^,]*;base64,(.*)$/s.exec(url)?.[1]
  if (base64 === undefined || !/^[\w+/=\s]*$/.test(base64)) return null
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
}
