import { z } from 'zod'
import { attributesWith, isProfileName } from '../identity/attributes.ts'
import { isUnique } from './values.ts'

/*
 * Attributes beyond the profile (Attribute Profile 1.4, 2.7): agreed between states or within a sector, known to this
 * node because its configuration names them.
 */

/** A URI that cannot be mistaken for one of the profile. */
const additionalName = z
  .string()
  .regex(/^[a-z][a-z0-9+.-]*:[\x21-\x7e]{1,256}$/i, 'must be a URI')
  .refine((name) => !isProfileName(name), 'must not be in the namespace of the profile')

const additionalAttribute = z.strictObject({
  name: additionalName.describe('Name URI.'),
  friendlyName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, hyphens and underscores')
    .describe('FriendlyName.'),
  person: z
    .enum(['natural', 'legal', 'representation'])
    .describe('Whom it speaks of: a person of this kind, or the power of one to act for another.'),
  type: z.literal('xs:string').default('xs:string').describe('Type of its values.'),
  multiple: z.boolean().default(false).describe('May have more than one value.'),
})

export const additionalAttributes = z
  .array(additionalAttribute)
  .max(64)
  .refine((attributes) => isUnique(attributes.map(({ name }) => name)), 'must name each attribute once')
  .refine((attributes) => isUnique(attributes.map(({ friendlyName }) => friendlyName)), 'must have a FriendlyName each')
  .default([])

type Names = Readonly<Record<string, string>> | readonly string[]

/** The parts of a configuration that name attributes. */
interface Naming {
  readonly attributes: z.output<typeof additionalAttributes>
  readonly connector: {
    readonly serviceProviders: {
      readonly optionalAttributes: readonly string[]
      readonly mappings: Readonly<Record<string, { readonly attributes: Names }>>
    }
  }
  readonly proxyService: {
    readonly attributes?: readonly string[]
    readonly schemes: readonly {
      readonly attributes?: readonly string[]
      readonly mapping: { readonly attributes: Names }
    }[]
  }
}

/** Where a name stands that is neither of the profile nor of `attributes`. */
export function unknownAttributes({ attributes, connector, proxyService }: Naming): readonly (string | number)[][] {
  const known = attributesWith(attributes)
  const { optionalAttributes, mappings } = connector.serviceProviders
  const places: readonly (readonly [path: readonly (string | number)[], names: Names])[] = [
    [['connector', 'serviceProviders', 'optionalAttributes'], optionalAttributes],
    [['proxyService', 'attributes'], proxyService.attributes ?? []],
    ...Object.entries(mappings).map(
      ([peer, mapping]) =>
        [['connector', 'serviceProviders', 'mappings', peer, 'attributes'], mapping.attributes] as const,
    ),
    ...proxyService.schemes.flatMap(({ attributes: delivered = [], mapping }, index) => [
      [['proxyService', 'schemes', index, 'attributes'], delivered] as const,
      [['proxyService', 'schemes', index, 'mapping', 'attributes'], mapping.attributes] as const,
    ]),
  ]
  return places.flatMap(([path, names]) =>
    Object.entries(names)
      .filter(([, name]) => known.definitionOf(name) === undefined)
      .map(([key]) => [...path, Array.isArray(names) ? Number(key) : key]),
  )
}
