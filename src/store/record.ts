import { z } from 'zod'
import { NodeFault } from '../errors/node-fault.ts'
import type { Exchange } from '../relay/exchange.ts'

/**
 * The stored form of an Exchange: JSON, parsed strictly on the way back, so that a value of another release or of
 * another author never becomes an Exchange, nor an unknown key a property.
 */

const requester = z.strictObject({
  entityId: z.string(),
  name: z.string(),
  home: z.string().exactOptional(),
  country: z.string().exactOptional(),
})

const back = z.strictObject({
  entityId: z.string(),
  source: z.string(),
  country: z.string().exactOptional(),
  acs: z.string(),
  inResponseTo: z.string(),
  relayState: z.string().exactOptional(),
})

const request = z.strictObject({
  relyingParty: z.strictObject({
    id: z.string().exactOptional(),
    name: z.string().exactOptional(),
    type: z.enum(['public', 'private']),
  }),
  country: z.string().exactOptional(),
  scheme: z.string().exactOptional(),
  attributes: z.array(z.strictObject({ name: z.string(), required: z.boolean() })),
  loa: z.strictObject({ comparison: z.enum(['minimum', 'exact']), levels: z.array(z.string()) }),
  nameIdFormat: z.enum(['persistent', 'transient', 'unspecified']),
  representation: z.enum(['accept', 'reject']).exactOptional(),
})

const asked = z.strictObject({
  messageId: z.string(),
  at: z.number(),
  entityId: z.string(),
  role: z.string().exactOptional(),
  source: z.string().exactOptional(),
  country: z.string(),
  scheme: z.string().exactOptional(),
})

const identified = z.strictObject({
  kind: z.literal('identified'),
  loa: z.string(),
  attributes: z.array(
    z.strictObject({
      name: z.string(),
      values: z.array(z.strictObject({ value: z.string(), latin: z.boolean() })),
    }),
  ),
  identifier: z.string(),
  authenticatedAt: z.number(),
})

const flow = { supportCode: z.string(), requester, back, request }

const exchangeSchema = z.discriminatedUnion('stage', [
  z.strictObject({ stage: z.literal('choosing'), ...flow, step: z.string() }),
  z.strictObject({ stage: z.literal('asked'), ...flow, asked }),
  z.strictObject({ stage: z.literal('releasing'), ...flow, step: z.string(), outcome: identified }),
  z.strictObject({ stage: z.literal('closed'), requester }),
])

/** The schema's own idea of an Exchange; a test holds the two to the same members. */
export type StoredExchange = z.infer<typeof exchangeSchema>

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** ST_SCHEMA also here: what could not be read back is a mistake to hear of now, not when the citizen returns. */
export function writeExchange(exchange: Exchange): Uint8Array {
  return Buffer.from(JSON.stringify(judged(exchange)), 'utf8')
}

/** ST_SCHEMA when the octets are not exactly an Exchange. */
export function readExchange(octets: Uint8Array): Exchange {
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(octets))
  } catch {
    // The parser's message quotes the text, which may hold personal data: it goes nowhere.
    throw new NodeFault('ST_SCHEMA', 'not JSON')
  }
  return judged(value)
}

function judged(value: unknown): Exchange {
  const result = exchangeSchema.safeParse(value)
  if (result.success) return result.data
  // Paths and kinds only: messages could quote what was stored.
  const problems = result.error.issues.map((issue) => `${issue.path.map(String).join('.')} ${issue.code}`)
  throw new NodeFault('ST_SCHEMA', problems.join(', '))
}
