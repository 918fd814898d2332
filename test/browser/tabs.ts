/** Other tabs for tests in a browser: real ones, each a process of its own. Commands of vitest, so they run in Node. */
import type { Page } from 'playwright-core'
import type { BrowserCommand } from 'vitest/node'
import type { TabWork } from './tab-work.js'

const tabs: Page[] = []

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** Opens a tab of the same origin, with that content security policy if given, and tells its number. */
    openTab(policy?: string): Promise<number>
    /** Runs a function of `tab-work.ts` in a tab. */
    inTab<K extends keyof TabWork>(
      tab: number,
      name: K,
      ...args: Parameters<TabWork[K]>
    ): Promise<Awaited<ReturnType<TabWork[K]>>>
    /** Loads the page of a tab again. */
    reloadTab(tab: number): Promise<void>
    /** Closes all tabs that were opened. */
    closeTabs(): Promise<void>
  }
}

function tabOf(number: number): Page {
  const tab = tabs[number]
  if (!tab) throw new Error(`there is no tab ${number}`)
  return tab
}

export const openTab: BrowserCommand<[policy?: string]> = async ({ context, page }, policy) => {
  const tab = await context.newPage()
  const url = new URL('/empty-page', page.url()).href
  const headers = policy === undefined ? {} : { 'content-security-policy': policy }
  await tab.route(url, (route) => route.fulfill({ contentType: 'text/html', headers, body: '<!doctype html>' }))
  await tab.goto(url)
  return tabs.push(tab) - 1
}

export const inTab: BrowserCommand<[number, keyof TabWork, ...unknown[]]> = (_, number, name, ...args) =>
  // As text, since what builds this file would rewrite the import.
  tabOf(number).evaluate(`import('/test/browser/tab-work.ts').then((work) => work.${name}(...${JSON.stringify(args)}))`)

export const reloadTab: BrowserCommand<[number]> = async (_, number) => {
  await tabOf(number).reload()
}

export const closeTabs: BrowserCommand<[]> = async () => {
  await Promise.all(tabs.splice(0).map((tab) => tab.close()))
}
