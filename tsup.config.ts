import { copyFile } from 'node:fs/promises'
import { defineConfig, type Options } from 'tsup'
import { writeContracts } from './test/scripts/contracts/write-contracts.js'
import { licenceNotices } from './test/scripts/licence-notices.js'

const library = {
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
  splitting: true,
  treeshake: true,
  metafile: true,
  removeNodeProtocol: false, // Deno knows Node's modules by their full names only
  target: 'es2022',
  outDir: 'dist',
  onSuccess: async () => writeContracts('dist'),
} satisfies Options

/**
 * The program uses the library as everybody does, by its entry points: it holds no second copy of it. What else it needs
 * is built in, so that who installs the library gets zod and nothing more.
 */
const program = {
  entry: { cli: 'src/cli/main.ts' },
  format: ['esm'],
  external: [/^storyart-sdk/],
  splitting: true,
  treeshake: true,
  removeNodeProtocol: false,
  target: 'node20',
  // What is built in was written for CommonJS.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  esbuildPlugins: [licenceNotices('dist/cli-licenses.txt')],
  outDir: 'dist',
  // What `storyart demo` shows.
  onSuccess: async () => copyFile('docs/examples/sample-session.json', 'dist/sample-session.json'),
} satisfies Options

export default defineConfig([library, program])
