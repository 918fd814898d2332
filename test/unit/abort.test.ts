import { describe, expect, it } from 'vitest'
import { abortable } from '../../src/abort.js'

/** An AbortSignal that counts its listeners. */
function counted() {
  const controller = new AbortController()
  const { signal } = controller
  const listeners = { count: 0 }
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners.count++
    add(...args)
  }
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners.count--
    remove(...args)
  }
  return { controller, signal, listeners }
}

describe('abortable', () => {
  it('settles as the work does and leaves no listener', async () => {
    const { signal, listeners } = counted()
    expect(await abortable(Promise.resolve(7), signal)).toBe(7)
    await expect(abortable(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken')
    await new Promise(setImmediate)
    expect(listeners.count).toBe(0)
  })

  it('rejects with the very reason, before and during the work', async () => {
    const reason = { my: 'reason' }
    await expect(abortable(Promise.reject(new Error('late')), AbortSignal.abort(reason))).rejects.toBe(reason)
    const { controller, signal } = counted()
    const running = abortable(new Promise(() => undefined), signal)
    controller.abort(reason)
    await expect(running).rejects.toBe(reason)
  })
})
