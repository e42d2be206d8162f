import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { fileTrouble } from '../errors/file-trouble.ts'
import { invalid } from './problem.ts'

/*
 * Secrets. They come from the environment alone, so that a configuration file holds nothing to hide.
 */

export interface NodeSecrets {
  /** Absent: flows and claims are kept in this process. */
  readonly redisUrl?: string
  /** 32 octets each; the first seals, all open. */
  readonly sealKeys: readonly Uint8Array[]
}

const SEAL_KEY_OCTETS = 32
/** Less than one random key in 10^20 has fewer different octets; words and repetition do. */
const DIFFERENT_OCTETS = 12

const redisUrl = z
  .string()
  .refine(isRedisUrl, 'must be redis://host:port/database or rediss://host:port/database, without query')
  .exactOptional()
  .describe('Redis 6.2 or later, with `maxmemory-policy noeviction`: `rediss://user:password@host:port/database`.')

const sealKeys = z
  .string()
  .transform((list) => list.split(',').map((key) => key.trim()))
  .pipe(
    z
      .array(z.string().refine((key) => isSealKey(key), 'must be 32 random octets in base64 (openssl rand -base64 32)'))
      .refine((keys) => new Set(keys).size === keys.length, 'must differ from each other'),
  )
  .exactOptional()
  .describe('Keys that seal what is kept in Redis: 32 random octets in base64, separated by commas; the first seals.')

export const secretsSchema = z
  .object({ REDIS_URL: redisUrl, PASSERELLE_SEAL_KEYS: sealKeys })
  .refine(({ REDIS_URL, PASSERELLE_SEAL_KEYS }) => REDIS_URL === undefined || PASSERELLE_SEAL_KEYS !== undefined, {
    message: 'must be set when REDIS_URL is',
    path: ['PASSERELLE_SEAL_KEYS'],
  })

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * An empty variable counts as one that is not set, as `docker run -e NAME` and compose files make them. `NAME_FILE` names a
 * file that holds the secret, as containers mount them. Fault: CFG_INVALID for a file that cannot be read, or both.
 */
export async function secretVariables(environment: Environment): Promise<Readonly<Record<string, string>>> {
  const names = Object.keys(secretsSchema.shape)
  const found = await Promise.all(names.map(async (name) => [name, await secretIn(name, environment)] as const))
  return Object.fromEntries(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

async function secretIn(name: string, environment: Environment): Promise<string | undefined> {
  const value = environment[name] || undefined
  const path = environment[`${name}_FILE`] || undefined
  if (path === undefined) return value
  if (value !== undefined) throw invalid([{ path: [name], message: `must not be set beside ${name}_FILE` }])
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw invalid([{ path: [`${name}_FILE`], message: `${path} ${fileTrouble(thrown)}` }])
  })
  return text.trim() || undefined
}

export function secretsOf({ REDIS_URL, PASSERELLE_SEAL_KEYS = [] }: z.output<typeof secretsSchema>): NodeSecrets {
  const keys = PASSERELLE_SEAL_KEYS.map((key) => Uint8Array.from(Buffer.from(key, 'base64')))
  return { ...(REDIS_URL === undefined ? {} : { redisUrl: REDIS_URL }), sealKeys: keys }
}

function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, pathname, search, hash } = new URL(text)
  const rest = `${pathname}${search}${hash}`
  return ['redis:', 'rediss:'].includes(protocol) && hostname !== '' && /^(?:\/\d*)?$/.test(rest)
}

function isSealKey(text: string): boolean {
  const octets = Buffer.from(text, 'base64')
  return (
    octets.length === SEAL_KEY_OCTETS && octets.toString('base64') === text && new Set(octets).size >= DIFFERENT_OCTETS
  )
}
