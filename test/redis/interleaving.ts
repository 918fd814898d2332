/**
 * Trying every order in which the commands of several tasks can reach one server.
 */

import type { Redis } from 'ioredis'

/** Something that talks to the server through the given client alone. */
export type Task = (client: Redis) => Promise<unknown>

/** What is known after each command. */
export interface Step {
  /** Which tasks have come to their end. */
  done: readonly boolean[]
  /** The commands so far, such as `1 zadd`: task 1 sent a ZADD. */
  trace: readonly string[]
}

interface Waiting {
  name: string
  send: () => Promise<void>
}

/** A task whose commands wait for their turn, in the order in which it sent them. */
class Runner {
  readonly waiting: Waiting[] = []
  done = false
  failure: unknown

  constructor(server: Redis, task: Task) {
    task(this.clientOn(server)).then(
      () => {
        this.done = true
      },
      (error) => {
        this.failure = error
      },
    )
  }

  private clientOn(server: Redis): Redis {
    return new Proxy(server, {
      get: (target, name) => {
        // On a Cluster nothing is sent as a pipeline, so every single command can be held up.
        if (name === 'isCluster') return true
        // Word of a change touches neither documents nor index, so it takes no turn.
        if (name === 'xadd') return async () => '0-1'
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...args: unknown[]) =>
          new Promise((resolve, reject) => {
            const send = () => Promise.resolve(Reflect.apply(member, target, args)).then(resolve, reject)
            this.waiting.push({ name: String(name), send })
          })
      },
    })
  }
}

/** Lets everything run that waits for nothing but promises already settled. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/**
 * Runs the tasks once for each possible order of their commands. `reset` makes the starting state, `check` may look at
 * the server after each command. Returns the number of orders.
 */
export async function everyInterleaving(
  server: Redis,
  tasks: readonly Task[],
  reset: () => Promise<void>,
  check: (step: Step) => Promise<void>,
): Promise<number> {
  let orders = 0
  let next: number[] | null = []
  while (next) {
    await reset()
    const taken: { choice: number; of: number }[] = []
    const runners = tasks.map((task) => new Runner(server, task))
    const trace: string[] = []
    await settle()
    for (;;) {
      const ready = runners.filter(({ waiting }) => waiting.length > 0)
      if (ready.length === 0) break
      const choice: number = next[taken.length] ?? 0
      taken.push({ choice, of: ready.length })
      const runner = ready[choice]
      const command = runner?.waiting.shift()
      if (!runner || !command) throw new Error('there is no such task')
      await command.send()
      await settle()
      if (runner.failure) throw runner.failure
      trace.push(`${runners.indexOf(runner)} ${command.name}`)
      await check({ done: runners.map(({ done }) => done), trace })
    }
    orders++
    next = following(taken)
  }
  return orders
}

/** The next path through the tree of choices, depth first; `null` after the last. */
function following(taken: readonly { choice: number; of: number }[]): number[] | null {
  for (let at = taken.length - 1; at >= 0; at--) {
    const { choice, of } = taken[at] ?? { choice: 0, of: 0 }
    if (choice + 1 < of) return [...taken.slice(0, at).map((one) => one.choice), choice + 1]
  }
  return null
}
