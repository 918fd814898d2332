/**
 * `storyart serve`: StoryArt's REST API over a store.
 * @module
 */
import { once } from 'node:events'
import type { Command } from 'commander'
import { bearerToken, type CorsOptions, createSessionHandler, listen, STORYART_CORS } from 'storyart-sdk/server'
import type { Act } from '../act.js'
import { collected, wholeNumber } from '../arguments/option-values.js'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import { packagedJson } from '../packaged.js'

const MIB = 1024 * 1024

interface ServeOptions {
  port: number
  host: string
  name?: string[]
  cors?: string[]
  corsStoryart?: boolean
  public?: boolean
  maxBody: number
}

export function addServe(program: Command, act: Act): void {
  program
    .command('serve')
    .description("serve StoryArt's REST API over the store; with STORYART_TOKEN set, only to those who send that token")
    .option('--port <number>', 'the port; 0 is a free one', wholeNumber(0, 65_535), 7802)
    .option('--host <address>', 'the address', '127.0.0.1')
    .option('--name <host>', 'a further name under which it is called, such as that of a proxy', collected)
    .option(
      '--cors <origin>',
      'a page that may use it, such as http://localhost:5173; may be given several times',
      collected,
    )
    .option('--cors-storyart', "the pages of StoryArt's development, with credentials")
    .option('--public', 'serve an address that can be reached from outside without asking for a token')
    .option('--max-body <MiB>', 'the largest session, in MiB', wholeNumber(1, 1024), 50)
    .action(
      act<ServeOptions, []>(async (tool, options) => {
        const token = tool.host.env.STORYART_TOKEN?.trim()
        const handler = createSessionHandler(tool.store(), {
          ...(token ? { authorize: bearerToken(token) } : {}),
          ...corsOf(options),
          maxBodyBytes: options.maxBody * MIB,
          openapi: () => packagedJson(tool.host, 'openapi.json'),
          onError: (error, { id, method, path }) => {
            tool.talk(`${id} ${method} ${path}: ${error instanceof Error ? error.message : 'failed'}`)
          },
        })
        const server = await listen(handler, {
          port: options.port,
          host: options.host,
          hosts: options.name,
          allowPublic: options.public,
        }).catch((error: unknown) => {
          throw refusal(error, options)
        })
        try {
          await tool.print.value({ url: server.url }, () => server.url)
          tool.talk(`serving ${token ? 'those who send the token' : 'everybody who can reach it'}; Ctrl-C ends it`)
          if (!tool.signal.aborted) await once(tool.signal, 'abort')
        } finally {
          await server.close()
        }
        // To be ended is how it ends.
        return EXIT.done
      }),
    )
}

function corsOf({ cors, corsStoryart }: ServeOptions): { cors?: CorsOptions } {
  if (corsStoryart) return { cors: { ...STORYART_CORS, origins: [...STORYART_CORS.origins, ...(cors ?? [])] } }
  return cors ? { cors: { origins: cors } } : {}
}

function refusal(error: unknown, { host, port }: ServeOptions): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return new CliError(EXIT.unavailable, `port ${port} is taken: choose another by --port`)
  if (code === 'EACCES') return new CliError(EXIT.unavailable, `port ${port} may not be used: choose one above 1023`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new CliError(EXIT.usage, `${host} is no address of this machine`)
  }
  return error
}
