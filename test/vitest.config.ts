import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import tsconfig from '../tsconfig.json' with { type: 'json' }
import { browserProject } from './browser/project.js'

/** The paths of the compiler's settings, which are those of the package's entries. */
function ownEntries(): { find: RegExp; replacement: string }[] {
  const { paths } = tsconfig.compilerOptions
  return Object.entries(paths).map(([name, [file = '']]) => ({
    find: new RegExp(`^${name}$`),
    replacement: resolve(file),
  }))
}

export default defineConfig({
  test: {
    // Vitest leaves one core to itself. Tests that wait for servers need less, and on two cores that would be half.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // `isolate: false` below: the sources keep no state of their own (rule 7 of the house), so the files of a worker share what
    // they have imported, which is half of the time of short tests.
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['test/properties.ts'],
          isolate: false,
          include: ['test/unit/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'types',
          include: ['test/types/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'redis',
          setupFiles: ['test/properties.ts'],
          isolate: false,
          include: ['test/redis/**/*.test.ts'],
          // Real servers on a machine that may be busy.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'file',
          setupFiles: ['test/properties.ts'],
          isolate: false,
          include: ['test/file/**/*.test.ts'],
          // A disk that others use, too: thousands of files are flushed one by one.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'server',
          setupFiles: ['test/properties.ts'],
          isolate: false,
          include: ['test/server/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'swarmui',
          setupFiles: ['test/properties.ts'],
          isolate: false,
          include: ['test/swarmui/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          // Processes are killed, frozen and started again.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'docs',
          include: ['test/docs/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'package',
          setupFiles: ['test/properties.ts'],
          include: ['test/package/**/*.test.ts'],
        },
      },
      {
        // What the program imports by the package's name is here what stands in `src`.
        resolve: { alias: ownEntries() },
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          setupFiles: ['test/properties.ts'],
          isolate: false,
          // Some start processes and a real Redis.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      browserProject,
    ],
  },
})
