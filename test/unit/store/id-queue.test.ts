import { describe, expect, it } from 'vitest'
import { IdQueue } from '../../../src/store/id-queue.js'
import { settle } from './scripted-adapter.js'

function gate() {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

describe('a queue by id', () => {
  it('runs one at a time of one id, in order, also after a failure, and others beside them', async () => {
    const queue = new IdQueue()
    const steps: string[] = []
    const first = gate()
    const work = (name: string, wait?: Promise<void>) => async () => {
      steps.push(`${name} begins`)
      await wait
      steps.push(`${name} ends`)
      if (name === 'a') throw new Error('a fails')
      return name
    }
    const a = queue.run(1, undefined, work('a', first.opened)).catch((error: Error) => error.message)
    const b = queue.run(1, undefined, work('b'))
    const c = queue.run(2, undefined, work('c'))
    expect(await c).toBe('c')
    expect(steps).toEqual(['a begins', 'c begins', 'c ends'])
    first.open()
    expect(await Promise.all([a, b])).toEqual(['a fails', 'b'])
    expect(steps.slice(3)).toEqual(['a ends', 'b begins', 'b ends'])
  })

  it('skips work whose caller has gone', async () => {
    const queue = new IdQueue()
    const first = gate()
    const a = queue.run(1, undefined, () => first.opened)
    const controller = new AbortController()
    let begun = false
    const b = queue.run(1, controller.signal, async () => {
      begun = true
    })
    const c = queue.run(1, undefined, async () => 'c')
    controller.abort('gone')
    await expect(b).rejects.toBe('gone')
    first.open()
    await a
    expect(await c).toBe('c')
    await settle()
    expect(begun).toBe(false)
  })
})
