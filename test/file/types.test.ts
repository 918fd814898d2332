import { describe, expect, expectTypeOf, it } from 'vitest'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import { type FileAdapterOptions, fileAdapter } from '../../src/adapters/file.js'

describe('the types of fileAdapter', () => {
  it('take a path and options, and give an adapter with all it can', () => {
    expectTypeOf(fileAdapter).parameters.toEqualTypeOf<[directory: string, options?: FileAdapterOptions]>()
    expectTypeOf(fileAdapter).returns.toEqualTypeOf<SessionAdapter>()
    expectTypeOf<Required<FileAdapterOptions>['staleLockMs']>().toEqualTypeOf<number | undefined>()
    const { name, describe: describeSession, prune } = fileAdapter('/sessions', { now: undefined, wait: undefined })
    expect([name, typeof describeSession, typeof prune]).toEqual(['file', 'function', 'function'])
  })

  it('refuse what is none', () => {
    // @ts-expect-error a directory is needed
    expect(() => fileAdapter()).toThrow('an absolute path')
    // @ts-expect-error a URL is no path
    expect(() => fileAdapter(new URL('file:///sessions'))).toThrow('an absolute path')
    // @ts-expect-error there is no such option
    expect(fileAdapter('/sessions', { directory: '/sessions' }).name).toBe('file')
  })
})
