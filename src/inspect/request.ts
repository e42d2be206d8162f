import { NodeFault } from '../errors/node-fault.ts'
import { definitionOf } from '../identity/attributes.ts'
import { type EidasExtensions, readExtensions, unknownExtensions } from '../profiles/eidas/extensions.ts'
import { eidasProfile } from '../profiles/eidas/profile.ts'
import { eidasRequestRules } from '../profiles/eidas/request-rules.ts'
import { silentPeer } from '../profiles/peer-facts.ts'
import type { PeerFacts } from '../profiles/profile.ts'
import { type AuthnRequest, readAuthnRequest } from '../saml/authn-request.ts'
import { requestRules } from '../saml/rules/request.ts'
import type { Rule } from '../saml/rules/rule.ts'
import { bindings } from '../saml/uris.ts'
import { clark } from '../xml/element.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { offline, windowAt } from './context.ts'
import { attempt, type Finding, judge, note, unheard } from './findings.ts'
import { citing, eidasRequestRequirements, samlRequestRequirements } from './requirements.ts'

/* An AuthnRequest against the rules of SAML and eIDAS, all of them. */

const cite = citing('request')

export function judgeRequest(root: SignedElement, now: number): readonly Finding[] {
  const { value: request, findings } = attempt(() => readAuthnRequest(root), cite)
  if (request === undefined) return findings
  const saml = judge(requestRules, samlContext(request, now), samlRequestRequirements)
  const { value: extensions, findings: odd } = attempt(() => readExtensions(request.extensions), cite)
  const peer = peerOf(request, extensions)
  const eidas = extensions === undefined ? [] : judgeEidas(request, extensions, peer)
  const asNode = attempt(() => profile.readRequest(request, peer), cite).findings
  const passedOver = unknownExtensions(request.extensions).map((one) =>
    note('IGNORED', `${clark(one)} in Extensions is passed over`, 'R-IA-4'),
  )
  const own = [...saml, ...odd, ...eidas, ...passedOver]
  return [
    ...own,
    ...unheard(asNode, own),
    ...judge(advice, request, adviceRequirements, { severity: 'warning' }),
    unknown,
  ]
}

const profile = eidasProfile({ country: '' })

const unknown = offline(
  'our endpoint, for Destination (R-MF-41)',
  "the requester's assertion consumer services (R-MF-34), SPType (R-MF-17) and protocol versions (R-MF-12), from its metadata",
  'the levels we offer (R-IA-19) and whether we want a RequesterID (R-IA-17)',
  'whether the ID was seen before',
)

/** It came to where it says it goes, from a party with the assertion consumer service it names. */
function samlContext(request: AuthnRequest, now: number) {
  const { destination = '', assertionConsumerServiceURL: location = 'https://requester.invalid/acs' } = request
  const index = request.assertionConsumerServiceIndex ?? 0
  const acs = [{ binding: bindings.post, location, index, isDefault: true }]
  return { request, endpoint: destination, acs, ...windowAt(now) }
}

/** Without an SPType in the request the metadata must have one: that it is `public` decides nothing here. */
function peerOf(request: AuthnRequest, extensions: EidasExtensions | undefined): PeerFacts {
  const peer = silentPeer(request.issuer.value)
  return extensions?.spType === undefined ? { ...peer, spType: 'public' } : peer
}

function judgeEidas(request: AuthnRequest, extensions: EidasExtensions, peer: PeerFacts): readonly Finding[] {
  const offer = { loas: [], requesterIdRequired: false }
  const found = judge(eidasRequestRules, { request, peer, extensions, offer }, eidasRequestRequirements)
  const ignored = (extensions.requestedAttributes ?? []).filter(({ name }) => definitionOf(name) === undefined)
  return [
    ...found,
    ...ignored.map(({ name }) => note('IGNORED', `${name} is not of the profile and is passed over`, 'R-IA-4')),
    ...(extensions.spType === undefined ? [note('OFFLINE', 'no SPType: the metadata must have it', 'R-MF-17')] : []),
  ]
}

type Advice = Rule<AuthnRequest>

/** R-MF-34: the assertion consumer service is left to the metadata. */
const acsIsNotNamed: Advice = ({ assertionConsumerServiceURL: url }) => {
  if (url !== undefined) throw new NodeFault('SAML_REQ', 'AssertionConsumerServiceURL should not be sent')
}

/** R-MF-34: and so is the binding. */
const bindingIsNotNamed: Advice = ({ protocolBinding }) => {
  if (protocolBinding !== undefined) throw new NodeFault('SAML_REQ', 'ProtocolBinding should not be sent')
}

/** R-MF-30: the wanted format of the NameID is named. */
const nameIdFormatIsNamed: Advice = ({ nameIdPolicy }) => {
  if (nameIdPolicy?.format === undefined) throw new NodeFault('SAML_REQ', 'NameIDPolicy should name a format')
}

/** R-MF-37: the relying party is named. */
const requesterIsNamed: Advice = ({ scoping }) => {
  if ((scoping?.requesterIds ?? []).length === 0) throw new NodeFault('EID_REQUESTER', 'RequesterID should be sent')
}

/** What the Message Format recommends and no node insists on. */
export const advice: readonly Advice[] = [acsIsNotNamed, bindingIsNotNamed, nameIdFormatIsNamed, requesterIsNamed]

export const adviceRequirements: Readonly<Record<string, string>> = {
  acsIsNotNamed: 'R-MF-34',
  bindingIsNotNamed: 'R-MF-34',
  nameIdFormatIsNamed: 'R-MF-30',
  requesterIsNamed: 'R-MF-37',
}
