import { z } from 'zod'
import { definitionOf } from '../identity/attributes.ts'
import { notifiedLevels } from '../identity/loa.ts'
import { attributeName, country, entityId, isUnique, mapping, requesterId, text } from './values.ts'

const optionalAttribute = attributeName.refine((name) => {
  const { person, representative, mandatory } = definitionOf(name) ?? additional
  return person === 'natural' && !representative && !mandatory
}, 'must be an optional attribute of a natural person, or an additional one')

/** A name that is not of the profile is held against `attributes` later. */
const additional = { person: 'natural', representative: false, mandatory: false } as const

const sector = z.enum(['public', 'private'])

const service = z.strictObject({
  name: text.describe('What citizens abroad read that asks for their data.'),
  spType: sector.default('public').describe('Its sector.'),
})

const serviceProviders = z.strictObject({
  loa: z.enum(notifiedLevels).default(notifiedLevels[1]).describe('Level asked for when a request names none.'),
  spType: sector
    .default('public')
    .describe('Sector of service providers of which neither `sectors` nor metadata says it.'),
  sectors: z
    .record(entityId, sector)
    .default({})
    .describe(
      'By entityID: the sector of a service provider. A request that says another one is refused (EID_SPTYPE).',
    ),
  hubs: z
    .record(entityId, z.record(requesterId, service))
    .default({})
    .describe(
      'By entityID of a hub, then by RequesterID: the services it asks for. A request for any other is refused (EID_REQUESTER), and so is one of a service provider that is no hub.',
    ),
  optionalAttributes: z
    .array(optionalAttribute)
    .refine(isUnique, 'must name each attribute once')
    .default([])
    .describe('Name URIs asked for beside the minimum data set when neither request nor metadata names attributes.'),
  representation: z
    .record(entityId, z.enum(['reject', 'accept']))
    .default({})
    .describe('By entityID: whether a service provider accepts a representative of the person (R-AP-55).'),
  scripts: z
    .record(entityId, z.enum(['latin', 'both']))
    .default({})
    .describe(
      'By entityID: names in Latin letters only, or the original ones after them where there are both (R-AP-43). `latin` for who is not named.',
    ),
  signsAssertions: z.boolean().default(false).describe('Sign the assertion as well as the response.'),
  relayStateOctets: z
    .int()
    .min(80)
    .max(1024)
    .default(80)
    .describe('How long a RelayState may be: SAML says 80, some products put the address of a whole page there.'),
  mappings: z
    .record(entityId, mapping)
    .default({})
    .describe('By entityID: how a service provider calls attributes and levels, if not as eIDAS does.'),
})

/** `connector` in the configuration: our half for the service providers of this country. */
export const connector = z.strictObject({
  spType: z
    .enum(['public', 'private'])
    .exactOptional()
    .describe('Sector of all service providers, said in our metadata; left out, each request says it (R-MF-17).'),
  representation: z
    .enum(['reject', 'accept'])
    .default('reject')
    .describe(
      'What becomes of answers in which a representative acts for the person, for service providers that `serviceProviders.representation` does not name (R-AP-55).',
    ),
  maximumLoA: z
    .record(country, z.enum(notifiedLevels))
    .default({})
    .describe(
      'By country: the highest level it is believed. Its answers above that are refused, and it is not offered to who asks for more.',
    ),
  optionalAttributes: z
    .record(country, z.enum(['lenient', 'strict']))
    .default({})
    .describe(
      'By country: what becomes of an optional attribute that breaks a rule. `lenient` leaves it out, tells the log and goes on, `strict` refuses the sign-in. `lenient` for who is not named.',
    ),
  identifiersFor: z
    .record(country, z.array(z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters')).min(1))
    .default({})
    .describe(
      'By country: for whom beside us its identifiers may be made (the second part of `CC/DD/…`), where it does not write ours. Others are refused (R-AP-26), for an identifier that was made for one country means nothing in another.',
    ),
  audienceByAcs: z
    .array(entityId)
    .refine(isUnique, 'must name each proxy service once')
    .default([])
    .describe(
      'entityIDs of proxy services whose assertions may have our assertion consumer service as their audience, instead of our entityID (R-MF-57).',
    ),
  nonNotified: z
    .enum(['reject', 'accept'])
    .default('reject')
    .describe('Whether service providers may ask for levels that are not notified (R-MF-64).'),
  serviceProviders: serviceProviders
    .prefault({})
    .describe('What is agreed with the service providers of this country.'),
})
