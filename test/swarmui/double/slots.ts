/** Waiting for a backend that is free and has the model. */
import type { Backend, Claim, DoubleState } from './state.js'

/** The backend, one usage of it taken; or the error to tell, empty for none. */
export async function awaitBackend(
  state: DoubleState,
  claim: Claim,
  model: string,
  status: () => void,
): Promise<Backend | string> {
  for (;;) {
    if (claim.interrupted) return ''
    const running = state.backends.filter((one) => one.status === 'running')
    const loading = state.backends.some((one) => one.status === 'loading' || one.status === 'waiting')
    if (running.length === 0 && !loading) return 'No backends available!'
    const free = running.filter((one) => one.inUse < one.maxUsages)
    const [best] = free.sort((a, b) => Number(b.model === model) - Number(a.model === model))
    if (best) {
      best.inUse++
      if (best.model === model) return best
      claim.loadingModels++
      status()
      await state.pause(state.options.modelLoadMs)
      claim.loadingModels--
      if (!state.modelLoadFails) {
        best.model = model
        return best
      }
      best.inUse--
      return `All available backends failed to load the model '/models/${model}'.\n\nPossible reason: out of memory.`
    }
    await state.changed()
  }
}
