import { resolve } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import type { UserProjectConfigExport } from 'vitest/config'
import { closeTabs, inTab, openTab, reloadTab } from './tabs.js'

const dist = resolve('dist')

/** The tests of `test/browser`: Debian's Chromium against the built `dist/`. */
export const browserProject: UserProjectConfigExport = {
  // What `exports` in package.json says, for a package that imports itself.
  resolve: {
    alias: [
      { find: /^storyart-sdk$/, replacement: `${dist}/index.js` },
      { find: /^storyart-sdk\/(\w+)$/, replacement: `${dist}/$1.js` },
    ],
  },
  // Named here, because what Vite discovers only later makes it reload the page in the middle of a test.
  optimizeDeps: { include: ['zod'] },
  test: {
    name: 'browser',
    include: ['test/browser/**/*.test.ts'],
    // All share one localStorage.
    fileParallelism: false,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      ui: false,
      api: { host: '127.0.0.1', port: 0 },
      provider: playwright({
        launchOptions: {
          executablePath: '/usr/bin/chromium',
          args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
          ],
        },
      }),
      instances: [{ browser: 'chromium' }],
      commands: { openTab, inTab, reloadTab, closeTabs },
    },
  },
}
