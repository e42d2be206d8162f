import { Redis } from 'ioredis'
import { NodeFault } from '../errors/node-fault.ts'
import type { Random } from '../relay/flow-cookie.ts'
import {
  type Instance,
  readInstance,
  type SealKeyState,
  sealKeyState,
  TOLD_EVERY_MILLISECONDS,
  writeInstance,
} from './instances.ts'
import { sealer } from './seal.ts'
import { oneShelf, type Shelf, type Stores, storesOn } from './store.ts'

export interface RedisShelfOptions {
  /** redis: or rediss: URL; may hold a password, so it is never logged. */
  readonly url: string
  /** How long Redis may take for one command. */
  readonly commandTimeoutMilliseconds?: number
  /** Told once per outage and reason; never with keys or values. */
  readonly onTrouble?: (message: string) => void
  /** Told once when an outage is over. */
  readonly onRecovery?: (message: string) => void
}

const COMMAND_TIMEOUT = 1000
const LONGEST_RETRY_DELAY = 2000
/** Clocks of instances differ by less. */
const LONG_GONE_MILLISECONDS = 3_600_000

/** Nothing waits, nothing is sent twice: what cannot be done now is a fault now. */
function connection(options: RedisShelfOptions): Redis {
  const commandTimeout = options.commandTimeoutMilliseconds ?? COMMAND_TIMEOUT
  return new Redis(options.url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout,
    connectTimeout: commandTimeout,
    socketTimeout: 2 * commandTimeout,
    retryStrategy: (times) => Math.min(times * 100, LONGEST_RETRY_DELAY),
    // After a fail-over the address may lead to what is a replica now.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    disableClientInfo: true,
  })
}

/** What is known of a server that may be used. */
interface Judgement {
  /** It takes nothing more. */
  readonly isFull: boolean
}

/** A number of INFO. */
function octetsIn(info: string, name: string): number | undefined {
  const digits = new RegExp(`^${name}:(\\d+)\\r?$`, 'm').exec(info)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** A shelf shared by all instances of the node. Needs Redis 6.2 or later (GETDEL). */
class RedisShelf implements Shelf {
  private readonly redis: Redis
  /** The judgement of the server behind the present connection; a new connection may lead to another server. */
  private judged: Promise<Judgement> | undefined
  private readonly onTrouble: (message: string) => void
  private readonly onRecovery: (message: string) => void
  /** What was told of the present outage, in order. */
  private readonly troubles = new Set<string>()

  constructor(options: RedisShelfOptions) {
    this.redis = connection(options)
    this.onTrouble = options.onTrouble ?? (() => undefined)
    this.onRecovery = options.onRecovery ?? (() => undefined)
    this.listen()
  }

  async connect(): Promise<void> {
    await this.faulting('connect', () => this.redis.connect())
    await this.judge()
  }

  async put(key: string, octets: Uint8Array, ttlSeconds: number): Promise<void> {
    await this.judge()
    await this.faulting('SET', () => this.redis.set(key, Buffer.from(octets), 'EX', ttlSeconds))
  }

  async take(key: string): Promise<Uint8Array | undefined> {
    await this.judge()
    return (await this.faulting('GETDEL', () => this.redis.getdelBuffer(key))) ?? undefined
  }

  async claim(key: string, ttlMilliseconds: number): Promise<boolean> {
    await this.judge()
    return (await this.faulting('SET NX', () => this.redis.set(key, '', 'PX', ttlMilliseconds, 'NX'))) === 'OK'
  }

  /** Judged afresh, because an operator can change the policy while we run, and because it may be full by now. */
  async reachable(): Promise<boolean> {
    this.judged = undefined
    return this.judge().then(
      ({ isFull }) => !isFull,
      () => false,
    )
  }

  /** Tells the other instances of this one and returns what each has told, this one included. */
  async meet(key: string, own: Instance): Promise<readonly Instance[]> {
    await this.faulting('HSET', () => this.redis.hset(key, own.id, writeInstance(own)))
    const told = await this.faulting('HGETALL', () => this.redis.hgetall(key))
    const instances = Object.entries(told).map(([id, text]) => [id, readInstance(id, text)] as const)
    const gone = instances.filter(([, one]) => one === undefined || own.at - one.at > LONG_GONE_MILLISECONDS)
    if (gone.length > 0) await this.faulting('HDEL', () => this.redis.hdel(key, ...gone.map(([id]) => id)))
    return instances.flatMap(([, one]) => one ?? [])
  }

  /** Takes this instance out of what the others hear. */
  async leave(key: string, id: string): Promise<void> {
    await this.redis.hdel(key, id).catch(() => undefined)
  }

  async close(): Promise<void> {
    await this.redis.quit().catch(() => undefined)
    this.redis.disconnect()
  }

  private judge(): Promise<Judgement> {
    this.judged ??= this.judgeServer().catch((fault: unknown) => {
      this.judged = undefined
      throw fault
    })
    return this.judged
  }

  /**
   * a server that evicts would forget accepted messages. INFO, because CONFIG is often closed to clients. One that
   * is full is no fault here: what is kept can be taken all the same, and what cannot be kept is a fault of its own.
   */
  private async judgeServer(): Promise<Judgement> {
    await this.selectDatabase()
    const memory = await this.faulting('INFO', () => this.redis.info('memory'))
    const policy = /^maxmemory_policy:([a-z-]+)\r?$/m.exec(memory)?.[1]
    const maximum = octetsIn(memory, 'maxmemory')
    if (maximum !== 0 && policy !== 'noeviction') {
      const unfit = `maxmemory-policy must be noeviction, is ${policy ?? 'not told'}`
      this.trouble(unfit)
      throw new NodeFault('ST_STORE', unfit)
    }
    const used = (octetsIn(memory, 'used_memory') ?? 0) - (octetsIn(memory, 'mem_not_counted_for_evict') ?? 0)
    const isFull = maximum !== undefined && maximum > 0 && used >= maximum
    if (isFull) this.trouble(`it is full: maxmemory is ${maximum}`)
    else this.over()
    return { isFull }
  }

  /** The client goes on with database 0 when it cannot have the one of the URL. */
  private async selectDatabase(): Promise<void> {
    const { db = 0 } = this.redis.options
    if (db !== 0) await this.faulting(`SELECT ${db}`, () => this.redis.select(db))
  }

  private async faulting<T>(command: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (cause) {
      throw new NodeFault('ST_STORE', `${command}: ${this.reasonOf(cause)}`, { cause })
    }
  }

  /** Without a connection the reason came as an event, and what rejects only says that there is none. */
  private reasonOf(cause: unknown): string {
    const [latest] = [...this.troubles].slice(-1)
    if (this.redis.status !== 'ready' && latest !== undefined) return latest
    return cause instanceof Error ? cause.message : 'failed'
  }

  private listen(): void {
    this.redis.on('error', (error: Error) => this.trouble(error.message))
    this.redis.on('close', () => {
      this.judged = undefined
    })
    // Whether it is really over is for the judgement of this server to say.
    this.redis.on('ready', () => void this.reachable())
  }

  private trouble(reason: string): void {
    if (this.troubles.has(reason)) return
    this.troubles.add(reason)
    this.onTrouble(`Redis: ${reason}`)
  }

  private over(): void {
    if (this.troubles.size > 0) this.onRecovery('Redis answers again')
    this.troubles.clear()
  }
}

/** ST_STORE when Redis does not answer or may evict; then nothing is left open. */
export function openRedisShelf(options: RedisShelfOptions): Promise<Shelf> {
  return openShelf(options)
}

async function openShelf(options: RedisShelfOptions): Promise<RedisShelf> {
  const shelf = new RedisShelf(options)
  try {
    await shelf.connect()
  } catch (fault) {
    await shelf.close()
    throw fault
  }
  return shelf
}

export interface RedisStoresOptions extends RedisShelfOptions {
  /** 32 octets each; the first seals, all open. */
  readonly sealKeys: readonly Uint8Array[]
  readonly prefix: string
  readonly now: () => number
  readonly random: Random
}

const INSTANCE_ID_OCTETS = 8

export async function redisStores(options: RedisStoresOptions): Promise<Stores> {
  const { prefix, now, random } = options
  const seal = sealer(options.sealKeys, random)
  const shelf = await openShelf(options)
  const meeting = await meetings(shelf, `${prefix}instances`, {
    id: Buffer.from(random(INSTANCE_ID_OCTETS)).toString('hex'),
    keys: seal.keyIds,
    since: Math.floor(now()),
    now: () => Math.floor(now()),
  })
  const stores = storesOn({ shelves: oneShelf(shelf), sealer: seal, prefix, now, sealKeys: meeting.state })
  return {
    ...stores,
    async close() {
      await meeting.end()
      await stores.close()
    },
  }
}

/** Meets the other instances now and every 15 s; while Redis does not answer, what was known last stands. */
async function meetings(
  shelf: RedisShelf,
  key: string,
  { now, ...self }: Omit<Instance, 'at'> & { now: () => number },
) {
  let state: SealKeyState = { equal: true, atFault: false }
  const meet = async () => {
    const own = { ...self, at: now() }
    state = sealKeyState(own, await shelf.meet(key, own))
  }
  await meet().catch(() => undefined)
  const timer = setInterval(() => void meet().catch(() => undefined), TOLD_EVERY_MILLISECONDS)
  timer.unref()
  return {
    state: () => state,
    async end() {
      clearInterval(timer)
      await shelf.leave(key, self.id)
    },
  }
}
