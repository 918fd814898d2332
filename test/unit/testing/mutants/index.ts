import { backendMutants } from './backend.js'
import { callMutants } from './calls.js'
import { expectMutants } from './expect.js'
import { listMutants } from './list.js'
import type { Mutant } from './mutant.js'
import { removeMutants } from './remove.js'
import { textMutants } from './text.js'
import { ttlMutants } from './ttl.js'
import { watchMutants } from './watch.js'

export const mutants: readonly Mutant[] = [
  ...textMutants,
  ...expectMutants,
  ...ttlMutants,
  ...listMutants,
  ...removeMutants,
  ...callMutants,
  ...backendMutants,
  ...watchMutants,
]
