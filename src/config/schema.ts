import { z } from 'zod'
import { additionalAttributes, unknownAttributes } from './attributes.ts'
import { connector } from './connector.ts'
import { proxyService } from './proxy-service.ts'
import { type owners, type suspended, trust } from './trust.ts'
import { country, entityId, formTarget, httpsUrl, language, origin, pathFrom, text } from './values.ts'

/**
 * config/ owns what operators write: one strict schema, read once into a frozen NodeConfig, secrets from the
 * environment, and the documentation made from both. It refuses unknown keys, weakened checks that are not spelled out, and
 * reports every problem at once. node.ts and cli/ import it; it imports identity/ (names of attributes and levels) and
 * errors/.
 */

type Resolve = (path: string) => string

const operator = z.strictObject({
  name: text.describe('Name of the operating body.'),
  displayName: text.describe('Name to show to people.'),
  url: httpsUrl.describe('Its home page.'),
  lang: language.default('en').describe('Language of these names.'),
})

const contacts = z.strictObject({
  support: z.email().describe('E-mail address that citizens and operators of other nodes may write to.'),
  technical: z.email().describe('E-mail address of the technicians.'),
})

const listen = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  port: z.int().min(0).max(65_535).default(8080).describe('Port to listen on; 0 takes a free one.'),
})

const metrics = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on, which no citizen reaches.'),
  port: z.int().min(0).max(65_535).describe('Port to listen on, another than that of `listen`; 0 takes a free one.'),
})

function keys(resolve: Resolve) {
  const path = pathFrom(resolve)
  const pair = z.strictObject({
    privateKey: path.describe('PEM file of the private key, not encrypted.'),
    certificates: z.array(path).min(1).describe('PEM files: the certificate of the key first, then its chain.'),
  })
  const next = z
    .array(path)
    .min(1)
    .exactOptional()
    .describe('PEM file of the certificate of the key that takes over soon, or that has just gone: published as well.')
  const previous = pair
    .exactOptional()
    .describe('The key before this one, for what is still encrypted to it: not published any more.')
  const signing = pair.extend({ next })
  const encrypting = pair.extend({ previous })
  return z.strictObject({
    messages: signing.describe('Signs requests and responses to other countries.'),
    encryption: encrypting.describe(
      'Other countries encrypt assertions to it; another key than any that signs (R-CR-30).',
    ),
    metadata: pair.describe('Signs our metadata.'),
    national: signing.describe('Signs messages to service providers and identity providers of this country.'),
    nationalEncryption: encrypting.describe(
      'Identity providers of this country encrypt to it; never a key that signs.',
    ),
  })
}

const store = z.strictObject({
  prefix: z
    .string()
    .regex(/^[a-z0-9:-]{1,64}$/, 'must be 1 to 64 of a-z, 0-9, colon and hyphen')
    .default('passerelle:')
    .describe('First part of every Redis key; nodes that share one Redis need different ones.'),
})

const seconds = (lowest: number, highest: number, usual: number) => z.int().min(lowest).max(highest).default(usual)

/** The upper bounds are those of the message profile's own reach: no operator can stretch what a replay needs. */
const limits = z.strictObject({
  flowSeconds: seconds(60, 1800, 600).describe('How long a citizen may take for one step.'),
  clockSkewSeconds: seconds(0, 60, 60).describe('How far the clocks of peers may be off.'),
  peerClockSkewSeconds: z
    .record(entityId, z.int().min(0).max(300))
    .default({})
    .describe(
      'By entityID: how far the clock of this peer may be off, instead, in whichever role it has. It counts for messages that this peer has signed.',
    ),
  requestAgeSeconds: seconds(30, 300, 300).describe('How old a message may be.'),
  assertionSeconds: seconds(60, 600, 300).describe('How long our assertions are valid.'),
})

const web = z.strictObject({
  formRedirects: z
    .array(formTarget)
    .default([])
    .describe('Origins that a peer may redirect our form to; Chromium blocks others. `https:` allows any.'),
})

function log(resolve: Resolve) {
  return z.strictObject({
    file: pathFrom(resolve)
      .exactOptional()
      .describe(
        'File that lines are appended to; SIGUSR2 opens it anew after a rotation. Without it, standard output.',
      ),
    level: z
      .enum(['info', 'warn', 'error'])
      .default('info')
      .describe(
        'Lowest level of lines about the node itself. Lines about messages are always written, as R-LAW-7 demands.',
      ),
  })
}

export function nodeSchema(resolve: Resolve) {
  return z
    .strictObject({
      country: country.describe('Country of this node: two capitals, EL for Greece.'),
      baseUrl: origin.describe('Where browsers reach the node: `https://host` or `https://host:port`.'),
      allowHttpForDemo: z
        .boolean()
        .default(false)
        .describe('Accept an http `baseUrl`. Weakens the node; for demonstrations only; warned of at start.'),
      listen: listen.prefault({}).describe('Where the server listens, behind the proxy that ends TLS.'),
      metrics: metrics
        .exactOptional()
        .describe('Where `GET /metrics` tells figures in the format of Prometheus; without it, nowhere.'),
      log: log(resolve).prefault({}).describe('Where and what the node logs.'),
      operator: operator.describe('Who runs the node (R-MF-9).'),
      contacts: contacts.describe('Whom to write to (R-MF-10).'),
      keys: keys(resolve).describe('Our keys, as files.'),
      trust: trust(resolve).describe('Whom we believe.'),
      attributes: additionalAttributes.describe('Attributes beyond the profile (Attribute Profile 2.7).'),
      connector: connector.prefault({}).describe('Our half for the service providers of this country.'),
      proxyService: proxyService.describe('Our half for the citizens of this country.'),
      store: store.prefault({}).describe('Where flows and accepted message IDs are kept.'),
      limits: limits.prefault({}).describe('Times.'),
      web: web.prefault({}).describe('Web pages.'),
      metadataLifetimeHours: z
        .int()
        .min(1)
        .max(336)
        .default(24)
        .describe('How long our metadata is valid; 14 days at most.'),
    })
    .superRefine((config, context) => {
      for (const path of unknownAttributes(config)) {
        context.addIssue({ code: 'custom', path, message: 'must be of the eIDAS profile or among `attributes`' })
      }
    })
    .refine(
      ({ trust: { sources }, proxyService: { schemes } }) =>
        schemes.every((one) => one.kind !== 'saml' || one.source === undefined || isIdpSource(one.source, sources)),
      {
        message: 'must have as `source` the name of a source of identity providers',
        path: ['proxyService', 'schemes'],
      },
    )
    .refine(({ baseUrl, allowHttpForDemo }) => allowHttpForDemo || baseUrl.startsWith('https:'), {
      message: 'must be https (allowHttpForDemo accepts http)',
      path: ['baseUrl'],
      // Also told when something else is wrong; all that is needed here is known to be there.
      when: ({ value }) => z.looseObject({ baseUrl: origin }).safeParse(value).success,
    })
    .refine(
      ({ trust: { sources, lists }, allowHttpForDemo }) =>
        allowHttpForDemo || [...sources, ...lists].every(({ url }) => url === undefined || url.startsWith('https:')),
      { message: 'must have https URLs (allowHttpForDemo accepts http on this machine)', path: ['trust', 'sources'] },
    )
}

function isIdpSource(name: string, sources: readonly { readonly name?: string; readonly roles: readonly string[] }[]) {
  return sources.some((source) => source.name === name && source.roles.includes('identity-provider'))
}

type Frozen<T> = T extends readonly (infer E)[]
  ? readonly Frozen<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T

/** The node's configuration: parsed, complete with defaults, paths absolute, frozen. */
export type NodeConfig = Frozen<z.output<ReturnType<typeof nodeSchema>>>

export type Suspended = Frozen<z.output<typeof suspended>>
export type Owners = Frozen<z.output<typeof owners>>
export type KeyPaths = NodeConfig['keys']
