import { describe, expect, it } from 'vitest'
import { conformanceCases } from '../../../src/testing/index.js'
import { sharedMemoryHarness } from './shared-memory.js'

function caseOf(name: string) {
  const found = conformanceCases.find((one) => one.name === name)
  if (!found) throw new Error(`there is no case "${name}"`)
  return found
}

describe('a run of a case', () => {
  it('closes every adapter it opened, also when it fails', async () => {
    for (const broken of [false, true]) {
      let open = 0
      const harness = sharedMemoryHarness((client) => {
        open++
        let closed = false
        return {
          ...client,
          get: broken ? async () => null : client.get,
          async close() {
            if (!closed) open--
            closed = true
            await client.close()
          },
        }
      })
      const outcome = await caseOf('what one adapter does the other sees')
        .run(harness)
        .then(
          () => 'kept',
          () => 'broken',
        )
      expect([outcome, open]).toEqual([broken ? 'broken' : 'kept', 0])
    }
  })

  it('fails when closing fails, but tells the failure of the body first', async () => {
    const close = async (): Promise<void> => {
      throw new Error('cannot close')
    }
    const sound = sharedMemoryHarness((client) => ({ ...client, close }))
    await expect(caseOf('a life ends').run(sound)).rejects.toThrow('cannot close')
    const broken = sharedMemoryHarness((client) => ({ ...client, close, get: async () => ({ raw: '' }) }))
    await expect(caseOf('a life ends').run(broken)).rejects.toThrow('get after the end: expected null')
  })

  it('counts lives in ticks of the harness, 1000 ms unless it says otherwise', async () => {
    for (const tickMs of [undefined, 250]) {
      const lives: unknown[] = []
      const waits: number[] = []
      const harness = sharedMemoryHarness((client) => ({
        ...client,
        put: (id, raw, options = {}) => {
          lives.push(options.ttlMs)
          return client.put(id, raw, options)
        },
      }))
      const { elapse } = harness
      await caseOf('a life ends').run({
        ...harness,
        ...(tickMs === undefined ? {} : { tickMs }),
        async elapse(ms) {
          waits.push(ms)
          await elapse(ms)
        },
      })
      expect({ lives, waits }).toEqual({ lives: [tickMs ?? 1000, undefined], waits: [2 * (tickMs ?? 1000)] })
    }
  })

  it('writes no text but what the harness made a document of', async () => {
    for (const one of conformanceCases) {
      const harness = sharedMemoryHarness((client) => ({
        ...client,
        async put(id, raw, options) {
          if (!raw.startsWith('{"wrapped":')) throw new Error(`"${one.name}" put a bare text`)
          return client.put(id, raw, options)
        },
      }))
      await one.run({ ...harness, document: (json) => `{"wrapped":${json}}` })
    }
  })

  it.each([
    ['reopen', 'closing one adapter leaves store and other adapters alone'],
    ['unreachable', 'get rejects with ADAPTER_UNAVAILABLE'],
  ])('fails without %s, saying what to do', async (member, name) => {
    const { open, elapse } = sharedMemoryHarness()
    const message = `there is no ${member}(): add it, or skip this case with the reason`
    await expect(caseOf(name).run({ open, elapse })).rejects.toThrow(message)
  })

  it('calls the harness as its methods', async () => {
    class Harness {
      readonly inner = sharedMemoryHarness()
      open() {
        return this.inner.open()
      }
      async reopen() {
        return this.inner.open()
      }
      elapse(ms: number) {
        return this.inner.elapse(ms)
      }
    }
    await caseOf('what one adapter does the other sees').run(new Harness())
  })
})
