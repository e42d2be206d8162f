import type { FaultCode } from '../errors/faults.ts'
import { asFault, NodeFault } from '../errors/node-fault.ts'
import type { HttpInput } from '../relay/faces.ts'
import type { BoundMessage } from '../saml/bindings/message.ts'
import { receivePost } from '../saml/bindings/post.ts'
import { receiveRedirect } from '../saml/bindings/redirect.ts'
import { claimedIssuer } from '../saml/issuer.ts'
import type { TrustedEntity, TrustRegistry } from '../trust/registry.ts'
import type { QName } from '../xml/element.ts'
import { messageLimits, requestLimits } from '../xml/limits.ts'
import type { TrustedKeys } from '../xmlsec/keys.ts'
import { withVerifiedOctets } from '../xmlsec/octets.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { withVerified } from '../xmlsec/verify.ts'

/*
 * One door for SAML messages, both faces use it: binding, bounded parse, schema, keys of the claimed issuer, signature.
 * What comes out was read from the octets that verified.
 */

/** Takes a message off its binding and refuses the other parameter. */
export function receiveBound(
  input: HttpInput,
  parameter: BoundMessage['parameter'],
  relayStateOctets?: number,
): BoundMessage {
  const receiveBy = input.method === 'GET' ? receiveRedirect : receivePost
  const bound = receiveBy(input, relayStateOctets)
  if (bound.parameter !== parameter) throw new NodeFault('BIND_WRONG', `${bound.parameter} at this endpoint`)
  return bound
}

/** What shows that a known party may have signed with a key that it did not have when its metadata was read. */
const unknownKey: readonly FaultCode[] = ['DS_KEY', 'DS_KEYTYPE', 'DS_SIG', 'BIND_SIG']

/**
 * Verifies a bound message of the party that `partyOf` finds for the entityID it claims. Where the key
 * is not known, the metadata of that party is read again, if it was not a moment ago, and the message is judged once more.
 */
export async function verifyFrom(
  bound: BoundMessage,
  root: QName,
  partyOf: (entityId: string) => TrustedEntity,
  trust: TrustRegistry,
): Promise<SignedElement> {
  let claimed: TrustedEntity | undefined
  const verify = () =>
    verifyBound(bound, root, (entityId) => {
      claimed = partyOf(entityId)
      return claimed.keys
    })
  try {
    return verify()
  } catch (thrown) {
    if (claimed === undefined || !unknownKey.includes(asFault(thrown).code)) throw thrown
    if ((await trust.renewed(claimed)) === undefined) throw thrown
    return verify()
  }
}

/** Verifies a bound message; `keysOf` gets the entityID the message claims and throws when it knows none such. */
export function verifyBound(
  bound: BoundMessage,
  root: QName,
  keysOf: (entityId: string) => TrustedKeys,
): SignedElement {
  const expected = {
    root: [root],
    schema: 'protocol',
    limits: bound.parameter === 'SAMLRequest' ? requestLimits : messageLimits,
    keysFor: (claimed: Parameters<typeof claimedIssuer>[0]) => keysOf(claimedIssuer(claimed)),
  } as const
  return bound.detached === undefined
    ? withVerified(bound.xml, expected, (signed) => signed)
    : withVerifiedOctets(bound.xml, expected, bound.detached, (signed) => signed)
}
