/** The parameter stage: which keys mean what, and the exact texts of refusal. */
import { matchName } from './names.js'

export interface Parameter {
  id: string
  name: string
  type: 'integer' | 'decimal' | 'boolean' | 'dropdown' | 'list' | 'model' | 'text'
  min?: number
  max?: number
  values?: readonly string[]
  ignoreIf?: string
}

const integer = (id: string, name: string, min: number, max: number, ignoreIf?: string): Parameter => ({
  id,
  name,
  type: 'integer',
  min,
  max,
  ...(ignoreIf !== undefined && { ignoreIf }),
})
const decimal = (id: string, name: string): Parameter => ({ id, name, type: 'decimal', min: 0, max: 100 })
const flag = (id: string, name: string): Parameter => ({ id, name, type: 'boolean', ignoreIf: 'false' })
const dropdown = (id: string, name: string, values: readonly string[]): Parameter => ({
  id,
  name,
  type: 'dropdown',
  values,
})
const text = (id: string, name: string): Parameter => ({ id, name, type: 'text', ignoreIf: '' })

export const PARAMETERS: readonly Parameter[] = [
  { id: 'prompt', name: 'Prompt', type: 'text' },
  text('negativeprompt', 'Negative Prompt'),
  text('personalnote', 'Personal Note'),
  text('overrideoutpathformat', 'Override Outpath Format'),
  { id: 'model', name: 'Model', type: 'model' },
  integer('images', 'Images', 1, 10_000, '1'),
  integer('batchsize', 'Batch Size', 1, 100, '1'),
  integer('seed', 'Seed', -1, Number.MAX_SAFE_INTEGER),
  integer('variationseed', 'Variation Seed', -1, 4_294_967_295),
  integer('steps', 'Steps', 0, 500),
  integer('width', 'Width', 64, 16_384),
  integer('height', 'Height', 64, 16_384),
  integer('sidelength', 'Side Length', 64, 16_384),
  decimal('cfgscale', 'CFG Scale'),
  decimal('fluxguidancescale', 'Flux Guidance Scale'),
  flag('donotsave', 'Do Not Save'),
  flag('automaticvae', 'Automatic VAE'),
  flag('noseedincrement', 'No Seed Increment'),
  flag('continueaftererrors', 'Continue After Errors'),
  flag('nopreviews', 'No Previews'),
  dropdown('sampler', 'Sampler', ['euler', 'euler_ancestral', 'dpmpp_2m', 'ipndm']),
  dropdown('scheduler', 'Scheduler', ['normal', 'simple', 'beta', 'karras']),
  dropdown('aspectratio', 'Aspect Ratio', ['1:1', '4:3', '3:4', '16:9', '9:16', 'Custom']),
  dropdown('imageformat', 'Image Format', ['PNG', 'JPG', 'WEBP_LOSSLESS', 'WEBP']),
  dropdown('sdtextencs', 'SD3 TextEncs', ['CLIP Only', 'T5 Only', 'CLIP + T5']),
  dropdown('webhooks', 'Webhooks', ['None', 'Normal', 'Manual', 'Manual At End']),
  { id: 'loras', name: 'LoRAs', type: 'list', ignoreIf: '' },
  text('loraweights', 'LoRA Weights'),
]

const BY_ID = new Map(PARAMETERS.map((parameter) => [parameter.id, parameter]))

/** Everything one request asks for, as the server understood it. */
export interface Parsed {
  values: Map<string, string>
  meta: Record<string, unknown>
  presetsUsed: string[]
}

/** A refusal that the caller may read. */
export class Refused extends Error {}

export interface World {
  models: ReadonlyMap<string, readonly string[]>
  presets: ReadonlyMap<string, Readonly<Record<string, string>>>
}

function textOf(value: unknown): string {
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return value.map(textOf).join('\n|||\n')
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value)
}

export function parseBody(body: Record<string, unknown>, world: World, random: () => number): Parsed {
  const meta: Record<string, unknown> = {}
  const extra = body.extra_metadata
  if (typeof extra === 'object' && extra !== null && !Array.isArray(extra)) {
    for (const [key, value] of Object.entries(extra))
      meta[key] = Array.isArray(value) ? value.map(textOf) : textOf(value)
  }
  const values = new Map<string, string>()
  for (const [key, value] of Object.entries(body)) {
    if (key === 'session_id' || key === 'presets' || key === 'extra_metadata') continue
    setParameter(values, key, textOf(value), world)
  }
  const presetsUsed = Array.isArray(body.presets) ? body.presets.map(String) : []
  for (const title of presetsUsed) {
    const preset = [...world.presets].find(([name]) => name.toLowerCase() === title.toLowerCase())?.[1]
    for (const [key, value] of Object.entries(preset ?? {})) setParameter(values, key, value, world)
  }
  if ((values.get('seed') ?? '-1') === '-1') values.set('seed', String(Math.floor(random() * (2 ** 31 - 1))))
  return { values, meta, presetsUsed }
}

function setParameter(values: Map<string, string>, key: string, value: string, world: World): void {
  const parameter = BY_ID.get(key.toLowerCase().replace(/[^a-z]/g, ''))
  if (!parameter) return // the real server writes a line into its log, and nothing else
  if (value === parameter.ignoreIf) {
    values.delete(parameter.id)
    return
  }
  try {
    values.set(parameter.id, validated(parameter, value, world))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw new Refused(`Invalid value for parameter ${parameter.name}: ${error.message}`)
  }
}

function validated(parameter: Parameter, value: string, world: World): string {
  const { name, type, min = 0, max = 0 } = parameter
  const invalid = (problem: string, kind: string = type): Refused =>
    new Refused(`Invalid ${kind} value for param ${name} - '${value}' - ${problem}`)
  switch (type) {
    case 'integer':
      if (!/^-?\d+$/.test(value)) throw invalid("must be a valid integer (eg '0', '3', '-5', etc)")
      if (Number(value) < min || Number(value) > max) throw invalid(`must be between ${min} and ${max}`)
      return value
    case 'decimal':
      if (!/^-?\d*\.?\d+$/.test(value)) throw invalid("must be a valid decimal (eg '0.0', '3.5', '-5.2', etc)")
      if (Number(value) < min || Number(value) > max) throw invalid(`must be between ${min} and ${max}`)
      return value
    case 'boolean':
      if (!/^(true|false)$/i.test(value)) throw invalid("must be exactly 'true' or 'false'")
      return value.toLowerCase()
    case 'dropdown': {
      const found = matchName(value, parameter.values ?? [])
      const all = (parameter.values ?? []).map((one) => `\`${one}\``).join(', ')
      if (found === undefined)
        throw new Refused(`Invalid value for param ${name} - '${value}' - must be one of: ${all}`)
      return found
    }
    case 'list':
      return value
        .split(value.includes('\n|||\n') ? '\n|||\n' : ',')
        .map((one) => one.trim())
        .filter(Boolean)
        .map((one) => {
          const found = matchName(one, world.models.get('LoRA') ?? [])
          if (found === undefined) {
            throw new Refused(
              `Invalid value for param ${name} - '${one}' - option does not exist. Has it been deleted?`,
            )
          }
          return found
        })
        .join(',')
    case 'model': {
      if (value === '' || value === '(None)') return ''
      const found = matchName(value, world.models.get('Stable-Diffusion') ?? [])
      if (found === undefined) throw invalid('are you sure that model name is correct?')
      return found
    }
    case 'text':
      return value
  }
}
