import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { boardOf } from '../../src/cli/storyboard/board.js'
import { markup } from '../../src/cli/storyboard/markup.js'
import { imageQueue } from '../../src/prompt/index.js'
import { generateImages } from '../../src/swarmui/generate-images.js'
import { directorySink } from '../../src/swarmui/node-directory.js'
import { hostileSessions, hostileText, sampleSession } from '../fixtures/index.js'
import { room as swarmRoom } from '../swarmui/harness.js'
import { cli, fileStore, room } from './cli.js'

const SMALL = { model: 'flux1-dev-fp8', width: 96, height: 64 }

/** A beat of each kind, with texts that try to be more than texts. */
const session = {
  scriptText: 'SCENE 1',
  analyzedEpisode: {
    episodeNumber: 4,
    title: '<script>document.title = "taken"</script> & more',
    scenes: [
      {
        sceneNumber: 2,
        title: 'The "pier"',
        beats: [
          {
            beatId: 's2-b1',
            beat_title: '</style><img src=x onerror=alert(1)>',
            beat_script_text: 'Fog.\r\nMore fog.\u001b[2J',
            imageDecision: { type: 'NEW_IMAGE' },
            prompts: {
              cinematic: { ...SMALL, prompt: 'a pier, 5 > 3 & fog', seed: 7 },
              vertical: { ...SMALL, prompt: 'a tall pier' },
            },
          },
          { beatId: 's2-b2', imageDecision: { type: 'REUSE_IMAGE', reuseSourceBeatId: 's2-b1' } },
          { beatId: 's2-b3', imageDecision: { type: 'NO_IMAGE' } },
          { beatId: 's2-b4', imageDecision: { type: 'NEW_IMAGE' } },
        ],
      },
    ],
  },
}

describe('storyart storyboard', () => {
  it('shows the pictures that are painted, and no text is more than text, in a real browser', async () => {
    const cwd = room()
    await writeFile(join(cwd, 'session.json'), JSON.stringify(session))
    await using swarm = await swarmRoom()
    const out = directorySink(join(cwd, 'my pictures #1'))
    for await (const { error } of generateImages(imageQueue(session, { images: 2 }), { client: swarm.client, out })) {
      expect(error).toBeNull()
    }
    const made = await cli(['storyboard', 'session.json', '-o', 'board.html', '--images', 'my pictures #1'], { cwd })
    expect(made).toEqual({ code: 0, stdout: '', stderr: 'written: board.html, with 4 pictures\n' })

    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    })
    try {
      const page = await browser.newPage()
      const faults: string[] = []
      page.on('console', (message) => faults.push(message.text()))
      page.on('dialog', (dialog) => faults.push(dialog.message()))
      await page.goto(pathToFileURL(join(cwd, 'board.html')).href)
      expect(await page.title()).toBe('Episode 4: <script>document.title = "taken"</script> & more')
      const sizes = await page.locator('img').evaluateAll((images) =>
        Promise.all(
          images.map(async (image) => {
            if (!(image instanceof HTMLImageElement)) return 'no image'
            image.loading = 'eager'
            await image.decode()
            return `${image.naturalWidth}x${image.naturalHeight} ${image.alt}`
          }),
        ),
      )
      expect(sizes).toEqual([
        '96x64 s2-b1, cinematic, take 1',
        '96x64 s2-b1, cinematic, take 2',
        '96x64 s2-b1, vertical, take 1',
        '96x64 s2-b1, vertical, take 2',
      ])
      expect(await page.locator('.script').textContent()).toBe('Fog.\nMore fog.\ufffd[2J')
      const shown = async (filter: string) => {
        await page.check(`#${filter}`)
        return page.locator('.beat:visible h3').allTextContents()
      }
      expect(await shown('only-missing')).toEqual(['s2-b4'])
      expect(await shown('only-new')).toEqual(['s2-b1 · </style><img src=x onerror=alert(1)>', 's2-b4'])
      expect(await shown('all')).toHaveLength(4)
      expect(await page.locator('.empty').allTextContents()).toEqual(['picture of s2-b1', 'no prompt'])
      expect(await page.locator('.empty a').getAttribute('href')).toBe('#beat-s2-b1')
      expect(faults).toEqual([])
    } finally {
      await browser.close()
    }
  })

  it('prints the page for -o -, and narrows the pictures by --format', async () => {
    const store = fileStore()
    await cli([...store, 'save', '-', '--as', '1704067200000'], { stdin: JSON.stringify(session) })
    const { code, stdout, stderr } = await cli([...store, 'storyboard', '-o', '-'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(
      'session 1704067200000 · 4 beats, 2 to paint, 1 of them without a prompt · 2 prompts · 0 pictures',
    )
    expect(await cli([...store, 'storyboard', '--format', 'square'])).toMatchObject({ code: 2, stdout: '' })
    expect(await cli([...fileStore(), 'storyboard', '-o', '-'])).toMatchObject({ code: 3, stdout: '' })
  })

  it('makes no directory for pictures that are not there, and leaves no draft of the page', async () => {
    const cwd = room()
    await writeFile(join(cwd, 'session.json'), JSON.stringify(session))
    expect(await cli(['storyboard', './session.json', '--images', 'none'], { cwd })).toMatchObject({
      code: 0,
      stderr: 'written: storyboard.html, with 0 pictures\n',
    })
    expect((await readdir(cwd)).sort()).toEqual(['session.json', 'storyboard.html'])
    expect(await cli(['storyboard', './session.json', '-o', 'no/where.html'], { cwd })).toMatchObject({
      code: 3,
      stderr: 'storyart: there is no no/where.html\n',
    })
    expect((await readFile(join(cwd, 'storyboard.html'), 'utf8')).startsWith('<!doctype html>')).toBe(true)
  })
})

describe('boardOf', () => {
  it('gives each beat its own prompts and findings, also where ids and numbers repeat', () => {
    const beat = (prompt: string) => ({ beatId: 's1-b1', prompts: { cinematic: prompt } })
    const doubled = {
      analyzedEpisode: {
        scenes: [
          { sceneNumber: 1, beats: [beat('a pier'), beat('a pier'), { beatId: 's1-b1' }] },
          { sceneNumber: 1, beats: [beat('a lamp')] },
        ],
      },
    }
    const { scenes, totals } = boardOf(doubled, imageQueue(doubled), new Map())
    expect(scenes.map(({ beats }) => beats.map(({ prompts }) => prompts.map(({ text }) => text)))).toEqual([
      [['a pier'], ['a pier'], []],
      [['a lamp']],
    ])
    expect(scenes.map(({ beats }) => beats.map(({ isMissing }) => isMissing))).toEqual([[false, false, true], [false]])
    expect(totals).toEqual({ beats: 4, wanted: 4, prompts: 3, pictures: 0, missing: 1 })
  })

  it('holds for every beat of a whole episode', () => {
    const whole = sampleSession()
    const board = boardOf(whole, imageQueue(whole), new Map())
    const texts = board.scenes.flatMap(({ beats }) => beats.flatMap(({ prompts }) => prompts.map(({ text }) => text)))
    expect(texts).toEqual(imageQueue(whole, { include: 'all' }).map(({ prompt }) => prompt.prompt))
    expect(board.totals.beats).toBe(whole.analyzedEpisode.scenes.flatMap(({ beats }) => beats).length)
  })

  it('makes a page of every hostile session that can be read', async () => {
    const readable = hostileSessions().filter(
      (hostile) => hostile.expect === 'kept' && hostileText(hostile).length < 1_000_000,
    )
    expect(readable.length).toBeGreaterThan(20)
    for (const hostile of readable) {
      const made = await cli(['storyboard', '-', '-o', '-'], { stdin: hostileText(hostile) })
      expect({ name: hostile.name, ...made, stdout: made.stdout.slice(-8) }).toEqual({
        name: hostile.name,
        code: 0,
        stdout: '</html>\n',
        stderr: '',
      })
    }
  })
})

describe('markup', () => {
  it('escapes what is put in, once, and leaves out what is missing', () => {
    const inner = markup`<b>${'"<&>\''}</b>`
    expect(markup`<p class="${'a"b'}">${inner}${null}${undefined}${false}${[1, inner]}</p>`.toString()).toBe(
      '<p class="a&quot;b"><b>&quot;&lt;&amp;&gt;&#39;</b>1<b>&quot;&lt;&amp;&gt;&#39;</b></p>',
    )
  })
})
