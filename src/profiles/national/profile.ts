import { nationalSignatureAlgorithms } from '../../xmlsec/algorithms.ts'
import { nationalEncryption } from '../../xmlsec/encryption-policy.ts'
import type { Profile } from '../profile.ts'
import { expectKeepable, type NationalAgreement } from './agreement.ts'
import { noMapping } from './mapping.ts'
import { readNationalOutcome, writeNationalAssertion } from './outcome.ts'
import { readNationalRequest, writeNationalRequest } from './request.ts'

/** Ordinary SAML 2.0 Web SSO, as a profile of the faces towards the parties of our own country. */
export function nationalProfile(agreement: NationalAgreement): Profile {
  expectKeepable(agreement)
  const mappingOf = (entityId: string) => agreement.mappingOf?.(entityId) ?? noMapping
  return {
    name: 'national',
    signatures: nationalSignatureAlgorithms,
    encryption: nationalEncryption,
    requiresEncryption: false,
    signsAssertions: agreement.signsAssertions ?? false,
    readRequest: (request, peer) =>
      readNationalRequest(request, peer, { agreement, mapping: mappingOf(peer.entityId) }),
    writeRequest: (request, context) => writeNationalRequest(request, context, mappingOf(context.peer.entityId)),
    readOutcome: (assertion, context) => readNationalOutcome(assertion, context, mappingOf(context.peer.entityId)),
    writeAssertion: (outcome, context) => writeNationalAssertion(outcome, context, mappingOf(context.peer.entityId)),
  }
}
