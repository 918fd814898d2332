/**
 * `npm run test:chaos -- --seed 7 --minutes 5`
 */

import { parseArgs } from 'node:util'
import { runChaos } from './chaos.js'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '1' },
  },
})
const [seed, minutes] = [Number(values.seed), Number(values.minutes)]
if (!Number.isSafeInteger(seed) || seed < 0 || !(minutes > 0)) {
  process.stderr.write('usage: npm run test:chaos -- [--seed WHOLE_NUMBER] [--minutes NUMBER]\n')
  process.exit(2)
}
process.stdout.write(`seed ${seed}, ${minutes} min\n`)
const { violation, ...report } = await runChaos({
  seed,
  ms: minutes * 60_000,
  say: (line) => void process.stderr.write(`${line}\n`),
})
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
if (violation) {
  process.stdout.write(`${violation.trace.join('\n')}\nVIOLATION with seed ${seed}: ${violation.message}\n`)
  process.exit(1)
}
