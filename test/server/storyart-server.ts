/**
 * StoryArt's own server as far as sessions go, written from what was measured of it, faults included: HTML where JSON is
 * expected, `parseInt`, a list that one broken value turns into a 500, an expired version at the top that hides all others.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express, { type Request, type Response } from 'express'
import type { Redis } from 'ioredis'

const KEY = 'storyart:session:'
const INDEX = 'storyart:sessions:index'
const INVALID = 'Invalid session data. Required fields: scriptText, episodeContext, storyUuid, analyzedEpisode'
const ORIGINS = ['http://localhost:3000', 'http://localhost:5173', 'http://127.0.0.1:3000']

export interface StoryArtServer {
  url: string
  stop(): Promise<void>
}

export async function startStoryArtServer(redis: Redis): Promise<StoryArtServer> {
  const app = express()
  app.use((request, response, next) => {
    const { origin } = request.headers
    if (origin !== undefined && ORIGINS.includes(origin)) {
      response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' })
    }
    if (request.method === 'OPTIONS') response.status(204).end()
    else next()
  })
  app.use(express.json({ limit: '50mb' }), express.urlencoded({ limit: '50mb', extended: true }))

  const failing =
    (work: (request: Request, response: Response) => Promise<unknown>, fallback: string) =>
    async (request: Request, response: Response): Promise<void> => {
      try {
        await work(request, response)
      } catch (error) {
        response.status(500).json({ success: false, error: (error as Error).message || fallback })
      }
    }
  const envelope = (text: string, timestamp: unknown): object => ({
    success: true,
    data: { ...JSON.parse(text), timestamp },
    storage: 'redis',
  })

  app.get('/health', (_, response) => {
    response.json({ success: true, status: 'healthy', redis: 'connected', memory: 'empty' })
  })
  app.post(
    '/api/v1/session/save',
    failing(async ({ body }, response) => {
      if (!body?.scriptText) return response.status(400).json({ success: false, error: INVALID })
      const timestamp = body.timestamp || Date.now()
      const sessionKey = `${KEY}${timestamp}`
      await redis.setex(sessionKey, 604_800, JSON.stringify({ ...body, timestamp }))
      await redis.zadd(INDEX, timestamp, sessionKey)
      return response.json({ success: true, message: 'Session saved successfully', sessionKey, storage: 'redis' })
    }, 'Failed to save session'),
  )
  app.get(
    '/api/v1/session/latest',
    failing(async (_, response) => {
      const [top] = await redis.zrevrange(INDEX, 0, 0)
      const text = top === undefined ? null : await redis.get(top).catch(() => null)
      try {
        if (top !== undefined && text !== null) return response.json(envelope(text, Number(top.slice(KEY.length))))
      } catch {} // what is broken is not there
      return response.status(404).json({ success: false, error: 'No session found' })
    }, 'Failed to retrieve session'),
  )
  app.get(
    '/api/v1/session/list',
    failing(async (_, response) => {
      const sessions: { timestamp: number }[] = []
      for (const key of await redis.zrevrange(INDEX, 0, -1)) {
        const text = await redis.get(key)
        if (text === null) continue
        const session = JSON.parse(text)
        sessions.push({ ...session, timestamp: session.timestamp })
      }
      sessions.sort((a, b) => b.timestamp - a.timestamp)
      response.json({ success: true, count: sessions.length, sessions })
    }, 'Failed to list sessions'),
  )
  app.get(
    '/api/v1/session/:timestamp',
    failing(async ({ params }, response) => {
      const timestamp = Number.parseInt(String(params.timestamp), 10)
      if (Number.isNaN(timestamp)) {
        return response.status(400).json({ success: false, error: 'Invalid timestamp parameter' })
      }
      try {
        const text = await redis.get(`${KEY}${timestamp}`)
        if (text !== null) return response.json(envelope(text, timestamp))
      } catch {} // what is broken is not there
      return response.status(404).json({ success: false, error: 'Session not found' })
    }, 'Failed to retrieve session'),
  )

  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
