import { NodeFault } from '../errors/node-fault.ts'
import { withDocument } from '../xml/document.ts'
import { clark, type XmlElement } from '../xml/element.ts'
import { ds } from '../xml/names.ts'
import { many } from '../xml/reader.ts'
import { isIn, type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import { type SignedBy, signerOf } from './cover.ts'
import type { SigningKey, TrustedKeys } from './keys.ts'
import { brief } from './shape.ts'
import { markSigned, type SignedElement } from './signed.ts'
import { type Expected, expectRoot } from './verify.ts'

/*
 * Detached signatures over octets as they came: the query of HTTP-Redirect (SAML Bindings 3.4.4.1). The octets are the
 * binding's business; here they are opaque, and the message may not be signed a second time inside.
 */

export interface DetachedSignature {
  /** What was signed, as received. */
  readonly octets: Uint8Array
  readonly signature: Uint8Array
  /** SigAlg. */
  readonly algorithm: string
}

/**
 * As withVerified, for a message whose signature stands beside it. The caller answers for `xml` being what `octets`
 * carry. Faults: XML_*, SAML_TYPE, BIND_TWO_SIGS, BIND_SIGALG, BIND_SIG and what `keysFor` throws.
 */
export function withVerifiedOctets<R>(
  xml: Uint8Array,
  expected: Expected,
  detached: DetachedSignature,
  read: (root: SignedElement, by: SignedBy) => R,
): R {
  const { root, by } = withDocument(xml, expected.limits, (document) => {
    expectUnsigned(document.root)
    expectRoot(document.root, expected.root)
    if (expected.schema !== undefined) document.validate(expected.schema)
    const by = verifyDetached(detached, expected.keysFor(document.root))
    return { root: document.root, by }
  })
  return read(markSigned(root), by)
}

/** signed in one place only. */
function expectUnsigned(root: XmlElement): void {
  if (many(root, ds('Signature')).length > 0) throw new NodeFault('BIND_TWO_SIGS', clark(root))
}

function verifyDetached({ octets, signature, algorithm }: DetachedSignature, trusted: TrustedKeys): SignedBy {
  if (!isAllowed(algorithm, trusted)) throw new NodeFault('BIND_SIGALG', brief(algorithm))
  const key = signerOf(octets, signature, algorithm, trusted.keys)
  if (key === undefined) throw new NodeFault('BIND_SIG', algorithm)
  return { key, algorithm }
}

/** an exact URI of the table that this peer may use; nothing is assumed for an unknown one. */
function isAllowed(algorithm: string, trusted: TrustedKeys): algorithm is SignatureAlgorithm {
  return isIn(signatureAlgorithms, algorithm) && trusted.algorithms.includes(algorithm)
}

/** Signs octets as they will be sent. */
export async function signOctets(
  octets: Uint8Array,
  key: SigningKey,
): Promise<{ readonly algorithm: SignatureAlgorithm; readonly signature: Uint8Array }> {
  return { algorithm: key.algorithm, signature: await key.sign(octets) }
}
