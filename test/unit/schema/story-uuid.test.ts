import { describe, expect, it } from 'vitest'
import { StoryUuidSchema } from '../../../src/schema/index.js'

describe('StoryUuidSchema', () => {
  it.each([
    '5d0c9c1e-0f5b-4a7c-9a51-2f4f3f0f7b11',
    '5D0C9C1E-0F5B-4A7C-9A51-2F4F3F0F7B11',
    '5d0c9c1e-0f5b-1a7c-0a51-2f4f3f0f7b11',
    '00000000-0000-0000-0000-000000000000',
  ])('takes %s, of any version', (uuid) => {
    expect(StoryUuidSchema.parse(uuid)).toBe(uuid)
  })

  it.each([
    '',
    'restored-1704067200000',
    'auto-generated-1704067200000',
    '5d0c9c1e0f5b4a7c9a512f4f3f0f7b11',
    '{5d0c9c1e-0f5b-4a7c-9a51-2f4f3f0f7b11}',
    ' 5d0c9c1e-0f5b-4a7c-9a51-2f4f3f0f7b11',
    '5d0c9c1e-0f5b-4a7c-9a51-2f4f3f0f7b11\n',
    '5d0c9c1e-0f5b-4a7c-9a51-2f4f3f0f7b1g',
    null,
    undefined,
    7,
  ])('refuses %j', (value) => {
    expect(StoryUuidSchema.safeParse(value).success).toBe(false)
  })
})
