/** Faults of every kind, decided by a seed: each meets one of twenty pictures. */
import { seededRandom } from '../fixtures/random.js'
import type { SwarmDouble } from './double/server.js'
import { backend, type Fault } from './double/state.js'

const OWN: readonly (readonly [name: string, fault: Fault])[] = [
  ['error', { kind: 'message', text: 'ComfyUI execution error: out of memory' }],
  ['silence', { kind: 'silent' }],
  ['unreadable', { kind: 'unreadable' }],
  ['connection lost while painting', { kind: 'drop', when: 'live' }],
  ['connection lost when painted', { kind: 'drop', when: 'saved' }],
  ['slow', { kind: 'slow', ms: 15 }],
]

const GLOBAL: readonly (readonly [name: string, happen: (double: SwarmDouble) => void])[] = [
  ['sessions forgotten', (double) => double.forgetSessions()],
  ['restart', (double) => double.restart({ downMs: 5 })],
  [
    'no backends for a while',
    (double) => {
      double.setBackends([])
      void double.pause(5).then(() => double.setBackends([backend()]))
    },
  ],
  [
    'model cannot be loaded for a while',
    (double) => {
      double.modelLoadFails = true
      for (const one of double.backends) one.model = null
      void double.pause(5).then(() => {
        double.modelLoadFails = false
      })
    },
  ],
]

/** Lets faults happen from now on; tells how often each did. */
export function haunt(double: SwarmDouble, seed: number, share: number): Map<string, number> {
  const random = seededRandom(seed)
  const happened = new Map<string, number>()
  const count = (name: string): void => void happened.set(name, (happened.get(name) ?? 0) + 1)
  for (let number = 0; number < 5_000; number++) {
    const own = OWN.find(() => random.chance(share))
    if (own) double.faults.set(number, own[1])
  }
  const met = double.faults.delete.bind(double.faults)
  double.faults.delete = (number) => {
    const fault = double.faults.get(number)
    const name = OWN.find(([, own]) => own === fault)?.[0]
    if (name !== undefined) count(name)
    return met(number)
  }
  double.beforeImage = () => {
    for (const [name, happen] of GLOBAL) {
      if (!random.chance(share)) continue
      count(name)
      happen(double)
    }
  }
  return happened
}

/** How many pictures each take of each job was painted. */
export function timesPainted(double: SwarmDouble): Map<string, number> {
  const times = new Map<string, number>()
  for (const { job, take } of double.painted) {
    const name = `${job}/${take}`
    times.set(name, (times.get(name) ?? 0) + 1)
  }
  return times
}
