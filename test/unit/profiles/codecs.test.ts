import {
  type AttributeDefinition,
  attributeDefinitions,
  dataSet,
  type PersonKind,
} from '../../../src/identity/attributes.ts'
import { notifiedLevels, type RequestedLoA } from '../../../src/identity/loa.ts'
import type { Identified, ReleasedAttribute } from '../../../src/identity/outcome.ts'
import { identifierIn } from '../../../src/identity/person.ts'
import type { IdentityRequest, RelyingParty } from '../../../src/identity/request.ts'
import { readExtensions, writeExtensions } from '../../../src/profiles/eidas/extensions.ts'
import { eidasProfile } from '../../../src/profiles/eidas/profile.ts'
import { readRequestedLoA, writeRequestedLoA } from '../../../src/profiles/eidas/requested-loa.ts'
import { nameIdFormatUri, readNameIdFormat, writeNameIdPolicy } from '../../../src/profiles/name-id.ts'
import { contextFrom, contextTo, type NationalMapping } from '../../../src/profiles/national/mapping.ts'
import { nationalProfile } from '../../../src/profiles/national/profile.ts'
import { samlp } from '../../../src/xml/names.ts'
import { elements } from '../../../src/xml/reader.ts'
import { el } from '../../../src/xml/writer.ts'
import fc from '../../testkit/properties.ts'
import { maybe, texts, uris } from '../saml/arbitraries.ts'
import { signed } from '../saml/samples.ts'
import { valuesFor } from './arbitraries.ts'
import { answering, asking, NOW, peer, receivedAssertion, receivedRequest } from './samples.ts'

/* The codecs of both profiles by property: what one side writes, the other reads as it was meant. */

const nonNotified = fc.uniqueArray(fc.constantFrom('urn:a', 'https://loa.example/b', 'urn:c'), { minLength: 1 })

/** R-MF-60 to R-MF-62: a minimum, or levels without order and all notified ones from one of them on. */
const loas: fc.Arbitrary<RequestedLoA> = fc.oneof(
  fc.record({
    comparison: fc.constant('minimum' as const),
    levels: fc.constantFrom(...notifiedLevels).map((one) => [one]),
  }),
  fc.record({
    comparison: fc.constant('exact' as const),
    levels: fc.tuple(fc.nat(3), nonNotified).map(([from, others]) => [...notifiedLevels.slice(from), ...others]),
  }),
)

/** The mandatory attributes of a person's data set, and some of the others. */
const attributesOf = (person: PersonKind): fc.Arbitrary<readonly AttributeDefinition[]> =>
  fc
    .subarray([...dataSet(person).filter(({ mandatory }) => !mandatory)])
    .map((others) => [...dataSet(person).filter(({ mandatory }) => mandatory), ...others])

const persons = fc.constantFrom<PersonKind>('natural', 'legal')

const relyingParties: fc.Arbitrary<RelyingParty> = fc
  .record({ type: fc.constantFrom('public' as const, 'private' as const), id: maybe(uris), name: maybe(texts) })
  .map(({ type, id, name }) => ({
    type,
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
  }))

const requests: fc.Arbitrary<IdentityRequest> = fc
  .record({
    relyingParty: relyingParties,
    loa: loas,
    nameIdFormat: fc.constantFrom('persistent' as const, 'transient' as const, 'unspecified' as const),
    attributes: persons.chain(attributesOf),
  })
  .map(({ attributes, ...request }) => ({
    ...request,
    attributes: attributes.map(({ name, mandatory }) => ({ name, required: mandatory })),
  }))

/** Everything that is asked for, at the level asked for, of a person of XA. */
function answersTo(request: IdentityRequest): fc.Arbitrary<Identified> {
  const released = request.attributes.map(({ name }): fc.Arbitrary<ReleasedAttribute> => {
    const definition = attributeDefinitions.find((one) => one.name === name)
    if (definition === undefined) throw new TypeError(name)
    if (definition.kind !== 'identifier') return fc.record({ name: fc.constant(name), values: valuesFor(definition) })
    const identifiers = fc.stringMatching(/^[!-.0-~]{1,60}$/).map((own) => `XA/XB/${own}`)
    return identifiers.map((value) => ({ name, values: [{ value, latin: true }] }))
  })
  return fc
    .record({ loa: fc.constantFrom(...request.loa.levels), attributes: fc.tuple(...released) })
    .map(({ loa, attributes }) => ({
      kind: 'identified',
      loa,
      attributes,
      identifier: identifierIn(attributes),
      authenticatedAt: NOW - 60_000,
    }))
}

const exchanges = requests.chain((request) => answersTo(request).map((outcome) => ({ request, outcome })))

describe('eIDAS', () => {
  const asker = eidasProfile({ country: 'XB' })
  const answerer = eidasProfile({ country: 'XA' })

  test('Extensions: read after write is identity', () => {
    fc.assert(
      fc.property(requests, maybe(fc.constantFrom('public', 'private')), ({ attributes }, spType) => {
        const extensions = {
          ...(spType === undefined ? {} : { spType }),
          ...(attributes.length === 0 ? {} : { requestedAttributes: attributes }),
        }
        const written = el(samlp('Extensions'), {}, ...writeExtensions(extensions))
        expect(readExtensions(elements(signed(written)))).toEqual(extensions)
      }),
    )
  })

  test('levels of assurance: read after write is identity', () => {
    fc.assert(fc.property(loas, (loa) => expect(readRequestedLoA(writeRequestedLoA(loa))).toEqual(loa)))
  })

  test('NameIDPolicy: read after write is identity', () => {
    fc.assert(
      fc.property(requests, ({ nameIdFormat }) => {
        expect(readNameIdFormat(writeNameIdPolicy(nameIdFormat, []).format)).toBe(nameIdFormat)
        expect(readNameIdFormat(nameIdFormatUri(nameIdFormat))).toBe(nameIdFormat)
      }),
    )
  })

  test('AuthnRequest: read after write is identity, through octets and schema', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const read = answerer.readRequest(receivedRequest(asker.writeRequest(request, asking)), peer)
        expect(read).toEqual(request)
      }),
    )
  })

  test('Assertion: read after write is identity, through octets and schema', () => {
    fc.assert(
      fc.property(exchanges, ({ request, outcome }) => {
        const written = answerer.writeAssertion(outcome, { ...answering, request })
        expect(asker.readOutcome(receivedAssertion(written), { request, peer, country: 'XA' })).toEqual(outcome)
      }),
    )
  })
})

describe('national', () => {
  const mapping: NationalMapping = {
    attributes: Object.fromEntries(attributeDefinitions.map(({ name }, index) => [`attribute-${index}`, name])),
    loa: Object.fromEntries(notifiedLevels.map((level) => [`urn:national:${level.split('/').at(-1)}`, level])),
  }
  const profile = nationalProfile({ defaultLoA: notifiedLevels[0], mappingOf: () => mapping })
  const notified = exchanges.filter(({ request }) => request.loa.comparison === 'minimum')

  test('levels of assurance: read after write is identity', () => {
    const minima = loas.filter(({ comparison }) => comparison === 'minimum')
    fc.assert(
      fc.property(minima, (loa) => {
        expect(contextFrom(mapping, contextTo(mapping, loa))).toEqual(loa)
      }),
    )
  })

  test('Assertion: read after write is identity, in one script, through octets and schema', () => {
    fc.assert(
      fc.property(notified, ({ request, outcome }) => {
        const sent = outcome.attributes.map(({ name, values }) => ({
          name,
          values: values.some(({ latin }) => latin) ? values.filter(({ latin }) => latin) : values,
        }))
        const written = profile.writeAssertion(outcome, { ...answering, request })
        const read = profile.readOutcome(receivedAssertion(written), { request, peer, country: 'XA' })
        expect({ ...read, attributes: textsOf(read.attributes) }).toEqual({
          ...outcome,
          attributes: textsOf(sent),
        })
      }),
    )
  })
})

/** R-AP-46: which script a value is in, its letters say; not the message. */
const textsOf = (attributes: readonly ReleasedAttribute[]) =>
  new Map(attributes.map(({ name, values }) => [name, values.map(({ value }) => value)]))
