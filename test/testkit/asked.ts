import type { AuthnRequest } from '../../src/saml/authn-request.ts'
import type { XmlPart } from '../../src/xml/writer.ts'
import { chooseCountry, decoded, fieldsOf, partiesOf, postRequest } from './flow.ts'
import { freshId, mintRequest, sign } from './mint.ts'
import { FOREIGN_COUNTRY } from './peers.ts'
import type { Target } from './target.ts'
import type { Answer } from './wire.ts'

/*
 * What a node asks in its turn, and what it says when it asks nobody.
 */

/** Posts a right request but for these members. */
export async function askConnector(target: Target, overrides: Partial<AuthnRequest<XmlPart>> = {}): Promise<Answer> {
  const { portal } = target.peers
  return postRequest(target, portal, await sign(mintRequest(portal, overrides), portal.signing))
}

export async function askProxyService(target: Target, overrides: Partial<AuthnRequest<XmlPart>> = {}): Promise<Answer> {
  const { connector } = target.peers
  return postRequest(target, connector, await sign(mintRequest(connector, overrides), connector.signing))
}

/** The AuthnRequest the connector sends abroad, as text. */
export async function sentAbroad(
  target: Target,
  overrides: Partial<AuthnRequest<XmlPart>> = {},
  country = FOREIGN_COUNTRY,
): Promise<string> {
  const page = await askConnector(target, { id: freshId(), ...overrides })
  const { answerer } = partiesOf(target, 'connector', country)
  return requestIn(await chooseCountry(target, page, country), answerer.endpoint)
}

/** The AuthnRequest the proxy service sends to the identity provider, as text. */
export async function sentAtHome(target: Target, overrides: Partial<AuthnRequest<XmlPart>> = {}): Promise<string> {
  const asked = await askProxyService(target, { id: freshId(), ...overrides })
  return requestIn(asked, target.peers.identityProvider.endpoint)
}

function requestIn(answer: Answer, endpoint: string): string {
  return decoded(fieldsOf(answer, endpoint).get('SAMLRequest'))
}

export interface Requested {
  readonly name: string
  readonly friendlyName: string | undefined
  readonly required: boolean
}

/** The requested attributes in the text of a request. */
export function requestedIn(request: string): readonly Requested[] {
  return [...request.matchAll(/<eidas:RequestedAttribute ([^>]*)>/g)].map(([, attributes = '']) => {
    const textOf = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1]
    return {
      name: textOf('Name') ?? '',
      friendlyName: textOf('FriendlyName'),
      required: textOf('isRequired') === 'true',
    }
  })
}

/** The RequestedAuthnContext in the text of a request: its comparison and its levels. */
export function levelsIn(request: string): readonly [comparison: string | undefined, ...levels: readonly string[]] {
  const comparison = / Comparison="([a-z]+)"/.exec(request)?.[1]
  return [
    comparison,
    ...[...request.matchAll(/<saml2:AuthnContextClassRef[^>]*>([^<]+)</g)].map(([, level = '']) => level),
  ]
}
