import { describe, expect, it } from 'vitest'
import { beats } from '../../../src/prompt/beats.js'
import type { Session } from '../../../src/schema/index.js'
import { fullEpisode } from '../../fixtures/index.js'

describe('beats', () => {
  it('walks in document order and counts beats within their scene', () => {
    const session: Session = {
      analyzedEpisode: {
        scenes: [
          { sceneNumber: 2, title: 'Quay', beats: [{ beatId: 'z' }, { beatId: 'a' }] },
          { sceneNumber: 1, title: 'Loft', beats: [{ beatId: 'm' }] },
        ],
      },
    }
    expect([...beats(session)].map(({ scene, beat, ...place }) => place)).toEqual([
      { beatId: 'z', beatIndex: 0, sceneIndex: 0, sceneNumber: 2, sceneTitle: 'Quay' },
      { beatId: 'a', beatIndex: 1, sceneIndex: 0, sceneNumber: 2, sceneTitle: 'Quay' },
      { beatId: 'm', beatIndex: 0, sceneIndex: 1, sceneNumber: 1, sceneTitle: 'Loft' },
    ])
  })

  it('hands out the scenes and beats of the document, not copies', () => {
    const session: Session = { analyzedEpisode: { scenes: [{ beats: [{ beatId: 'a' }] }] } }
    const [first] = beats(session)
    expect(first?.beat).toBe(session.analyzedEpisode?.scenes?.[0]?.beats?.[0])
    expect(first?.scene).toBe(session.analyzedEpisode?.scenes?.[0])
  })

  it('keeps every duplicate, once', () => {
    const scene = { sceneNumber: 1, beats: [{ beatId: 's1-b1' }, { beatId: 's1-b1' }] }
    expect(
      [...beats({ analyzedEpisode: { scenes: [scene, scene] } })].map(({ sceneIndex, beatIndex }) => [
        sceneIndex,
        beatIndex,
      ]),
    ).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ])
  })

  it.each<[string, Session]>([
    ['no analysis', {}],
    ['a null analysis', { analyzedEpisode: null }],
    ['no scenes', { analyzedEpisode: {} }],
    ['null scenes', { analyzedEpisode: { scenes: null } }],
    ['scenes without beats', { analyzedEpisode: { scenes: [{}, { beats: null }, { beats: [] }] } }],
  ])('finds nothing in a session with %s', (_, session) => {
    expect([...beats(session)]).toEqual([])
  })

  it('says null and empty for what a scene does not have', () => {
    const [first] = beats({ analyzedEpisode: { scenes: [{ title: null, beats: [{ beatId: 'a' }] }] } })
    expect(first?.sceneNumber).toBeNull()
    expect(first?.sceneTitle).toBe('')
  })

  it('finds all beats of a whole episode', () => {
    const found = [...beats(fullEpisode())]
    expect(found).toHaveLength(249)
    expect(new Set(found.map(({ beat }) => beat)).size).toBe(249)
  })
})
