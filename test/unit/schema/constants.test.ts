import { expect, it } from 'vitest'
import { SESSION_INDEX_KEY, SESSION_KEY_PREFIX, SESSION_TTL_MS } from '../../../src/schema/index.js'

it('names what StoryArt names, and lives as long', () => {
  expect(`${SESSION_KEY_PREFIX}1704067200000`).toBe('storyart:session:1704067200000')
  expect(SESSION_INDEX_KEY).toBe('storyart:sessions:index')
  expect(SESSION_TTL_MS / 1000).toBe(604_800)
})
