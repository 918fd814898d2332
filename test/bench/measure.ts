/** Two ways of doing one thing, timed side by side in one process so that drift of the machine meets both. */

export interface Comparison {
  /** The promise, as the design words it. */
  promise: string
  /** What is compared with what. */
  ours: string
  theirs: string
  oursMs: number
  theirsMs: number
  /** The figure that is limited, and its limit. */
  ratio: number
  limit: string
  held: boolean
}

type Work = () => unknown

async function timed(work: Work): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/**
 * Medians of both, in ms. Every round runs both, in changing order; `prepare` makes fresh input outside the clock. The
 * engine compiles pure loops anew for some hundred rounds, while regular expressions are fast at once: where only such
 * code runs, `warmUp` lets it come to rest.
 */
export async function sideBySide<T>(
  rounds: number,
  ours: (input: T) => unknown,
  theirs: (input: T) => unknown,
  prepare: () => T | Promise<T>,
  warmUp = Math.ceil(rounds / 4),
): Promise<{ oursMs: number; theirsMs: number }> {
  const mine: number[] = []
  const other: number[] = []
  for (let round = -warmUp; round < rounds; round++) {
    const first = await prepare()
    const second = await prepare()
    const oursFirst = round % 2 === 0
    const a = oursFirst ? await timed(() => ours(first)) : await timed(() => theirs(first))
    const b = oursFirst ? await timed(() => theirs(second)) : await timed(() => ours(second))
    if (round < 0) continue
    mine.push(oursFirst ? a : b)
    other.push(oursFirst ? b : a)
  }
  return { oursMs: median(mine), theirsMs: median(other) }
}

export function atMost(row: Omit<Comparison, 'ratio' | 'held' | 'limit'>, limit: number): Comparison {
  const ratio = row.oursMs / row.theirsMs
  return { ...row, ratio, limit: `<= ${limit}x`, held: ratio <= limit }
}

export function atLeastFaster(row: Omit<Comparison, 'ratio' | 'held' | 'limit'>, limit: number): Comparison {
  const ratio = row.theirsMs / row.oursMs
  return { ...row, ratio, limit: `>= ${limit}x faster`, held: ratio >= limit }
}
