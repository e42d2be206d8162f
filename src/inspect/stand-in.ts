import { canonicalOctets } from '../xml/canonical.ts'
import type { QName } from '../xml/element.ts'
import { ds } from '../xml/names.ts'
import { scan } from '../xml/scanner.ts'
import type { SchemaName } from '../xml/schema.ts'
import { eidasSignatureAlgorithms } from '../xmlsec/algorithms.ts'
import { createCertificate, createKey } from '../xmlsec/certificate.ts'
import { signingKey, verificationKey } from '../xmlsec/keys.ts'
import { signOctets, withVerifiedOctets } from '../xmlsec/octets.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { wideLimits } from './open.ts'
import { anywhere, declaredPrefixes, withoutAny } from './tree.ts'

/*
 * What is unsigned, or signed by an unknown party, is judged all the same: would it be right if it were signed? Readers and rules
 * take signed elements only, and nothing but verification makes them. So the document, without the signatures in it, is
 * signed with a key that exists for this one inspection and verified with it, the way the node verifies a query. What
 * comes out never leaves src/inspect as an element, and its report says that it is not verified.
 */

export interface StandIn {
  /** The root of the document as if it had been signed. Faults: XML_*. */
  sign(octets: Uint8Array, expected: { readonly root: QName; readonly schema?: SchemaName }): Promise<SignedElement>
}

const DAYS = 1

export async function createStandIn(now: number): Promise<StandIn> {
  const privateKey = await createKey('P-256')
  const order = { subject: { commonName: 'inspection' }, key: privateKey, now, days: DAYS, usage: 'signing' } as const
  const certificates = [createCertificate(order)]
  const key = signingKey({ privateKey, certificates })
  const trusted = { keys: certificates.map((one) => verificationKey(one)), algorithms: eidasSignatureAlgorithms }
  return {
    async sign(octets, { root, ...schema }) {
      const bare = withoutSignatures(octets)
      const expected = { root: [root], ...schema, limits: wideLimits, keysFor: () => trusted }
      const detached = { octets: bare, ...(await signOctets(bare, key)) }
      return withVerifiedOctets(bare, expected, detached, (element) => element)
    },
  }
}

/** The document without any ds:Signature. Prefixes that only content needs (xsi:type) stay declared. */
function withoutSignatures(octets: Uint8Array): Uint8Array {
  const root = scan(octets, wideLimits)
  if (anywhere(root, ds('Signature')) === undefined) return octets
  const bare = withoutAny(root, ds('Signature'))
  return canonicalOctets(bare, { prefixes: declaredPrefixes(root), cap: wideLimits.canonical })
}
