/**
 * Writing files.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileError } from '../arguments/read-text.js'
import { type Host, pathOf } from '../host.js'
import type { Tool } from '../tool.js'

/**
 * Writes a text to stdout for `-`, else to a file that appears whole or not at all, in place of the one before; then says
 * so, and what it is about.
 */
export async function writeOutput(tool: Tool, path: string, text: string, about?: string): Promise<void> {
  if (path === '-') return tool.print.text(text)
  await writeWholeFile(tool.host, path, text)
  tool.talk(`written: ${path}${about === undefined ? '' : `, ${about}`}`)
}

/** The same without a word, for those who write many files. */
export async function writeWholeFile(host: Host, path: string, text: string): Promise<void> {
  const file = pathOf(host, path)
  const draft = join(dirname(file), `.${basename(file)}.${randomUUID()}.tmp`)
  try {
    const handle = await open(draft, 'wx')
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw fileError(path, 'written', error)
  }
}
