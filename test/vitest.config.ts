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
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['test/properties.ts'],
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
          include: ['test/file/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'server',
          setupFiles: ['test/properties.ts'],
          include: ['test/server/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'swarmui',
          setupFiles: ['test/properties.ts'],
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
          // Some start processes and a real Redis.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      browserProject,
    ],
  },
})
