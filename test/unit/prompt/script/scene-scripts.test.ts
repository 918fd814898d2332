import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sceneScripts, scriptHeader } from '../../../../src/prompt/script/scene-scripts.js'
import { fullEpisode, guideSession, storySwarmSession } from '../../../fixtures/index.js'

const titles = (script: string) =>
  sceneScripts(script).scenes.map(({ sceneNumber, title }) => `${sceneNumber} ${title}`)

describe('sceneScripts', () => {
  it('cuts at the markers StoryArt writes, and reads the lines behind them', () => {
    const script =
      'EPISODE: 2\r\nTITLE: Fog\r\n\r\n===SCENE 1: The Quay (Night)===\r\nTARGET_DURATION: 4\r\nSCENE_ROLE: Hook/Setup\r\n' +
      'TIMING: Opening\r\nAD_BREAK: TRUE\r\n\r\n[SCENE START]\r\nNELL: Hello.\r\nMORE_TEXT: no field\r\n[SCENE END]\r\n\r\n' +
      '=== scene 2 : Out ===\nThe end.'
    const { preamble, scenes } = sceneScripts(script)
    expect(preamble).toBe('EPISODE: 2\r\nTITLE: Fog\r\n\r\n')
    expect(scenes[0]).toMatchObject({
      sceneNumber: 1,
      title: 'The Quay (Night)',
      setting: null,
      header: {
        targetDuration: '4',
        sceneRole: 'Hook/Setup',
        timing: 'Opening',
        adBreak: true,
        fields: { TARGET_DURATION: '4', SCENE_ROLE: 'Hook/Setup', TIMING: 'Opening', AD_BREAK: 'TRUE' },
      },
      body: 'NELL: Hello.\nMORE_TEXT: no field',
    })
    expect(scenes[0]?.text.startsWith('===SCENE 1')).toBe(true)
    expect(scenes[1]).toMatchObject({
      sceneNumber: 2,
      title: 'Out',
      body: 'The end.',
      header: { timing: null, adBreak: null },
    })
  })

  it.each([
    ['SCENE 1\nINT. LOFT - DAY\n\nFog.\n\nSCENE 2\nEXT. QUAY\n', ['1 ', '2 ']],
    ['SCENE 1: THE WRONG STOP\n\nText', ['1 THE WRONG STOP']],
    ['# Notes\n## Episode 3, Scene 2: The Silo\ntext\n### Scene 3 - Out ##\n', ['2 The Silo', '3 Out']],
    ['===SCENE 1===\nSCENE 9: said the sign\n===SCENE 1: Again===', ['1 ', '1 Again']],
    ['===SCENE 1: A = B===', ['1 A = B']],
  ])('reads the markers of %j', (script, expected) => {
    expect(titles(script)).toEqual(expected)
  })

  it.each(['', 'Scene 2 was cut.', 'the SCENE 1', 'SCENE one', '==SCENE 1==', '===SCENE===', 'SCENE 12345678901'])(
    'has no scene in %j, and keeps it all',
    (script) => {
      expect(sceneScripts(script)).toEqual({ preamble: script, scenes: [] })
    },
  )

  it('reads the guide, the injector and StoryArt', () => {
    const [scene] = sceneScripts(guideSession().scriptText).scenes
    expect([scene?.setting, scene?.body.slice(0, 9)]).toEqual(['INT. THE BELL LOFT - EVENING', 'Tam works'])
    expect(titles(storySwarmSession().scriptText)).toEqual(['1 THE WRONG STOP'])
    expect(sceneScripts(fullEpisode().scriptText).scenes.length).toBe(4)
    expect(sceneScripts(null)).toEqual({ preamble: '', scenes: [] })
  })

  it('loses nothing: preamble and texts together are the script', () => {
    const line = fc.constantFrom(
      '===SCENE 1: A===',
      'SCENE 2',
      '## Scene 3: x',
      'TIMING: x',
      'words',
      '',
      '[SCENE END]',
      '====',
      '\r',
    )
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), (lines, end) => {
        const script = lines.join(end)
        const { preamble, scenes } = sceneScripts(script)
        expect(preamble + scenes.map(({ text }) => text).join('')).toBe(script)
        for (const { start, end: to, text } of scenes) expect(script.slice(start, to)).toBe(text)
      }),
    )
  })

  it('is not slow on long runs of what markers are made of', () => {
    for (const run of ['=', ' ', '#', '-', '=== SCENE 1', '\r']) {
      const start = performance.now()
      sceneScripts(`===SCENE 1: ${run.repeat(200_000)}x`)
      scriptHeader(`EPISODE 1: ${run.repeat(200_000)}x`)
      expect(performance.now() - start).toBeLessThan(2_000)
    }
  })
})

describe('scriptHeader', () => {
  it.each([
    ['EPISODE: 2\nTITLE: Fog: a story\n\n===SCENE 1: x===', 2, 'Fog: a story'],
    ['episode 7\n', 7, null],
    ['=== EPISODE 3: The Lamp ===\n', 3, 'The Lamp'],
    ['# Episode 12 - The Lamp\nTITLE: other', 12, 'The Lamp'],
    ['TITLE: Fog', null, 'Fog'],
    ['## Episode 3, Scene 2: The Silo\nTITLE: no', 3, null],
    ['EPISODE: 0', 0, null],
  ])('reads %j', (script, episodeNumber, title) => {
    expect(scriptHeader(script)).toEqual({ episodeNumber, title })
  })

  it.each(['', 'In this episode 2 people meet.', '===SCENE 1: x===\nEPISODE: 4'])(
    'makes nothing up from %j',
    (script) => {
      expect(scriptHeader(script)).toBeNull()
    },
  )
})
