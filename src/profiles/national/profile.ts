import { profileAttributes } from '../../identity/attributes.ts'
import { nationalSignatureAlgorithms } from '../../xmlsec/algorithms.ts'
import { nationalEncryption } from '../../xmlsec/encryption-policy.ts'
import type { PeerFacts, Profile } from '../profile.ts'
import { expectKeepable, type NationalAgreement } from './agreement.ts'
import { attributeFrom, type NationalVocabulary, noMapping } from './mapping.ts'
import { readNationalOutcome, writeNationalAssertion } from './outcome.ts'
import { readNationalRequest, writeNationalRequest } from './request.ts'

/** Ordinary SAML 2.0 Web SSO, as a profile of the faces towards the parties of our own country. */
export function nationalProfile(agreement: NationalAgreement): Profile {
  expectKeepable(agreement)
  const { attributes = profileAttributes } = agreement
  const vocabularyOf = ({ entityId }: PeerFacts): NationalVocabulary => ({
    attributes,
    mapping: agreement.mappingOf?.(entityId) ?? noMapping,
  })
  return {
    name: 'national',
    signatures: nationalSignatureAlgorithms,
    encryption: nationalEncryption,
    requiresEncryption: false,
    signsAssertions: agreement.signsAssertions ?? false,
    usesAttribute: (peer, name) => attributeFrom(vocabularyOf(peer).mapping, name, attributes) !== undefined,
    readRequest: (request, peer) => readNationalRequest(request, peer, { agreement, ...vocabularyOf(peer) }),
    writeRequest: (request, context) => writeNationalRequest(request, context, vocabularyOf(context.peer).mapping),
    readOutcome: (assertion, context) => readNationalOutcome(assertion, context, vocabularyOf(context.peer)),
    writeAssertion: (outcome, context) => {
      const scripts = agreement.scriptsOf?.(context.peer.entityId) ?? 'latin'
      return writeNationalAssertion(outcome, context, { ...vocabularyOf(context.peer), scripts })
    },
  }
}
