import { z } from 'zod'
import { definitionOf } from '../identity/attributes.ts'
import { isAbove, type NotifiedLoA, notifiedLevels } from '../identity/loa.ts'
import { missingMandatory, subjectKinds } from '../identity/person.ts'
import { attributeName, entityId, isUnique, label, loa, mapping } from './values.ts'

/** R-MF-37. */
const requesterId = z
  .string()
  .regex(/^(?=.{1,1024}$)[A-Za-z][A-Za-z0-9+.-]*:\S+$/, 'must be a URI of at most 1024 characters')

const maximumLoA = z
  .enum(notifiedLevels)
  .exactOptional()
  .describe('The highest level it is notified for; what it says above that is refused.')

const scheme = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('saml').describe('An identity provider known by SAML metadata.'),
    name: label.describe('Name of the scheme.'),
    entityId: entityId.describe('Its entityID; its metadata comes from a trust source.'),
    mapping: mapping.prefault({}).describe('How it calls attributes and levels.'),
    maximumLoA,
  }),
  z.strictObject({
    kind: z.literal('passport').describe('A Passport strategy that the node is built with.'),
    name: label.describe('Name of the scheme.'),
    strategy: label.describe('Name the strategy is registered under.'),
    mapping: mapping.prefault({}).describe('How it calls attributes and levels.'),
    maximumLoA,
  }),
])

/** `proxyService` in the configuration: our half for the citizens of this country. */
export const proxyService = z
  .strictObject({
    loas: z
      .array(loa)
      .min(1)
      .refine(isUnique, 'must name each level once')
      .describe('Every level of assurance the schemes reach, published in our metadata (R-MF-13).'),
    attributes: z
      .array(attributeName)
      .min(1)
      .refine(isUnique, 'must name each attribute once')
      .refine((names) => !names.some((name) => definitionOf(name)?.representative), 'must not name representatives')
      .refine(hasWholeSets, 'must have all mandatory attributes of each person it speaks of')
      .exactOptional()
      .describe(
        'Name URIs of what the schemes deliver, published in our metadata (R-MF-14); left out, all attributes that are known. Others are not answered for.',
      ),
    schemes: z
      .array(scheme)
      .min(1)
      .max(1, 'must have one scheme: citizens are not offered a choice')
      .refine((schemes) => isUnique(schemes.map(({ name }) => name)), 'must have a name of its own each')
      .describe('Where the citizens of this country authenticate: one scheme.'),
    representation: z
      .enum(['reject', 'accept'])
      .default('reject')
      .describe(
        'Whether citizens of this country may act for others abroad, where a scheme delivers the whole data set of a representative (R-AP-51).',
      ),
    consent: z.boolean().default(true).describe('Show the values to the citizen before they leave the country.'),
    requesterIdRequired: z
      .boolean()
      .default(false)
      .describe('Private service providers must name themselves (R-MF-20).'),
    privateRequesters: z
      .array(requesterId)
      .refine(isUnique, 'must name each service provider once')
      .exactOptional()
      .describe(
        'RequesterIDs of the private service providers abroad that accepted our terms of access; the others are refused (R-IA-19). Left out, there are no terms. Goes with `requesterIdRequired`.',
      ),
  })
  .refine(({ privateRequesters, requesterIdRequired }) => privateRequesters === undefined || requesterIdRequired, {
    message: 'must be true where privateRequesters is given, for others must know that they are to name themselves',
    path: ['requesterIdRequired'],
  })
  .refine(({ loas, schemes }) => loas.every((level) => schemes.some((one) => isReached(level, one.maximumLoA))), {
    message: 'must not have a level above the maximumLoA of every scheme',
    path: ['loas'],
  })
  .refine(({ schemes }) => schemes.every(mapsWithinMaximum), {
    message: 'must not map a class to a level above maximumLoA',
    path: ['schemes'],
  })

function isReached(level: string, maximum: NotifiedLoA | undefined): boolean {
  return maximum === undefined || !isAbove(level, maximum)
}

function mapsWithinMaximum({ mapping: { loa: levels }, maximumLoA: maximum }: z.output<typeof scheme>): boolean {
  return Object.values(levels).every((level) => isReached(level, maximum))
}

/** R-MF-33: nobody can ask for a person of whom something mandatory is not to be had. */
function hasWholeSets(names: readonly string[]): boolean {
  const kinds = subjectKinds(names)
  return kinds.length > 0 && kinds.every((kind) => missingMandatory(names, kind).length === 0)
}
