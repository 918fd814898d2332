import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { resolve } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import type { UserProjectConfigExport } from 'vitest/config'
import { deadAddress, elapse, readElsewhere, startSessionServer, stopSessionServers } from './http-servers.js'
import { startSwarm, stopSwarm } from './swarm.js'
import { closeTabs, inTab, openTab, reloadTab } from './tabs.js'

const dist = resolve('dist')

/** A port nobody uses now. Vitest takes 0 for its own fixed port, and the next free one if this is taken meanwhile. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** The tests of `test/browser`: Debian's Chromium against the built `dist/`. */
export const browserProject: UserProjectConfigExport = async () => ({
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
      api: { host: '127.0.0.1', port: await freePort() },
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
      commands: {
        openTab,
        inTab,
        reloadTab,
        closeTabs,
        startSessionServer,
        deadAddress,
        elapse,
        readElsewhere,
        stopSessionServers,
        startSwarm,
        stopSwarm,
      },
    },
  },
})
