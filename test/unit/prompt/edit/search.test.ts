import { describe, expect, it } from 'vitest'
import { characterDescriptions } from '../../../../src/prompt/edit/character-descriptions.js'
import { searchSession } from '../../../../src/prompt/edit/search.js'
import type { Session } from '../../../../src/schema/index.js'
import { mixedSession } from '../mixed-session.js'

const promptsOf = (...prompts: string[]): Session => ({
  analyzedEpisode: {
    scenes: [{ beats: prompts.map((cinematic, at) => ({ beatId: `b${at}`, prompts: { cinematic } })) }],
  },
})

describe('searchSession', () => {
  it('finds every place in prompts of every kind and form, not one a prompt', () => {
    const matches = searchSession(mixedSession(), 'lamp')
    expect(matches.map(({ beatId, format, start }) => `${beatId} ${format} ${start}`)).toEqual([
      'a vertical 5',
      'a cinematic 2',
      'a cinematic 17',
      'a square 7',
      'b cinematic 2',
      ' a marketingVertical 7',
      'a cinematic 4',
      'a vertical 6',
      'gone cinematic 5',
    ])
  })

  it('says all there is to say of a match', () => {
    expect(searchSession(mixedSession(), 'SECOND', { around: 3 })).toEqual([
      {
        part: 'prompts',
        path: 'analyzedEpisode.scenes[0].beats[0].prompts.cinematic.prompt',
        sceneNumber: 1,
        beatId: 'a',
        beatIndex: 0,
        format: 'cinematic',
        start: 10,
        end: 16,
        text: 'second',
        excerpt: '… a second la…',
      },
    ])
  })

  it('searches the script and the texts of beats when asked', () => {
    const matches = searchSession(mixedSession(), 'lamp', { parts: ['script', 'beats'] })
    expect(matches.map(({ part, path, beatId, format }) => `${part} ${path} ${beatId} ${format}`)).toEqual([
      'script scriptText null null',
      'beats analyzedEpisode.scenes[0].beats[0].core_action a null',
      'beats analyzedEpisode.scenes[0].beats[0].core_action a null',
      'beats analyzedEpisode.scenes[0].beats[1].characters[0] b null',
    ])
    expect(searchSession(mixedSession(), 'lamp', { parts: ['script', 'beats'], scenes: [2] })).toEqual([])
  })

  it('minds the case only when told to; a pattern says it itself', () => {
    const session = promptsOf('Straße, STRASSE, Éa éa')
    expect(searchSession(session, 'éA').map(({ text }) => text)).toEqual(['Éa', 'éa'])
    expect(searchSession(session, 'éa', { caseSensitive: true }).map(({ start }) => start)).toEqual([20])
    expect(searchSession(session, /éa/).length).toBe(1)
    expect(searchSession(session, /éa/i).length).toBe(2)
  })

  it('takes a text literally and the empty one nowhere', () => {
    const all = ['.*+?^$', '{}()|[]\\/-'].join('')
    expect(searchSession(promptsOf(`x${all}x`), all).map(({ start }) => start)).toEqual([1])
    expect(searchSession(promptsOf('aaa'), '')).toEqual([])
    expect(searchSession(promptsOf('aaa'), 'aa').length).toBe(1)
  })
})

describe('characterDescriptions', () => {
  const variants = (...prompts: string[]) =>
    characterDescriptions(promptsOf(...prompts), 'ADA_V1 woman').map(
      ({ description, count }) => `${count} ${description}`,
    )

  it('takes the parentheses right behind the trigger, balanced, at every mention', () => {
    expect(
      variants('ADA_V1 woman (coat (torn), hat) and Ada_V1 Woman (coat)', 'x ADA_V1 woman  ( coat  (torn), hat )'),
    ).toEqual(['2 coat (torn), hat', '1 coat'])
  })

  it('takes no parentheses of something else further on, and none that never close', () => {
    expect(variants('ADA_V1 woman beside THEO_V1 (bald)', 'ADA_V1 woman (coat')).toEqual(['2 null'])
  })

  it('passes over triggers within words', () => {
    expect(variants('sADA_V1 womantered (x), ADA_V1 womanly (y)')).toEqual([])
    expect(characterDescriptions(promptsOf('(a)'), ' ')).toEqual([])
  })
})
