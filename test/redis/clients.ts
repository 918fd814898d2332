/**
 * Every kind of client the adapter takes.
 */

import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis'
import { Cluster as Cluster6, Redis as Redis6 } from 'ioredis6'
import * as node5 from 'redis'
import * as node4 from 'redis4'
import * as node6 from 'redis6'
import type { IoredisClient, RedisClientOptions } from '../../src/adapters/redis.js'

/** What the adapter takes. */
export type Client = RedisClientOptions['client']

/** A client that can be let go. */
export interface Connection {
  readonly client: Client
  close(): Promise<unknown>
}

/** Where a server listens. */
export interface Node {
  host: string
  port: number
}

/** How to come in, and how long to wait. */
export interface Entry {
  username?: string
  password?: string
  /** Fail at once where there is no connection, instead of waiting for one. */
  impatient?: boolean
  /** Of ioredis alone: how often to try again before a command fails; `null`: until it can be sent. */
  maxRetriesPerRequest?: null
  /** Of ioredis alone: how long a command may take, in ms. */
  commandTimeout?: number
}

/** Makes a client of one server. It is connected, unless it is impatient: then it tries. */
export type Connect = (port: number, entry?: Entry) => Promise<Connection>

interface NodeRedis {
  readonly isOpen: boolean
  on(event: 'error', listener: () => void): unknown
  connect(): Promise<unknown>
  sendCommand(...args: never[]): Promise<unknown>
}

/** Without a listener for errors a lost connection would end the process. */
async function nodeRedis<C extends NodeRedis>(
  client: C,
  end: (client: C) => unknown,
  impatient = false,
): Promise<Connection> {
  client.on('error', () => undefined)
  const connecting = client.connect()
  if (impatient) connecting.catch(() => undefined)
  else await connecting
  return { client, close: async () => (client.isOpen ? end(client) : undefined) }
}

interface Ioredis extends IoredisClient {
  on(event: 'error', listener: () => void): unknown
  disconnect(): void
}

function ioredis(client: Ioredis): Connection {
  client.on('error', () => undefined)
  return { client, close: async () => client.disconnect() }
}

function forIoredis({ impatient, ...entry }: Entry = {}): object {
  return impatient ? { maxRetriesPerRequest: 0, retryStrategy: () => 10, ...entry } : entry
}

function forNode(port: number, { impatient = false, username, password }: Entry = {}) {
  const entry = { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) }
  const socket = impatient ? { host: '127.0.0.1', port, reconnectStrategy: 10 } : { host: '127.0.0.1', port }
  return { ...entry, socket, disableOfflineQueue: impatient }
}

/**
 * A pool that neither grows nor shrinks: one that may shrink does so by a timer which `destroy` forgets, and which then
 * destroys what is destroyed already and throws where nobody can catch it.
 */
const FIXED_POOL = { minimum: 4, maximum: 4 }

/** What can be made for one server. */
export type Kind =
  | ('ioredis 5' | 'ioredis 6' | 'ioredis 6 with replies of RESP3')
  | ('node-redis 4' | 'node-redis 5' | 'node-redis 5 with RESP3' | 'node-redis 6' | 'a pool of node-redis 5')

/** Clients of one server, by name. */
export const singleClients: Record<Kind, Connect> = {
  'ioredis 5': async (port, entry) => ioredis(new Redis5(port, '127.0.0.1', forIoredis(entry))),
  'ioredis 6': async (port, entry) => ioredis(new Redis6(port, '127.0.0.1', forIoredis(entry))),
  'ioredis 6 with replies of RESP3': async (port, entry) =>
    ioredis(new Redis6(port, '127.0.0.1', { ...forIoredis(entry), replyMapping: 'resp3' })),
  'node-redis 4': (port, entry) =>
    nodeRedis(node4.createClient(forNode(port, entry)), (client) => client.disconnect(), entry?.impatient),
  'node-redis 5': (port, entry) =>
    nodeRedis(node5.createClient(forNode(port, entry)), (client) => client.destroy(), entry?.impatient),
  'node-redis 5 with RESP3': (port, entry) =>
    nodeRedis(node5.createClient({ ...forNode(port, entry), RESP: 3 }), (client) => client.destroy(), entry?.impatient),
  'node-redis 6': (port, entry) =>
    nodeRedis(node6.createClient(forNode(port, entry)), (client) => client.destroy(), entry?.impatient),
  'a pool of node-redis 5': (port, entry) =>
    nodeRedis(
      node5.createClientPool(forNode(port, entry), {
        ...FIXED_POOL,
        ...(entry?.impatient ? { acquireTimeout: 50 } : {}),
      }),
      (client) => client.destroy(),
      entry?.impatient,
    ),
}

/** Clients of a Cluster, by name. */
export const clusterClients: Record<string, (nodes: readonly Node[], entry?: Entry) => Promise<Connection>> = {
  'Cluster of ioredis 5': async (nodes, entry) => ioredis(new Cluster5([...nodes], forCluster(entry))),
  'Cluster of ioredis 6': async (nodes, entry) => ioredis(new Cluster6([...nodes], forCluster(entry))),
  'a cluster of node-redis 4': (nodes, entry) =>
    nodeRedis(node4.createCluster(rootsOf(nodes, entry)), (client) => client.disconnect()),
  'a cluster of node-redis 5': (nodes, entry) =>
    nodeRedis(node5.createCluster(rootsOf(nodes, entry)), (client) => client.destroy()),
  'a cluster of node-redis 6': (nodes, entry) =>
    nodeRedis(node6.createCluster(rootsOf(nodes, entry)), (client) => client.destroy()),
}

/** Clients that find the primary by asking a sentinel, by name. */
export const sentinelClients: Record<string, (sentinel: Node, name: string, entry?: Entry) => Promise<Connection>> = {
  'ioredis 5': async (sentinel, name, entry) =>
    ioredis(new Redis5({ ...forIoredis(entry), sentinels: [sentinel], name })),
  'ioredis 6': async (sentinel, name, entry) =>
    ioredis(new Redis6({ ...forIoredis(entry), sentinels: [sentinel], name })),
  'a sentinel of node-redis 5': (sentinel, name) =>
    nodeRedis(node5.createSentinel({ name, sentinelRootNodes: [sentinel] }), (client) => client.destroy()),
  'a sentinel of node-redis 6': (sentinel, name) =>
    nodeRedis(node6.createSentinel({ name, sentinelRootNodes: [sentinel] }), (client) => client.destroy()),
}

function forCluster({ impatient = false }: Entry = {}) {
  return impatient ? { redisOptions: { maxRetriesPerRequest: 0 }, retryDelayOnFailover: 10, maxRedirections: 3 } : {}
}

function rootsOf(nodes: readonly Node[], { impatient = false }: Entry = {}) {
  const defaults = impatient ? { disableOfflineQueue: true, socket: { reconnectStrategy: 10 } } : {}
  return { rootNodes: nodes.map(({ host, port }) => ({ url: `redis://${host}:${port}` })), defaults }
}
