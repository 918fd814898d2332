import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editPrompts } from '../../../../src/prompt/edit/edit.js'
import type { Session } from '../../../../src/schema/index.js'
import { frozen, mixedSession } from '../mixed-session.js'

describe('editPrompts', () => {
  it('edits prompts of every kind and form, and says where', () => {
    const session = frozen(mixedSession())
    const { changes, prompts, matches, session: edited } = editPrompts(session, { find: 'lamp', replace: 'bell' })
    expect(
      changes.map(({ path, beatId, sceneNumber, format }) => `${path} ${beatId} ${sceneNumber} ${format}`),
    ).toEqual([
      'analyzedEpisode.scenes[0].beats[0].prompts.vertical a 1 vertical',
      'analyzedEpisode.scenes[0].beats[0].prompts.cinematic.prompt a 1 cinematic',
      'analyzedEpisode.scenes[0].beats[0].prompts.cinematic.prompt a 1 cinematic',
      'analyzedEpisode.scenes[0].beats[0].prompts.square.prompt a 1 square',
      'analyzedEpisode.scenes[0].beats[1].prompt.positive b 1 cinematic',
      'analyzedEpisode.scenes[1].beats[0].prompts.marketingVertical.prompt  a 2 marketingVertical',
      'prompts[0].cinematic a 1 cinematic',
      'prompts[1].vertical.prompt a 2 vertical',
      'prompts[2].cinematic gone null cinematic',
    ])
    expect({ prompts, matches }).toEqual({ prompts: 8, matches: [9] })
    expect(editPrompts(edited, { find: 'bell', replace: 'lamp' }).session).toEqual(session)
  })

  it('shares what it does not touch, and keeps the order of keys', () => {
    const session = frozen(mixedSession())
    const { session: edited } = editPrompts(session, { find: 'lamp', replace: 'bell', beats: [' b '] })
    expect(edited.analyzedEpisode?.scenes?.[1]).toBe(session.analyzedEpisode?.scenes?.[1])
    expect(edited.analyzedEpisode?.scenes?.[0]?.beats?.[0]).toBe(session.analyzedEpisode?.scenes?.[0]?.beats?.[0])
    expect(edited.prompts).toBe(session.prompts)
    expect(Object.keys(edited)).toEqual(Object.keys(session))
    expect(editPrompts(session, { find: 'nowhere', replace: 'x' }).session).toBe(session)
    expect(editPrompts(session, { find: 'lamp', replace: 'lamp' })).toMatchObject({
      session,
      changes: [],
      prompts: 0,
      matches: [9],
    })
  })

  it('takes a text and its replacement literally', () => {
    const session: Session = {
      analyzedEpisode: { scenes: [{ beats: [{ beatId: 'a', prompts: { cinematic: 'a.c abc a.c' } }] }] },
    }
    for (const replace of ['$&', '$1', '$$', "$'", '$<x>']) {
      expect(textOf(editPrompts(session, { find: 'a.c', replace }).session)).toBe(`${replace} abc ${replace}`)
    }
    expect(editPrompts(session, { find: '', replace: 'x' })).toMatchObject({ session, matches: [0] })
  })

  it('means by $ in the replacement of a pattern what String.replace means', () => {
    const template = fc
      .array(
        fc.constantFrom('$', '$$', '$&', '$1', '$2', '$10', '$0', '$00', '$01', '$<n>', '$<m>', "$'", '$`', 'x', '>'),
      )
      .map((parts) => parts.join(''))
    const pattern = fc.constantFrom(/(b)(c)?/g, /(?<n>b)/g, /b/g, /x*/g)
    fc.assert(
      fc.property(template, pattern, (replace, find) => {
        const session: Session = {
          analyzedEpisode: { scenes: [{ beats: [{ beatId: 'a', prompts: { cinematic: 'abcab' } }] }] },
        }
        expect(textOf(editPrompts(session, { find, replace }).session)).toBe('abcab'.replace(find, replace))
      }),
    )
  })

  it('counts every match of a pattern, with or without g, and leaves the pattern as it is', () => {
    const session: Session = {
      analyzedEpisode: { scenes: [{ beats: [{ beatId: 'a', prompts: { cinematic: 'aXbX' } }] }] },
    }
    const find = /x/iy
    find.lastIndex = 3
    expect(editPrompts(session, { find, replace: '-' })).toMatchObject({ matches: [2], prompts: 1 })
    expect(find.lastIndex).toBe(3)
  })

  it('runs each edit over the whole text, not only up to the first that matches', () => {
    const session: Session = {
      analyzedEpisode: { scenes: [{ beats: [{ beatId: 'a', prompts: { cinematic: 'red door, red hat' } }] }] },
    }
    const {
      changes,
      session: edited,
      matches,
    } = editPrompts(session, {
      edits: [
        { find: 'red', replace: 'blue' },
        { find: /blue (hat)/, replace: '$1' },
        { find: 'nowhere', replace: 'x' },
      ],
    })
    expect(textOf(edited)).toBe('blue door, hat')
    expect(matches).toEqual([2, 1, 0])
    expect(changes.map(({ edit, start, before, after }) => [edit, start, before, after])).toEqual([
      [0, 0, 'red door, red hat', 'blue door, blue hat'],
      [0, 10, 'red door, red hat', 'blue door, blue hat'],
      [1, 11, 'blue door, blue hat', 'blue door, hat'],
    ])
  })

  it('gives no change for what edits undo', () => {
    const session = mixedSession()
    const edits = [
      { find: 'lamp', replace: 'bell' },
      { find: 'bell', replace: 'lamp' },
    ]
    expect(editPrompts(session, { edits })).toMatchObject({ session, changes: [], prompts: 0 })
    expect(editPrompts(session, { edits }).session).toBe(session)
  })

  it('leaves tags where they are protected, and what nothing closes', () => {
    const session: Session = {
      analyzedEpisode: {
        scenes: [{ beats: [{ beatId: 'a', prompts: { cinematic: 'cat <lora:cat:1> cat, I <3 cat' } }] }],
      },
    }
    const result = editPrompts(session, { find: 'cat', replace: 'dog', protectTags: true })
    expect(textOf(result.session)).toBe('dog <lora:cat:1> dog, I <3 cat')
    expect(result).toMatchObject({ matches: [4], protectedMatches: 2 })
    expect(editPrompts(session, { find: /cat <lora/, replace: 'x', protectTags: true }).protectedMatches).toBe(1)
    expect(editPrompts(session, { find: /(?=<lora)/, replace: 'x', protectTags: true }).protectedMatches).toBe(0)
  })

  it('asks a function for each match, with its place', () => {
    const seen: string[] = []
    editPrompts(mixedSession(), {
      find: /(?<thing>lamp)/,
      formats: ['vertical'],
      replace: (found, place) => {
        seen.push(`${found.named.thing} ${found.groups[0]} ${place.beatId} ${place.path}`)
        return found.text
      },
    })
    expect(seen).toEqual([
      'lamp lamp a analyzedEpisode.scenes[0].beats[0].prompts.vertical',
      'lamp lamp a prompts[1].vertical.prompt',
    ])
  })

  it('narrows by kind, scene and beat', () => {
    const count = (filter: object) =>
      editPrompts(mixedSession(), { find: 'lamp', replace: 'x', ...filter }).changes.length
    expect(count({ formats: ['square'] })).toBe(1)
    expect(count({ scenes: [2] })).toBe(2)
    expect(count({ scenes: [1], formats: ['cinematic'] })).toBe(4)
    expect(count({ beats: ['gone'] })).toBe(1)
    expect(count({ scenes: [] })).toBe(0)
  })

  it('shows what stands around a change, and cuts no pair of surrogates', () => {
    const session: Session = {
      analyzedEpisode: { scenes: [{ beats: [{ beatId: 'a', prompts: { cinematic: 'ab😀xy' } }] }] },
    }
    const [change] = editPrompts(session, { find: 'x', replace: 'zz', around: 1 }).changes
    expect([change?.before, change?.after]).toEqual(['…😀xy', '…😀zzy'])
  })
})

function textOf(session: Session): unknown {
  return session.analyzedEpisode?.scenes?.[0]?.beats?.[0]?.prompts?.cinematic
}
