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

/** Lets faults happen from now on; what is returned tells how often each did. */
export function haunt(double: SwarmDouble, seed: number, share: number): () => Record<string, number> {
  const random = seededRandom(seed)
  const happened: string[] = []
  for (let number = 0; number < 5_000; number++) {
    const own = OWN.find(() => random.chance(share))
    if (own) double.faults.set(number, own[1])
  }
  double.beforeImage = () => {
    for (const [name, happen] of GLOBAL) {
      if (!random.chance(share)) continue
      happened.push(name)
      happen(double)
    }
  }
  return () => {
    const own = double.met.flatMap((fault) => OWN.filter(([, one]) => one === fault).map(([name]) => name))
    const counts: Record<string, number> = {}
    for (const name of [...own, ...happened]) counts[name] = (counts[name] ?? 0) + 1
    return counts
  }
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
