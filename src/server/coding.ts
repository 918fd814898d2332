/**
 * Compression by what the caller accepts.
 * @module
 */

/** Smaller bodies do not gain. */
const MIN_BYTES = 1024

/**
 * In the order of our liking: gzip is the fastest, and brotli at the quality platforms default to takes a second for a
 * session. What `CompressionStream` calls brotli is `br` in a header.
 */
const CODINGS = [
  ['gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['br', 'brotli'],
] as const

/** A content coding and the stream that makes it. @internal */
export interface Coding {
  name: string
  stream(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>
}

/** What this platform can compress to. Brotli only where it has it. @internal */
export function codingsHere(): readonly Coding[] {
  return CODINGS.flatMap(([name, format]) => {
    try {
      new CompressionStream(format as CompressionFormat) // throws where the platform does not know it
    } catch {
      return []
    }
    return [{ name, stream: () => new CompressionStream(format as CompressionFormat) as ReturnType<Coding['stream']> }]
  })
}

/** The coding the caller likes best, ours breaking ties; `null`: none. @internal */
export function chooseCoding(header: string | null, here: readonly Coding[]): Coding | null {
  if (header === null) return null
  const weights = new Map<string, number>()
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim())
    const weight = parameters.map((one) => /^q=([01](?:\.[0-9]{0,3})?)$/.exec(one)?.[1]).find((one) => one)
    weights.set(name, weight === undefined ? 1 : Number(weight))
  }
  const weightOf = (name: string): number => weights.get(name) ?? weights.get('*') ?? 0
  let best: Coding | null = null
  for (const coding of here) if (weightOf(coding.name) > (best ? weightOf(best.name) : 0)) best = coding
  return best
}

/** @internal */
export function isWorthCoding(body: Uint8Array | ReadableStream | undefined): boolean {
  return body instanceof Uint8Array ? body.byteLength >= MIN_BYTES : body !== undefined
}
