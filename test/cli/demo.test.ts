import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, NOW, room } from './cli.js'

describe('storyart demo', () => {
  it('shows the main commands as they are run, and leaves what they made', async () => {
    const cwd = room()
    const { code, stdout } = await cli(['demo'], { cwd })
    expect(code).toBe(0)
    expect(stdout.split('\n').filter((line) => line.startsWith('$ '))).toEqual([
      '$ export STORYART_STORE=file:storyart-demo/sessions',
      '$ storyart save storyart-demo/episode.json --new',
      '$ storyart list',
      '$ storyart check --severity error',
      '$ storyart prompts --beat s1-b4 --resolved',
      "$ storyart search 'red pencil'",
      '$ storyart queue --scene 1 --format cinematic',
      '$ storyart storyboard -o storyart-demo/storyboard.html',
    ])
    expect(stdout).toContain(`\n${NOW}\n`)
    expect((await readdir(join(cwd, 'storyart-demo'))).sort()).toEqual(['episode.json', 'sessions', 'storyboard.html'])
    // As it says: with that store the commands go on from here.
    const env = { STORYART_STORE: 'file:storyart-demo/sessions' }
    expect((await cli(['get', '--at', 'analyzedEpisode.episodeNumber'], { cwd, env })).stdout).toBe('3\n')
  })

  it('can be run again, elsewhere, and fails where it cannot write', async () => {
    const cwd = room()
    expect((await cli(['demo', '-o', 'my demo'], { cwd })).stdout).toContain(
      "$ storyart save 'my demo/episode.json' --new\n",
    )
    expect((await cli(['demo', '-o', 'my demo'], { cwd, now: () => NOW + 1 })).code).toBe(0)
    const env = { STORYART_STORE: 'file:my demo/sessions' }
    const listed = await cli(['list', '--json'], { cwd, env })
    expect(JSON.parse(listed.stdout).map(({ timestamp }: { timestamp: number }) => timestamp)).toEqual([NOW + 1, NOW])
    const refused = await cli(['demo', '-o', 'my demo/episode.json'], { cwd })
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^storyart: my demo\/episode\.json cannot be written: EEXIST/),
    })
  })
})
