/** One finished picture: its seed, its metadata, its place. */
import type { Parsed } from './parameters.js'
import type { DoubleState } from './state.js'

export function paintOne(
  state: DoubleState,
  { values, meta, presetsUsed }: Parsed,
  step: number,
  n: number,
): { src: string; metadata: string } {
  const seed = Number(values.get('seed')) + step + n
  const width = Number(values.get('width') ?? 512)
  const height = Number(values.get('height') ?? 512)
  const prompt = values.get('prompt') ?? ''
  const model = values.get('model') ?? ''
  const used: Record<string, unknown> = { ...Object.fromEntries(values), seed, swarm_version: '0.9.8.2' }
  if (used.images === '1') delete used.images
  const metadata = ascii(
    JSON.stringify(
      {
        sui_image_params: used,
        sui_extra_data: {
          date: '2026-11-25',
          generation_time: '0.01 (prep) and 0.02 (gen) seconds',
          ...(presetsUsed.length > 0 && { presets_used: presetsUsed }),
          ...meta,
        },
      },
      null,
      2,
    ),
  )
  const bytes = state.paint(width, height, seed, metadata)
  if (values.get('donotsave') === 'true') {
    state.painted.push({ job: meta.storyart_job, take: meta.storyart_take, seed, model, prompt, path: '' })
    return { src: `data:image/png;base64,${bytes.toString('base64')}`, metadata }
  }
  const path = freePath(state, prompt, model)
  state.files.set(path, { bytes, metadata, extra: meta })
  state.painted.push({ job: meta.storyart_job, take: meta.storyart_take, seed, model, prompt, path })
  return { src: `View/local/${path}`, metadata }
}

function ascii(text: string): string {
  return text.replace(/[^\0-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function freePath(state: DoubleState, prompt: string, model: string): string {
  const clean = (text: string): string =>
    text
      .replace(/[<>:"\\|?*~&@;#$^./\n]/g, '')
      .slice(0, 40)
      .trim()
  const stem = `raw/2026-11-25/0810-${clean(prompt)}-${clean(model)}`
  for (let n = 0; ; n++) {
    const path = n === 0 ? `${stem}.png` : `${stem}-${n}.png`
    if (!state.files.has(path)) return path
  }
}
