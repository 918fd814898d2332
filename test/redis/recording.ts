/**
 * A client that writes down what goes through it.
 */

import type { Redis } from 'ioredis'

/** A command as it was called: its name, then its arguments. */
export type Command = [name: string, ...args: unknown[]]

/** The same client; every command called on it or on a pipeline of it is added to `commands`, pipelines as they end. */
export function recording(client: Redis, commands: Command[], { isCluster = false } = {}): Redis {
  return new Proxy(client, {
    get(target, name) {
      if (name === 'isCluster') return isCluster
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      if (name === 'pipeline') return () => recordingPipeline(target.pipeline(), commands)
      return (...args: unknown[]) => {
        commands.push([String(name), ...args])
        return Reflect.apply(member, target, args)
      }
    },
  })
}

function recordingPipeline<T extends object>(pipeline: T, commands: Command[]): T {
  const proxy: T = new Proxy(pipeline, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      if (name === 'exec') return (...args: unknown[]) => Reflect.apply(member, target, args)
      return (...args: unknown[]) => {
        commands.push([String(name), ...args])
        Reflect.apply(member, target, args)
        return proxy
      }
    },
  })
  return proxy
}
