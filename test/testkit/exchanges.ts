import type { AskedExchange, Releasing } from '../../src/relay/exchange.ts'

/** The person of the specification's examples, as far as it may lie in a store while the consent page is open. */
export const person = {
  familyName: 'Garcia',
  firstName: 'Javier',
  dateOfBirth: '1964-12-31',
  identifier: 'ES/AT/02635542Y',
}

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
const SUBSTANTIAL = 'http://eidas.europa.eu/LoA/substantial'

const flow = {
  supportCode: 'K7Q2-9XHM',
  requester: { entityId: 'https://sp.example/metadata', name: 'Town hall', home: 'https://sp.example/' },
  back: {
    entityId: 'https://sp.example/metadata',
    source: 'portals',
    acs: 'https://sp.example/acs',
    inResponseTo: '_a1',
    relayState: 'x',
  },
  request: {
    relyingParty: { name: 'Town hall', type: 'public' },
    country: 'ES',
    attributes: [{ name: `${NATURAL}CurrentFamilyName`, required: true }],
    loa: { comparison: 'minimum', levels: [SUBSTANTIAL] },
    nameIdFormat: 'persistent',
  },
} as const

export const askedExchange: AskedExchange = {
  ...flow,
  stage: 'asked',
  asked: {
    messageId: '_b2',
    at: 1_764_000_000_000,
    entityId: 'https://node.example.es/metadata',
    role: 'proxy-service',
    source: 'es',
    country: 'ES',
  },
}

function attribute(local: string, value: string): Releasing['outcome']['attributes'][number] {
  return { name: NATURAL + local, values: [{ value, latin: true }] }
}

/** The stage that holds personal data. */
export const releasingExchange: Releasing = {
  ...flow,
  stage: 'releasing',
  step: 'consent',
  outcome: {
    kind: 'identified',
    loa: SUBSTANTIAL,
    attributes: [
      attribute('PersonIdentifier', person.identifier),
      attribute('CurrentFamilyName', person.familyName),
      attribute('CurrentGivenName', person.firstName),
      attribute('DateOfBirth', person.dateOfBirth),
    ],
    identifier: person.identifier,
    authenticatedAt: 1_764_000_060_000,
  },
}
