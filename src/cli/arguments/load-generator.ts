/**
 * Loading a generator of prompts from a module of the user's.
 * @module
 */
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PromptGenerator } from 'storyart-sdk/prompt'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import { type Host, pathOf } from '../host.js'

/**
 * The default export or the export `generator` of a module: `{ name, generate }`, or the function `generate` alone.
 *
 * @throws {CliError} of code `usage` when the module cannot be loaded or has no generator.
 */
export async function loadGenerator(host: Host, path: string): Promise<PromptGenerator> {
  const { generator } = await loaded(host, path)
  if (isGenerator(generator)) return telling(generator)
  if (isGenerate(generator)) return telling({ name: basename(path).replace(/\.[^.]*$/, ''), generate: generator })
  throw new CliError(
    EXIT.usage,
    `${path} has no generator: its default export, or its export "generator", must be { name, generate } or a function that takes { session, context, items } and resolves to [{ key, prompt }]`,
  )
}

async function loaded(host: Host, path: string): Promise<{ generator: unknown }> {
  try {
    const module: unknown = await import(pathToFileURL(pathOf(host, path)).href)
    const own = Object(module)
    return { generator: own.default ?? own.generator }
  } catch (error) {
    throw new CliError(EXIT.usage, `${path} cannot be loaded: ${wordsOf(error)}`, { cause: error })
  }
}

function isGenerator(value: unknown): value is PromptGenerator {
  const { name, generate } = Object(value)
  return typeof value === 'object' && typeof name === 'string' && name !== '' && typeof generate === 'function'
}

function isGenerate(value: unknown): value is PromptGenerator['generate'] {
  return typeof value === 'function'
}

/** What a module of a stranger throws is no fault of the program's, and is told without a trace through it. */
function telling(generator: PromptGenerator): PromptGenerator {
  const { name } = generator
  return {
    name,
    async generate(request) {
      try {
        const results: unknown = await generator.generate(request)
        if (areResults(results)) return results
      } catch (error) {
        request.signal?.throwIfAborted()
        throw new CliError(EXIT.failed, `the generator ${name} failed: ${wordsOf(error)}`, { cause: error })
      }
      throw new CliError(
        EXIT.failed,
        `the generator ${name} must resolve to a list of { key, prompt } or { key, failure }, and resolved to something else`,
      )
    },
  }
}

function areResults(value: unknown): value is Awaited<ReturnType<PromptGenerator['generate']>> {
  return Array.isArray(value) && value.every(isResult)
}

function isResult(value: unknown): boolean {
  const { key, prompt, failure } = Object(value)
  if (typeof key !== 'string') return false
  if (failure !== undefined) return typeof failure === 'string'
  return typeof prompt === 'string' || typeof Object(prompt).prompt === 'string'
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
