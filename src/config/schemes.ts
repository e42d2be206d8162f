import { z } from 'zod'
import { definitionOf } from '../identity/attributes.ts'
import { isAbove, type NotifiedLoA, notifiedLevels } from '../identity/loa.ts'
import { missingMandatory, subjectKinds } from '../identity/person.ts'
import { attributeName, entityId, isUnique, label, mapping, text } from './values.ts'

/* The national schemes behind our proxy service, and what they say of themselves. */

/** Name URIs of what a scheme delivers: whole data sets, for what is mandatory must be answered (R-MF-33). */
export const delivered = z
  .array(attributeName)
  .min(1)
  .refine(isUnique, 'must name each attribute once')
  .refine((names) => !names.some((name) => definitionOf(name)?.representative), 'must not name representatives')
  .refine(hasWholeSets, 'must have all mandatory attributes of each person it speaks of')
  .exactOptional()

const any = {
  name: label.describe('Name of the scheme, in lower-case letters, digits and hyphens.'),
  displayName: text
    .exactOptional()
    .describe('What citizens call it; they read it where they have a choice, so it is needed where there are several.'),
  mapping: mapping.prefault({}).describe('How it calls attributes and levels.'),
  maximumLoA: z
    .enum(notifiedLevels)
    .exactOptional()
    .describe('The highest level it is notified for; what it says above that is refused.'),
  optionalAttributes: z
    .enum(['lenient', 'strict'])
    .default('lenient')
    .describe(
      'What becomes of an optional attribute that breaks a rule: `lenient` leaves it out, tells the log and goes on, `strict` refuses the sign-in.',
    ),
  earlierAuthenticationSeconds: z
    .int()
    .min(0)
    .max(86_400)
    .default(0)
    .describe(
      'How long before our request the citizen may have been authenticated, for a scheme that has a session with her and does not sign her in anew though it is asked to. When she was is passed on as it is, and other countries may refuse it.',
    ),
  attributes: delivered.describe(
    'Name URIs of what it delivers; who asks for a person or an attribute that is not among them is not sent to it. Left out: all that is published.',
  ),
}

/** The path stands for the strategy, and is no label: it ends in `.js` or `.mjs`. */
const strategyModule = z
  .strictObject({
    module: z.string().regex(/^[^\p{Cc}\p{Cs}]{1,1020}\.m?js$/u, 'must be the path of a .js or .mjs file'),
  })
  .transform(({ module }) => module)

const scheme = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('saml').describe('An identity provider known by SAML metadata.'),
    name: any.name,
    displayName: any.displayName,
    entityId: entityId.describe('Its entityID; its metadata comes from a trust source.'),
    source: label
      .exactOptional()
      .describe(
        'Name of the one source (`trust.sources`) that its metadata may come from; no other speaks for this entityID. Left out: as in `trust.owners`.',
      ),
    mapping: any.mapping,
    maximumLoA: any.maximumLoA,
    attributes: any.attributes,
    optionalAttributes: any.optionalAttributes,
    earlierAuthenticationSeconds: any.earlierAuthenticationSeconds,
    conditionsSeconds: z
      .int()
      .min(60)
      .max(86_400)
      .default(3_600)
      .describe('How far NotBefore and NotOnOrAfter of its assertions may be apart.'),
    authenticatingAuthority: z
      .boolean()
      .default(false)
      .describe(
        'Whether its assertions may name another authority that authenticated the citizen: it is a proxy itself.',
      ),
  }),
  z.strictObject({
    kind: z.literal('passport').describe('A Passport strategy.'),
    name: any.name,
    displayName: any.displayName,
    strategy: z
      .union([label, strategyModule])
      .describe(
        'The strategy: `{ "module": "./bank.mjs" }` is a module whose default export makes it, with a path relative to this file; a name is that under which a program that starts the node has registered it.',
      ),
    issuer: entityId
      .exactOptional()
      .describe(
        'What the provider calls itself in the parameter `iss` of its answers (RFC 9207). An answer with another, or without one, is refused. Left out: what the strategy says, or else nothing is compared.',
      ),
    mapping: any.mapping,
    maximumLoA: any.maximumLoA,
    attributes: any.attributes,
    optionalAttributes: any.optionalAttributes,
    earlierAuthenticationSeconds: any.earlierAuthenticationSeconds,
  }),
])

type Scheme = z.output<typeof scheme>

export const schemes = z
  .array(scheme)
  .min(1)
  .refine((all) => isUnique(all.map(({ name }) => name)), 'must have a name of its own each')
  .refine(haveDisplayNames, 'must have a displayName of its own each, where there are several')
  .refine((all) => all.every(mapsWithinMaximum), 'must not map a class to a level above maximumLoA')

export function isReached(level: string, maximum: NotifiedLoA | undefined): boolean {
  return maximum === undefined || !isAbove(level, maximum)
}

function haveDisplayNames(all: readonly Scheme[]): boolean {
  const names = all.flatMap(({ displayName }) => displayName ?? [])
  return all.length === 1 || (names.length === all.length && isUnique(names))
}

function mapsWithinMaximum({ mapping: { loa: levels }, maximumLoA: maximum }: Scheme): boolean {
  return Object.values(levels).every((level) => isReached(level, maximum))
}

/** R-MF-33: a person without a mandatory attribute cannot be asked for. */
function hasWholeSets(names: readonly string[]): boolean {
  const kinds = subjectKinds(names)
  return kinds.length > 0 && kinds.every((kind) => missingMandatory(names, kind).length === 0)
}
