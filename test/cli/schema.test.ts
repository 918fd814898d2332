import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cli, room } from './cli.js'

describe('storyart schema', () => {
  it('lists every schema there is, and prints each as it is in the package', async () => {
    const files = readdirSync('dist/schema').map((file) => file.replace('.json', ''))
    const { stdout } = await cli(['schema'])
    const names = stdout.trimEnd().split('\n')
    expect([...names].sort()).toEqual([...files, 'openapi'].sort())
    expect(JSON.parse((await cli(['schema', '--json'])).stdout)).toEqual(names)
    const text = readFileSync('dist/schema/session.json', 'utf8')
    expect(JSON.parse((await cli(['schema', 'session'])).stdout)).toEqual(JSON.parse(text))
    expect((await cli(['schema', 'session', '--ndjson'])).stdout).toBe(`${JSON.stringify(JSON.parse(text))}\n`)
    expect(JSON.parse((await cli(['schema', 'openapi'])).stdout)).toMatchObject({ openapi: '3.1.1' })
  })

  it('writes to a file, and knows no other names', async () => {
    const cwd = room()
    expect(await cli(['schema', 'session', '-o', 'session.schema.json'], { cwd })).toEqual({
      code: 0,
      stdout: '',
      stderr: 'written: session.schema.json\n',
    })
    expect(JSON.parse(readFileSync(`${cwd}/session.schema.json`, 'utf8')).$schema).toContain('2020-12')
    expect(await cli(['schema', '../package'])).toEqual({
      code: 3,
      stdout: '',
      stderr: 'storyart: there is no schema ../package: see `storyart schema` for the names\n',
    })
  })
})
