/**
 * StoryArt's way to serve sessions, written anew by its rules: Express, whole documents parsed and written again, one
 * GET a session for a list. The yardstick of the load test.
 */
import type { Server } from 'node:http'
import express from 'express'
import type { Redis } from 'ioredis'

const PREFIX = 'storyart:session:'
const INDEX = 'storyart:sessions:index'
const LIFE_S = 604_800

export function expressServer(client: Redis): Promise<Server> {
  const app = express()
  app.use(express.json({ limit: '50mb' }))

  app.post('/api/v1/session/save', async (request, response) => {
    const data = request.body
    if (!data?.scriptText) return void response.status(400).json({ success: false, error: 'Invalid session data' })
    const timestamp = data.timestamp || Date.now()
    const key = `${PREFIX}${timestamp}`
    await client.setex(key, LIFE_S, JSON.stringify({ ...data, timestamp }))
    await client.zadd(INDEX, timestamp, key)
    response.json({ success: true, message: 'Session saved successfully', sessionKey: key, storage: 'redis' })
  })

  app.get('/api/v1/session/latest', async (_request, response) => {
    const [key] = await client.zrange(INDEX, 0, 0, 'REV')
    const text = key === undefined ? null : await client.get(key)
    if (key === undefined || text === null) {
      return void response.status(404).json({ success: false, error: 'No session found' })
    }
    const timestamp = Number(key.slice(PREFIX.length))
    response.json({ success: true, data: { ...JSON.parse(text), timestamp }, storage: 'redis' })
  })

  app.get('/api/v1/session/list', async (_request, response) => {
    const sessions: { timestamp: number }[] = []
    for (const key of await client.zrange(INDEX, 0, -1, 'REV')) {
      const text = await client.get(key)
      if (text !== null) sessions.push(JSON.parse(text))
    }
    sessions.sort((a, b) => b.timestamp - a.timestamp)
    response.json({ success: true, count: sessions.length, sessions })
  })

  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(server))
  })
}
