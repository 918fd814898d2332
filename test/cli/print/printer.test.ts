import { describe, expect, it } from 'vitest'
import { cli } from '../cli.js'

describe('JSON on stdout', () => {
  it('says what a terminal takes for commands in a way it does not', async () => {
    const stdin = JSON.stringify({ mood: '\u001b[2J \u007f \u009b31m \u00a0\u00e9' })
    for (const form of ['--json', '--ndjson']) {
      const { stdout } = await cli(['get', '-', form], { stdin })
      expect(stdout).toContain('"\\u001b[2J \\u007f \\u009b31m \u00a0\u00e9"')
      expect(JSON.parse(stdout)).toEqual(JSON.parse(stdin))
    }
  })
})
