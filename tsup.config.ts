import { defineConfig } from 'tsup'
import { writeContracts } from './test/scripts/contracts/write-contracts.js'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    schema: 'src/schema/index.ts',
    prompt: 'src/prompt/index.ts',
    redis: 'src/adapters/redis.ts',
    file: 'src/adapters/file.ts',
    indexeddb: 'src/adapters/indexeddb.ts',
    swarmui: 'src/swarmui/index.ts',
    ai: 'src/ai/index.ts',
    server: 'src/server/index.ts',
    testing: 'src/testing/index.ts',
  },
  format: ['esm', 'cjs'],
  dts: true,
  sourcemap: true,
  clean: true,
  splitting: true,
  treeshake: true,
  metafile: true,
  removeNodeProtocol: false, // Deno knows Node's modules by their full names only
  target: 'es2022',
  outDir: 'dist',
  onSuccess: async () => writeContracts('dist'),
})
