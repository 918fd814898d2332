import { describe, expect, it } from 'vitest'
import { EventHub } from '../../../src/store/events.js'
import { setUp } from './fallback-set-up.js'
import { fail, settle } from './scripted-adapter.js'

describe('listeners', () => {
  it('hear until they are taken away, each as often as it was added', () => {
    const hub = new EventHub()
    const heard: string[] = []
    const listener = ({ storage }: { storage: string }): void => void heard.push(storage)
    const off = hub.on('recovered', listener)
    hub.on('recovered', listener)
    hub.emit('recovered', { storage: 'a' })
    off()
    off()
    hub.emit('recovered', { storage: 'b' })
    hub.clear()
    hub.emit('recovered', { storage: 'c' })
    expect(heard).toEqual(['a', 'a', 'b'])
  })

  it('may take themselves away while they hear', () => {
    const hub = new EventHub()
    const heard: number[] = []
    const off = hub.on('recovered', () => {
      heard.push(1)
      off()
    })
    hub.on('recovered', () => heard.push(2))
    hub.emit('recovered', { storage: 'a' })
    hub.emit('recovered', { storage: 'a' })
    expect(heard).toEqual([1, 2, 2])
  })

  it('that throw or reject harm nothing, and are told to those of error', async () => {
    const { store, primary } = setUp()
    const errors: unknown[] = []
    const heard: number[] = []
    store.on('fallback', () => {
      throw new Error('thrown')
    })
    store.on('fallback', (async () => {
      throw new Error('rejected')
    }) as () => void)
    store.on('fallback', ({ timestamp }) => heard.push(timestamp))
    store.on('error', ({ error }) => errors.push(error))
    store.on('error', () => {
      throw new Error('nobody hears this')
    })
    store.on('error', (async () => {
      throw new Error('nor this')
    }) as () => void)
    primary.script('put', fail())
    expect(await store.save({ scriptText: 'a' }, { timestamp: 1000 })).toMatchObject({ degraded: true })
    await settle()
    expect(heard).toEqual([1000])
    expect(errors).toMatchObject([{ message: 'thrown' }, { message: 'rejected' }])
  })

  it('may use the store', async () => {
    const { store, primary, told } = setUp()
    const found: unknown[] = []
    store.on('fallback', async ({ timestamp }) => {
      found.push((await store.get(timestamp))?.storage)
      primary.always = undefined
      await store.sync()
    })
    primary.always = fail()
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    await settle()
    expect(found).toEqual(['second'])
    expect(told).toEqual(['fallback 1000', 'recovered', 'synced 1000'])
  })

  it('are refused if there is no such event', () => {
    const { store } = setUp()
    expect(() => store.on('toString' as 'synced', () => undefined)).toThrow(
      'on takes one of fallback, recovered, synced, conflict, error, and a function',
    )
    expect(() => store.on('synced', undefined as never)).toThrow('and a function')
  })
})
