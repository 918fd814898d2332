import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'vitest'
import { cli, NOW, room } from './cli.js'

it('fills', async () => {
  const cwd = room()
  await copyFile('docs/examples/sample-session.json', join(cwd, 'episode.json'))
  const out: string[] = []
  let inside = false,
    now = NOW,
    code = 0
  for (const line of (await readFile('docs/guide/cli.md', 'utf8')).split('\n')) {
    if (line.startsWith('```')) inside = line === '```console'
    if (inside && !line.startsWith('$ ') && !line.startsWith('```')) continue
    out.push(line)
    if (!inside || !line.startsWith('$ ')) continue
    const pieces: string[] = []
    if (line === '$ echo $?') pieces.push(`${code}\n`)
    else {
      const words = (line.slice(2).match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []).map((w) =>
        w.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'),
      )
      const redirect = words.indexOf('>')
      const ran = await cli(words.slice(1, redirect < 0 ? undefined : redirect), {
        cwd,
        env: { STORYART_STORE: 'file:sessions' },
        now: () => now,
        onStdout: (p) => redirect < 0 && pieces.push(p),
        onStderr: (p) => pieces.push(p),
      })
      code = ran.code
      if (redirect > 0) await writeFile(join(cwd, words[redirect + 1] ?? ''), ran.stdout)
    }
    now += 60_000
    out.push(...pieces.join('').split('\n').slice(0, -1))
  }
  await writeFile('/tmp/cli-filled.md', out.join('\n'))
})
