import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkSession } from '../../../../src/prompt/check/check.js'
import { FINDING_CODES, type FindingCode, summarizeFindings } from '../../../../src/prompt/check/finding.js'
import type { Session } from '../../../../src/schema/index.js'
import {
  fullEpisode,
  guideSession,
  hostileSessions,
  hostileText,
  manualSave,
  manyCharactersSession,
  storySwarmSession,
  v1Session,
} from '../../../fixtures/index.js'
import { cleanSession, PIER } from '../clean-session.js'

/** What a change of the clean session leads to: `code path`. */
type Case = [code: FindingCode, at: string, change: (session: ReturnType<typeof cleanSession>) => void]

const CONTEXT = 'episodeContext.episode'
const SCENE = 'analyzedEpisode.scenes[0]'
const PROMPT = `${SCENE}.beats[0].prompts.cinematic`
const TEXT = `${PROMPT}.prompt`

const CASES: Case[] = [
  ['script-missing', 'scriptText', (s) => (s.scriptText = ' ')],
  ['script-placeholder', 'scriptText', (s) => (s.scriptText = '[Restored session - Episode 2]')],
  ['context-missing', 'episodeContext', (s) => (s.rest = { episodeContext: null })],
  ['context-empty', 'episodeContext', (s) => (s.rest = { episodeContext: '' })],
  [
    'context-empty',
    'episodeContext',
    (s) => (s.rest = { episodeContext: '{"episode":{"characters":[],"scenes":[]}}' }),
  ],
  ['context-placeholder', 'episodeContext', (s) => (s.rest = { episodeContext: '[Restored context for The Lamp]' })],
  ['context-not-json', 'episodeContext', (s) => (s.rest = { episodeContext: '{"episode": oops}' })],
  ['context-not-json', 'episodeContext', (s) => (s.rest = { episodeContext: '[1]' })],
  ['context-without-scenes', 'episodeContext', (s) => (s.context.scenes = [])],
  [
    'character-without-trigger',
    `${CONTEXT}.characters[2].base_trigger`,
    (s) => s.context.characters.push({ character_name: 'Mute' }),
  ],
  [
    'trigger-shared',
    `${CONTEXT}.characters[2].base_trigger`,
    (s) => s.context.characters.push({ character_name: 'Bo Reed', base_trigger: 'theo_v1 MAN' }),
  ],
  ['alias-unusable', `${CONTEXT}.characters[1].aliases[1]`, (s) => (s.theo.aliases = ['Theo', 'Dr.'])],
  ['alias-unusable', `${CONTEXT}.characters[1].aliases[0]`, (s) => (s.theo.aliases = ['the man', 'Theo'])],
  [
    'scene-not-analyzed',
    `${CONTEXT}.scenes[1].scene_number`,
    (s) => s.context.scenes.push({ ...PIER, scene_number: 9 }),
  ],
  [
    'location-undescribed',
    `${CONTEXT}.scenes[0].location.visual_description`,
    (s) => (s.pier.location = { name: 'Pier' }),
  ],
  ['location-undescribed', `${CONTEXT}.scenes[0].location`, (s) => (s.pier.location = null)],
  [
    'artifact-without-fragment',
    `${CONTEXT}.scenes[0].location.artifacts[0].swarmui_prompt_fragment`,
    (s) => (s.pier.location = { ...PIER.location, artifacts: [{ artifact_name: 'Bell', description: 'cracked' }] }),
  ],
  [
    'override-unused',
    `${CONTEXT}.scenes[0].character_appearances[0].location_context.swarmui_prompt_override`,
    (s) => (s.look.swarmui_prompt_override = 'ADAM_V1 woman in a silver diving suit, helmet under the arm'),
  ],
  [
    'override-partly-used',
    `${CONTEXT}.scenes[0].character_appearances[0].location_context.swarmui_prompt_override`,
    (s) => (s.beats[2].prompts.cinematic.prompt = 'ADAM_V1 woman asleep on the pier'),
  ],
  ['story-uuid-invalid', 'storyUuid', (s) => (s.storyUuid = 'restored-1704067200000')],
  ['scene-empty', 'analyzedEpisode.scenes[1].beats', (s) => s.scenes.push({ beats: [] })],
  [
    'scene-duplicate',
    'analyzedEpisode.scenes[1].sceneNumber',
    (s) => s.scenes.push({ sceneNumber: 1, beats: [s.still('x')] }),
  ],
  [
    'scene-without-context',
    'analyzedEpisode.scenes[1].sceneNumber',
    (s) => s.scenes.push({ sceneNumber: 5, beats: [s.still('x')] }),
  ],
  ['scene-duration', `${SCENE}.metadata.targetDuration`, (s) => (s.metadata.targetDuration = '15-20 minutes')],
  ['scene-duration', `${SCENE}.metadata.targetDuration`, (s) => (s.metadata.targetDuration = 'short')],
  ['beat-duplicate', `${SCENE}.beats[4].beatId`, (s) => s.beats.push(s.still(' s1-b1 '))],
  ['decision-missing', `${SCENE}.beats[0].imageDecision`, (s) => (s.beats[0].imageDecision = null)],
  ['decision-unknown', `${SCENE}.beats[0].imageDecision`, (s) => (s.beats[0].imageDecision = 'LATER')],
  [
    'reuse-without-source',
    `${SCENE}.beats[1].imageDecision.reuseSourceBeatId`,
    (s) => (s.reuse.reuseSourceBeatId = ' '),
  ],
  [
    'reuse-dangling',
    `${SCENE}.beats[1].imageDecision.reuseSourceBeatId`,
    (s) => (s.reuse.reuseSourceBeatId = 's1-b77'),
  ],
  ['reuse-self', `${SCENE}.beats[1].imageDecision.reuseSourceBeatId`, (s) => (s.reuse.reuseSourceBeatId = ' s1-b2')],
  [
    'reuse-forward',
    `${SCENE}.beats[1].imageDecision.reuseSourceBeatId`,
    (s) => Object.assign(s.reuse, { reuseSourceBeatId: 's1-b3', reuseSourceBeatLabel: 'Scene 1, Beat s1-b3' }),
  ],
  [
    'reuse-chained',
    `${SCENE}.beats[4].imageDecision.reuseSourceBeatId`,
    (s) =>
      s.beats.push({
        beatId: 's1-b5',
        imageDecision: { type: 'REUSE_IMAGE', reuseSourceBeatId: 's1-b2', reuseSourceBeatLabel: 'Scene 1, Beat s1-b2' },
      }),
  ],
  [
    'reuse-label',
    `${SCENE}.beats[1].imageDecision.reuseSourceBeatLabel`,
    (s) => (s.reuse.reuseSourceBeatLabel = 'Unknown Source (ID: s1-b1)'),
  ],
  [
    'positioning-none',
    `${SCENE}.beats[0].characterPositioning`,
    (s) => (s.beats[0].characterPositioning = 'N/A (POV shot)'),
  ],
  ['character-unknown', `${SCENE}.beats[3].characters`, (s) => (s.beats[3].characters = ['Arthur Nobody'])],
  ['prompt-missing', `${SCENE}.beats[0].prompts`, (s) => (s.beats[0].prompts = null)],
  ['prompts-pending', `${SCENE}.beats[0].prompts`, (s) => (s.beats[0].prompts = {})],
  ['prompt-empty', PROMPT, (s) => (s.first.prompt = ' ')],
  ['prompt-placeholder', PROMPT, (s) => (s.first.prompt = '[Beat s1-bb1: Generation failed]')],
  ['prompt-plain-text', PROMPT, (s) => (s.beats[0].prompts = { cinematic: s.first.prompt })],
  ['prompt-unknown-format', `${SCENE}.beats[0].prompts.square`, (s) => (s.beats[0].prompts.square = 'a lamp')],
  ['prompt-without-beat', 'prompts[0].beatId', (s) => (s.rest = { prompts: [{ beatId: 'gone', cinematic: 'fog' }] })],
  [
    'prompt-only-tags',
    `${SCENE}.beats[3].prompts.cinematic.prompt`,
    (s) => (s.beats[3].prompts = { cinematic: { prompt: '<segment:face,0.4,0.5> <lora:x:0.8>' } }),
  ],
  ['prompt-syntax', TEXT, (s) => (s.first.prompt += ' (lost')],
  ['prompt-syntax', TEXT, (s) => (s.first.prompt += ' I <3 you')],
  ['name-unsubstituted', TEXT, (s) => (s.first.prompt += ', Theo waits')],
  ['name-ambiguous', TEXT, (s) => (s.first.prompt += ', the Marsh house')],
  ['trigger-missing', TEXT, (s) => (s.beats[0].characters = ['Ada Marsh', 'Theo Marsh'])],
  [
    'trigger-doubled',
    TEXT,
    (s) => (s.first.prompt = s.first.prompt.replace('ADAM_V1 woman', 'ADAM_V1 woman ADAM_V1 woman')),
  ],
  ['trigger-doubled', TEXT, (s) => (s.first.prompt = s.first.prompt.replace('ADAM_V1 woman', 'ADAM_V1 ADAM_V1 woman'))],
  [
    'trigger-doubled',
    `${CONTEXT}.characters[1].location_contexts[0].swarmui_prompt_override`,
    (s) => (s.theo.location_contexts = [{ swarmui_prompt_override: 'THEO_V1 man man, bald' }]),
  ],
  ['trigger-glued', TEXT, (s) => (s.first.prompt += ', sADAM_V1 womantered papers')],
  ['trigger-as-word', TEXT, (s) => (s.first.prompt += ', THEO_V1 man of a smile')],
  ['size-out-of-range', `${PROMPT}.width`, (s) => (s.first.width = 63)],
  ['size-out-of-range', `${PROMPT}.height`, (s) => (s.first.height = 768.5)],
  ['steps-out-of-range', `${PROMPT}.steps`, (s) => (s.first.steps = 501)],
  ['cfg-out-of-range', `${PROMPT}.cfgscale`, (s) => (s.first.cfgscale = -1)],
  ['model-mixed', 'analyzedEpisode', (s) => (s.first.model = 'other')],
  ['timestamp-form', 'timestamp', (s) => (s.rest = { timestamp: '1704067200000' })],
  ['timestamp-mismatch', 'sessionKey', (s) => (s.rest = { sessionKey: 'storyart:session:1704067200001' })],
]

describe('checkSession', () => {
  it('finds nothing in a clean session', () => {
    expect(checkSession(cleanSession().session())).toEqual([])
    expect(checkSession(cleanSession().session(), { timestamp: 1704067200000 })).toEqual([])
  })

  it.each(CASES.map(([code, at, change]) => ({ code, at, change })))(
    'finds $code at $at, and nothing else',
    ({ code, at, change }) => {
      const draft = cleanSession()
      change(draft)
      const findings = checkSession(draft.session())
      expect(findings.map((finding) => `${finding.code} ${finding.path}`)).toEqual([`${code} ${at}`])
      expect(findings[0]?.remedy).toMatch(/\.$/)
      expect(findings[0]?.message).toMatch(/[^.]$/)
    },
  )

  it('has a case for every code but the one that brings others', () => {
    const covered = new Set<string>([...CASES.map(([code]) => code), 'analysis-missing'])
    expect(FINDING_CODES.filter((code) => !covered.has(code))).toEqual([])
  })

  it('says that there is no analysis', () => {
    const codes = checkSession({ ...cleanSession().session(), analyzedEpisode: null }).map(
      ({ code, path }) => `${code} ${path}`,
    )
    expect(codes).toEqual(['analysis-missing analyzedEpisode'])
  })

  it('is documented code by code, with its severity', () => {
    const guide = readFileSync('docs/guide/check.md', 'utf8')
    const rows = [...guide.matchAll(/^\| `([a-z-]+)` \| (error|warning|info|as found) \| .+ \| .+ \|$/gm)]
    expect(rows.map((row) => row[1])).toEqual(FINDING_CODES)
    for (const [code, , change] of CASES) {
      const draft = cleanSession()
      change(draft)
      const [finding] = checkSession(draft.session())
      const documented = rows.find((row) => row[1] === code)?.[2]
      if (documented !== 'as found') expect(`${code} ${finding?.severity}`).toBe(`${code} ${documented}`)
    }
  })

  it('names beat and scene, and never quotes a prompt', () => {
    const draft = cleanSession()
    draft.first.prompt += ', Theo waits (lost'
    const findings = checkSession(draft.session())
    expect(findings.map(({ beatId, sceneNumber }) => [beatId, sceneNumber])).toEqual([
      ['s1-b1', 1],
      ['s1-b1', 1],
    ])
    expect(JSON.stringify(findings)).not.toMatch(/waits|lost/)
  })

  it('leaves phrases that it is told are no names', () => {
    const draft = cleanSession()
    draft.first.prompt += ', a bar called Theo'
    expect(checkSession(draft.session()).map(({ code }) => code)).toEqual(['name-unsubstituted'])
    expect(checkSession(draft.session(), { except: ['called Theo'] })).toEqual([])
  })

  it('does not look at prompts that nobody paints', () => {
    const draft = cleanSession()
    Object.assign(draft.beats[1], { prompts: { cinematic: { prompt: 'Theo (', width: 1 } } })
    expect(checkSession(draft.session())).toEqual([])
  })

  it('takes a picture through eyes, or without a person, for what it is', () => {
    const severities = (prompt: string) => {
      const draft = cleanSession()
      draft.beats[3] = { ...draft.still('s1-b4'), characters: ['Theo'], prompts: { cinematic: { prompt } } }
      return checkSession(draft.session()).map(({ code, severity }) => `${code} ${severity}`)
    }
    expect(severities('a bald man on deck')).toEqual(['trigger-missing warning'])
    expect(severities('a screen full of numbers')).toEqual(['trigger-missing info'])
    expect(severities('POV through a visor, a man far off')).toEqual(['trigger-missing info'])
    expect(severities('THEO_V1 man on deck')).toEqual([])
  })

  it('reads the prompt that is painted, wherever it is kept', () => {
    const draft = cleanSession()
    Object.assign(draft.beats[0], { prompts: { cinematic: '' }, prompt: { positive: 'Theo waits' } })
    draft.rest = { prompts: [{ beatId: 's1-b1', cinematic: 'not read', vertical: 'Theo sleeps' }] }
    const paths = checkSession(draft.session()).flatMap(({ code, path }) =>
      code === 'name-unsubstituted' ? [path] : [],
    )
    expect(paths).toEqual([`${SCENE}.beats[0].prompt.positive`, 'prompts[0].vertical'])
  })

  it('counts an override as used from half of its phrases on', () => {
    const codes = (text: string) => {
      const draft = cleanSession()
      draft.look.swarmui_prompt_override = 'ADAM_V1 woman, oilskin, wet hair, a scar'
      draft.first.prompt = `close-up, ${text}`
      draft.beats[2].prompts.cinematic.prompt = 'ADAM_V1 woman (oilskin, Wet  hair, a scar)'
      return checkSession(draft.session()).map(({ code, message }) => `${code} ${message}`)
    }
    expect(codes('ADAM_V1 woman, a scar')).toEqual([])
    expect(codes('ADAM_V1 woman on deck, a scar')).toEqual([
      'override-partly-used The override of "Ada Marsh" is in 1 of 2 prompts',
    ])
  })

  it('counts a stranger once, where they are first listed', () => {
    const draft = cleanSession()
    for (const beat of draft.beats) beat.characters = [...(beat.characters ?? []), 'Arthur Nobody']
    const findings = checkSession(draft.session())
    expect(findings.map(({ code, beatId, message }) => `${code} ${beatId} ${message}`)).toEqual([
      'character-unknown s1-b1 4 beats list "Arthur Nobody", whom the context does not know',
    ])
  })

  it('compares the timestamp with the one it is stored under', () => {
    const session = cleanSession().session()
    expect(checkSession(session, { timestamp: 5 }).map(({ path }) => path)).toEqual(['timestamp'])
    expect(checkSession({ ...session, timestamp: null, sessionKey: 'session:5' }, { timestamp: 5 })).toEqual([])
  })

  it('keeps the order of the document, whoever finds it', () => {
    const draft = cleanSession()
    draft.theo.aliases = ['Dr.', 'Theo']
    draft.storyUuid = 'x'
    draft.beats[0].imageDecision = null
    draft.first.prompt += ', Theo'
    draft.look.swarmui_prompt_override = 'something else'
    draft.rest = { timestamp: '5' }
    expect(checkSession(draft.session()).map(({ code }) => code)).toEqual([
      'alias-unusable',
      'override-unused',
      'story-uuid-invalid',
      'decision-missing',
      'name-unsubstituted',
      'timestamp-form',
    ])
    expect(checkSession(draft.session())).toEqual(checkSession(draft.session()))
  })

  it('knows characters by what they are called in the scenes, where the episode lists none', () => {
    const session: Session = v1Session()
    const codes = summarizeFindings(checkSession(session)).byCode
    expect(codes['character-unknown']).toBeUndefined()
    expect(codes['name-unsubstituted']).toBe(2)
  })

  it('says what an injected session still lacks', () => {
    const { byCode } = summarizeFindings(checkSession(storySwarmSession()))
    expect(byCode).toEqual({ 'context-without-scenes': 1, 'decision-missing': 2, 'prompts-pending': 2 })
  })

  it('never throws on what passed the schema', { timeout: 30_000 }, () => {
    // The census of a million names takes what its names take to compile: a smaller one stands for it.
    const hostile = hostileSessions().filter((one) => one.expect === 'kept' && !one.name.includes('10,000 characters'))
    expect(hostile.length).toBeGreaterThan(10)
    const sessions = hostile.map((one): Session => JSON.parse(hostileText(one)))
    for (const session of [...sessions, manyCharactersSession(200, 10), {}, manualSave(), guideSession()]) {
      expect(Array.isArray(checkSession(session))).toBe(true)
    }
  })

  it('takes time linear in the number of beats', { timeout: 30_000 }, () => {
    const time = (session: Session) => {
      const start = performance.now()
      checkSession(session)
      return performance.now() - start
    }
    const few = fullEpisode({ beats: 150 })
    const many = fullEpisode({ beats: 3_000 })
    time(few)
    // Quadratic would be four hundred times.
    expect(time(many) / Math.max(time(few), time(few))).toBeLessThan(100)
  })
})

describe('summarizeFindings', () => {
  it('counts by severity and code, in the order of the codes', () => {
    const draft = cleanSession()
    draft.rest = { timestamp: '5' }
    draft.scriptText = ''
    draft.first.prompt += ', Theo'
    expect(summarizeFindings(checkSession(draft.session()))).toEqual({
      error: 1,
      warning: 1,
      info: 1,
      byCode: { 'script-missing': 1, 'name-unsubstituted': 1, 'timestamp-form': 1 },
    })
    expect(summarizeFindings([])).toEqual({ error: 0, warning: 0, info: 0, byCode: {} })
  })
})
