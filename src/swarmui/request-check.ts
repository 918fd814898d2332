/**
 * What the server would not refuse and should: unknown names, empty prompts, lost tags, sizes that cannot be.
 * @module
 */

import { StoryArtError, type SwarmError } from '../errors.js'
import { parseTags } from '../prompt/syntax/tags.js'
import { type Catalogue, exactName, similarNames } from './catalogue.js'
import type { GenerateRequest, ParameterValue } from './generation.js'
import { swarmError } from './refusal.js'

/** Tags that put no words into the prompt; all others may. */
const WORDLESS =
  /^(lora|segment|region|object|extend|clear|base|refiner|pixeldecoder|video|videoswap|break|comment|setvar|setmacro)$/

/** Ids with a meaning of their own at the root of a request. */
const RESERVED = /^(images|batchsize|presets|sessionid|extrametadata)$/

type Values = Record<string, string | number | boolean>

/**
 * The request with every name as the server has it.
 *
 * @throws `SwarmError` `SWARM_REFUSED`: the server would paint something else, or nothing.
 * @throws `StoryArtError` `INVALID_ARGUMENT`: a key that is no parameter.
 * @internal
 */
export function checkedRequest(
  request: GenerateRequest,
  catalogue: Catalogue,
): GenerateRequest & { parameters: Values } {
  const { images = 1 } = request
  if (!Number.isSafeInteger(images) || images < 1 || images > 10_000) {
    throw new StoryArtError('INVALID_ARGUMENT', `images must be a whole number from 1 to 10000, not ${images}.`)
  }
  const parameters: Values = {}
  for (const [id, value] of Object.entries(request.parameters)) {
    // The server takes the digits and lines out of a key and is left with another parameter's.
    if (!/^[a-z]+$/.test(id) || RESERVED.test(id)) {
      throw new StoryArtError('INVALID_ARGUMENT', `"${id}" cannot be among the parameters of a request.`)
    }
    if (value !== null && value !== undefined && value !== '') parameters[id] = checkedValue(id, value, catalogue)
  }
  checkPrompt(parameters.prompt, catalogue)
  if (parameters.model === undefined) throw refused('it has no model; set one in the prompt, or in `defaults`')
  parameters.model = known('model', String(parameters.model), catalogue.models)
  if (parameters.loras !== undefined) {
    const names = listOf(parameters.loras)
    parameters.loras = names.map((name) => known('LORA', name, catalogue.loras)).join(',')
    checkWeights(parameters.loraweights, names.length)
  } else if (parameters.loraweights !== undefined) {
    delete parameters.loraweights // a weight of nothing
  }
  return { ...request, parameters }
}

function refused(why: string): SwarmError {
  return swarmError('SWARM_REFUSED', `the request was not sent: ${why}.`)
}

function checkedValue(id: string, value: NonNullable<ParameterValue>, catalogue: Catalogue): string | number | boolean {
  const parameter = catalogue.parameters.get(id)
  if (!parameter) throw refused(`the server knows no parameter ${id}, and would pass over it`)
  const { type, min, max, values } = parameter
  if (type === 'integer' || type === 'decimal') {
    const number = Number(value)
    const fits = type === 'integer' ? Number.isSafeInteger(number) : Number.isFinite(number)
    if (!fits || typeof value === 'boolean')
      throw refused(`${id} must be ${type === 'integer' ? 'a whole' : 'a'} number`)
    if (min !== null && max !== null && (number < min || number > max)) {
      throw refused(`${id} must be from ${min} to ${max}, not ${number}`)
    }
    return number
  }
  // The server reads e-notation nowhere and knows no other values of a choice.
  return type === 'dropdown' && values ? known(id, String(value), values) : value
}

function known(what: string, name: string, names: readonly string[]): string {
  const found = exactName(name, names)
  if (found === undefined) throw refused(`the server has no ${what} "${name}"${similarNames(name, names)}`)
  return found
}

function listOf(value: string | number | boolean): string[] {
  return String(value)
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
}

function checkWeights(weights: string | number | boolean | undefined, count: number): void {
  if (weights === undefined) return
  const numbers = listOf(weights)
  if (numbers.length !== count) throw refused(`it has ${count} LORAs and ${numbers.length} weights`)
  if (numbers.some((weight) => !Number.isFinite(Number(weight)))) throw refused('a weight of a LORA is no number')
}

function checkPrompt(prompt: string | number | boolean | undefined, { loras }: Catalogue): void {
  const text = String(prompt ?? '')
  const { tags, literalFrom } = parseTags(text)
  if (literalFrom !== undefined && text.includes('>', literalFrom)) {
    throw refused(`the prompt has a < at offset ${literalFrom} that is never closed, so no tag behind it would count`)
  }
  let words = text
  for (const { prefix, preData, raw, data } of tags) {
    if (WORDLESS.test(prefix) || (prefix === 'param' && preData !== null)) words = words.replace(raw, '')
    if (prefix === 'lora') checkTag(data, loras)
  }
  if (words.trim() === '') throw refused('the prompt has no words')
}

/** A LORA of a tag that the server does not have stays in the prompt as words, and nobody is told. */
function checkTag(data: string, loras: readonly string[]): void {
  const [name = '', ...weights] = data.split(':')
  if (name.includes('<')) return // another tag makes the name
  known('LORA', name.trim(), loras)
  if (weights.some((weight) => !Number.isFinite(Number(weight)) || weight.trim() === '')) {
    throw refused('a weight in a <lora:> tag is no number')
  }
}
