/** Sessions over HTTP, as one mounts them. Checked by `tsc`, never run. */
import { createServer, type Server } from 'node:http'
import type { Express } from 'express'
import type { Hono } from 'hono'
import { type Schedule, type SessionReader, SessionStore } from 'storyart-sdk'
import {
  type Authorize,
  bearerToken,
  type CorsOptions,
  createSessionHandler,
  type FailureContext,
  type FetchHandler,
  type Listening,
  type ListenOptions,
  listen,
  type NodeListener,
  type NodeListenerOptions,
  type SessionHandler,
  type SessionHandlerOptions,
  STORYART_CORS,
  toNodeListener,
} from 'storyart-sdk/server'
import { expectTypeOf } from 'vitest'

export function making(store: SessionStore, reader: SessionReader, token: string | undefined): SessionHandler {
  expectTypeOf(createSessionHandler).toEqualTypeOf<
    (store: SessionStore, options?: SessionHandlerOptions) => SessionHandler
  >()
  expectTypeOf<SessionHandlerOptions['schedule']>().toEqualTypeOf<Schedule | undefined>()
  // @ts-expect-error what only reads cannot take what is posted
  void createSessionHandler(reader)
  // @ts-expect-error origins are a list
  void createSessionHandler(store, { cors: { origins: '*' } })
  // @ts-expect-error a token is no function; bearerToken(token) makes one
  void createSessionHandler(store, { authorize: 'secret' })
  return createSessionHandler(store, {
    authorize: token === undefined ? undefined : bearerToken(token),
    cors: STORYART_CORS,
    maxBodyBytes: undefined,
    compress: undefined,
    openapi: async () => ({}),
    onError: (error, context) => {
      expectTypeOf(error).toEqualTypeOf<unknown>()
      expectTypeOf(context).toEqualTypeOf<FailureContext>()
      expectTypeOf<FailureContext>().toEqualTypeOf<{ id: string; method: string; path: string }>()
    },
  })
}

export function guarding(): Authorize[] {
  expectTypeOf(bearerToken).toEqualTypeOf<(tokens: string | readonly string[]) => Authorize>()
  expectTypeOf(STORYART_CORS).toEqualTypeOf<CorsOptions>()
  return [
    bearerToken(['old', 'new']),
    (request) => request.headers.has('x-user'),
    async () => new Response(null, { status: 401 }),
    // @ts-expect-error yes, no or a response; nothing at all is none of them
    () => undefined,
  ]
}

export function mounting(handler: SessionHandler, app: Express, hono: Hono, plain: FetchHandler): void {
  expectTypeOf(handler).toExtend<FetchHandler>()
  expectTypeOf(handler.authorizes).toEqualTypeOf<boolean>()
  expectTypeOf(toNodeListener).toEqualTypeOf<(handler: FetchHandler, options?: NodeListenerOptions) => NodeListener>()
  void createServer(toNodeListener(handler, { onError: undefined }))
  app.use(toNodeListener(handler))
  hono.mount('/', handler)
  void toNodeListener(plain)
  // @ts-expect-error a store is no handler
  void toNodeListener(new SessionStore({}))
}

export async function listening(handler: SessionHandler, port: number | undefined): Promise<void> {
  expectTypeOf(listen).parameters.toEqualTypeOf<
    [handler: FetchHandler & { readonly authorizes?: boolean }, options?: ListenOptions]
  >()
  const { url, server, close, port: bound } = await listen(handler, { port, host: undefined, hosts: undefined })
  expectTypeOf(listen).returns.resolves.toEqualTypeOf<Listening>()
  expectTypeOf(url).toEqualTypeOf<string>()
  expectTypeOf(bound).toEqualTypeOf<number>()
  expectTypeOf(server).toEqualTypeOf<Server>()
  await close({ graceMs: 0 })
  // @ts-expect-error a port is a number
  await listen(handler, { port: '8000' })
}
