import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { CliError } from '../../src/cli/cli-error.js'
import { EXIT } from '../../src/cli/exit-codes.js'
import { cli, deferred, fileStore } from './cli.js'

/** The program serving; `url` resolves when it listens. */
async function serving(store: readonly string[], env: Record<string, string> = {}, options: readonly string[] = []) {
  const controller = new AbortController()
  const url = deferred<string>()
  const ran = cli([...store, 'serve', '--port', '0', ...options], {
    env,
    signal: controller.signal,
    onStdout: (piece) => url.resolve(piece.trim()),
  })
  void ran.then(({ stderr }) => url.reject(new Error(stderr)))
  return {
    url: await url.promise,
    end: () => {
      controller.abort(new CliError(EXIT.terminated, 'terminated'))
      return ran
    },
  }
}

describe('storyart serve', () => {
  it('serves the store over HTTP, to this program as well, until it is told to end', async () => {
    const store = fileStore()
    const { url, end } = await serving(store)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const saved = await cli(['--store', url, '-q', 'save', '-', '--as', '1704067200000'], {
      stdin: '{"scriptText":"SCENE 1"}',
    })
    expect(saved).toEqual({ code: 0, stdout: '1704067200000\n', stderr: '' })
    expect((await cli(['--store', url, 'get', '--at', 'scriptText'])).stdout).toBe('SCENE 1\n')
    expect((await cli([...store, 'get', '--at', 'scriptText'])).stdout).toBe('SCENE 1\n')
    const openapi = await fetch(`${url}/api/v1/session/openapi.json`)
    expect([openapi.status, ((await openapi.json()) as { openapi: string }).openapi]).toEqual([200, '3.1.1'])
    expect(await end()).toEqual({
      code: 0,
      stdout: `${url}\n`,
      stderr: 'serving everybody who can reach it; Ctrl-C ends it\n',
    })
    await expect(fetch(url)).rejects.toThrow()
  })

  it('asks for the token of STORYART_TOKEN, which the program sends, too', async () => {
    const env = { STORYART_TOKEN: 'correct horse' }
    const { url, end } = await serving(fileStore(), env)
    expect((await fetch(`${url}/api/v1/session/list`)).status).toBe(401)
    expect(await cli(['--store', url, 'get'])).toMatchObject({ code: 5, stdout: '' })
    expect(await cli(['--store', url, 'get'], { env })).toMatchObject({ code: 3, stdout: '' })
    const { code, stderr } = await end()
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'serving those who send the token; Ctrl-C ends it\n' })
  })

  it('lets in the pages of --cors, and no others', async () => {
    const page = 'http://localhost:5173'
    const other = 'http://localhost:8080'
    const allowed = async (options: readonly string[], origin: string) => {
      const { url, end } = await serving(fileStore(), {}, options)
      const answer = await fetch(`${url}/api/v1/session/list`, { headers: { Origin: origin } })
      await answer.text()
      await end()
      return answer.headers.get('Access-Control-Allow-Origin')
    }
    expect(await allowed([], page)).toBeNull()
    expect(await allowed(['--cors', other], page)).toBeNull()
    expect(await allowed(['--cors', other, '--cors', page], page)).toBe(page)
    expect(await allowed(['--cors-storyart', '--cors', other], page)).toBe(page)
    expect(await allowed(['--cors-storyart', '--cors', other], other)).toBe(other)
  })

  it('keeps its limit on bodies', async () => {
    const { url, end } = await serving(fileStore(), {}, ['--max-body', '1'])
    const body = (kib: number) => JSON.stringify({ scriptText: 'x'.repeat(kib * 1024) })
    const post = async (kib: number) =>
      (
        await fetch(`${url}/api/v1/session/save`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: body(kib),
        })
      ).status
    expect([await post(1000), await post(1100)]).toEqual([200, 413])
    await end()
  })

  it('refuses a public address without a token, and says which port is taken', async () => {
    expect(await cli([...fileStore(), 'serve', '--host', '0.0.0.0', '--port', '0'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^storyart: listen: this address can be reached from outside/),
    })
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const address = taken.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    expect(await cli([...fileStore(), 'serve', '--port', port])).toEqual({
      code: 5,
      stdout: '',
      stderr: `storyart: port ${port} is taken: choose another by --port\n`,
    })
    taken.close()
    expect(await cli([...fileStore(), 'serve', '--port', '70000'])).toMatchObject({ code: 2, stdout: '' })
  })
})
