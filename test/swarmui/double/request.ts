/** The job stage: one generation request from its claim to its end. */

import { paintOne } from './image.js'
import { type Parsed, parseBody, Refused } from './parameters.js'
import { awaitBackend } from './slots.js'
import { type Claim, type DoubleState, type SwarmSession, statusOf } from './state.js'

/** Where a request's messages go: a socket, or the buffer of an HTTP reply. */
export interface Outlet {
  emit(message: Record<string, unknown>): void
  /** Breaks the connection without a word. */
  drop(): void
  readonly live: boolean
}

/** Thrown for what the real server logs and tells nobody. */
export class Unreadable extends Error {}

function claimOf(session: SwarmSession, waitingGens: number): Claim {
  const claim: Claim = {
    session,
    waitingGens,
    loadingModels: 0,
    waitingBackends: 0,
    liveGens: 0,
    interrupted: false,
    cancelled: false,
  }
  session.claims.add(claim)
  return claim
}

export async function runRequest(
  state: DoubleState,
  session: SwarmSession,
  body: Record<string, unknown>,
  offset: number,
  outlet: Outlet,
): Promise<void> {
  const requestId = String(state.nextRequestId++)
  const claim = claimOf(session, Number(body.images) || 1)
  const status = (): void => {
    if (outlet.live) outlet.emit(statusOf(state, [session]))
  }
  try {
    status()
    if (state.faults.get(state.dispatched)?.kind === 'unreadable') {
      state.takeFault(state.dispatched++)
      throw new Unreadable()
    }
    let parsed: Parsed
    try {
      parsed = parseBody(body, state, state.options.random)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      outlet.emit({ error: error.message })
      return
    }
    await runImages(state, claim, parsed, offset, requestId, outlet, status)
  } finally {
    session.claims.delete(claim)
    state.notify()
  }
}

async function runImages(
  state: DoubleState,
  claim: Claim,
  parsed: Parsed,
  offset: number,
  requestId: string,
  outlet: Outlet,
  status: () => void,
): Promise<void> {
  const images = Number(parsed.values.get('images') ?? 1)
  const batch = Number(parsed.values.get('batchsize') ?? 1)
  const carriesOn = parsed.values.get('continueaftererrors') === 'true'
  claim.waitingGens = images
  const usages = state.backends.reduce((sum, one) => sum + one.maxUsages, 0)
  const inFlight = Math.max(1, Math.min(32, 2 * usages)) + 1
  const running = new Set<Promise<void>>()
  const turns = { done: 0 }
  const fail = (text: string): void => {
    if (!carriesOn || claim.interrupted) outlet.emit({ error: text })
    if (!carriesOn) claim.cancelled = true
  }
  for (let i = 0; i < images && !claim.cancelled && !claim.interrupted; i++) {
    const job = runJob(state, claim, parsed, i, offset + i * batch, requestId, outlet, status, fail, turns).finally(
      () => running.delete(job),
    )
    running.add(job)
    while (running.size >= inFlight) await Promise.race(running)
  }
  while (running.size > 0) {
    await Promise.race([...running, state.pause(state.options.keepAliveMs)])
    outlet.emit({ keep_alive: true })
  }
  if (state.miniGrid) {
    const grid = paintOne(state, parsed, 0, 0)
    outlet.emit({ image: grid.src, batch_index: '-1', request_id: requestId, metadata: grid.metadata })
  }
  outlet.emit({ discard_indices: [] })
}

async function runJob(
  state: DoubleState,
  claim: Claim,
  parsed: Parsed,
  i: number,
  index: number,
  requestId: string,
  outlet: Outlet,
  status: () => void,
  fail: (text: string) => void,
  turns: { done: number },
): Promise<void> {
  const number = state.dispatched++
  state.beforeImage?.(number)
  const fault = state.takeFault(number)
  if (fault?.kind === 'silent') {
    // An exception before the waiting was counted; the count goes down all the same.
    claim.waitingBackends--
    status()
    return
  }
  claim.waitingBackends++
  status()
  const model = parsed.values.get('model') ?? ''
  const got = await awaitBackend(state, claim, model, status)
  claim.waitingBackends--
  if (typeof got === 'string') {
    if (got !== '') fail(got)
    status()
    return
  }
  try {
    status()
    if (claim.cancelled || claim.interrupted) return
    claim.liveGens++
    status()
    await live()
    claim.liveGens--
    claim.waitingGens--
    status()
  } finally {
    got.inUse--
    state.notify()
  }

  async function live(): Promise<void> {
    const { progressSteps, previewEvery, stepMs } = state.options
    if (fault?.kind === 'slow') await state.pause(fault.ms)
    if (fault?.kind === 'hold') await Promise.race([state.held(), interruption(state, claim)])
    for (let step = 1; step <= progressSteps && !claim.interrupted; step++) {
      await state.pause(stepMs)
      progress(step)
      if (fault?.kind === 'drop' && fault.when === 'live') outlet.drop()
      if (previewEvery > 0 && step % previewEvery === 0) preview(step)
    }
    if (claim.interrupted) return fail('Generation session interrupted.')
    if (fault?.kind === 'message') return fail(fault.text)
    if (model === '') return fail('No model input given. Did your UI load properly?')
    const order = state.completionOrder
    if (order) while (order[turns.done] !== i) await state.changed()
    const size = Number(parsed.values.get('batchsize') ?? 1)
    const step = parsed.values.get('noseedincrement') === 'true' ? 0 : i * size
    if (state.extraOutputs) {
      output(paintOne(state, parsed, step, 0), '-11')
      output(paintOne(state, parsed, step, 0), String(index + size + 1000))
    }
    for (let n = 0; n < size; n++) {
      const picture = paintOne(state, parsed, step, n)
      if (fault?.kind === 'drop' && fault.when === 'saved') outlet.drop()
      output(picture, String(index + n))
    }
    turns.done++
    state.notify()
  }

  function progress(step: number): void {
    const percent = step / state.options.progressSteps
    const first = step === 1 ? { metadata: JSON.stringify({ is_preview: true }) } : {}
    outlet.emit({
      gen_progress: {
        batch_index: String(index),
        request_id: requestId,
        overall_percent: percent,
        current_percent: percent,
        ...first,
      },
    })
  }

  function preview(step: number): void {
    const percent = (step + 0.2) / state.options.progressSteps // its denominator is another one
    const image = 'data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD/2Q=='
    for (let n = 0; n < Number(parsed.values.get('batchsize') ?? 1); n++) {
      outlet.emit({
        gen_progress: {
          batch_index: n === 0 ? String(index) : index + n,
          request_id: requestId,
          overall_percent: percent,
          current_percent: percent,
          preview: image,
        },
      })
    }
  }

  function output(picture: { src: string; metadata: string }, batchIndex: string): void {
    outlet.emit({
      image: picture.src,
      batch_index: batchIndex,
      request_id: requestId,
      metadata: picture.metadata,
    })
  }
}

async function interruption(state: DoubleState, claim: Claim): Promise<void> {
  while (!claim.interrupted) await state.changed()
}
