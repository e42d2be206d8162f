import type { FaultCode } from '../errors/faults.ts'
import { asFault, NodeFault } from '../errors/node-fault.ts'
import type { QName } from '../xml/element.ts'
import { metadataLimitsFor } from '../xml/limits.ts'
import type { SchemaName } from '../xml/schema.ts'
import type { SignatureAlgorithm } from '../xmlsec/algorithms.ts'
import { claimedCertificates } from '../xmlsec/key-info.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { withVerified } from '../xmlsec/verify.ts'
import { type Anchors, type CertificatePath, type Signer, signers } from './chain.ts'

export interface AnchoredKind {
  readonly root: readonly QName[]
  /** Metadata has none: what is used of it is read strictly, and what is not used is not judged. */
  readonly schema?: SchemaName
  readonly algorithms: readonly SignatureAlgorithm[]
  /** What it is called when something is wrong with the signature. */
  readonly unsigned: FaultCode
}

export interface Anchored {
  readonly root: SignedElement
  /** From the signer to the anchor. */
  readonly path: CertificatePath
}

/**
 * The whole document, read from the octets that verified under an anchor. Faults: XML_*, TRUST_*, MD_KEY, and one for
 * whatever is wrong with the signature.
 */
export function anchored(octets: Uint8Array, kind: AnchoredKind, anchors: Anchors, now: number): Anchored {
  let candidates: readonly Signer[] = []
  const expected = {
    root: kind.root,
    ...(kind.schema === undefined ? {} : { schema: kind.schema }),
    limits: metadataLimitsFor(octets.length),
    reference: 'id-or-whole',
    keysFor: (claimed: Parameters<typeof claimedCertificates>[0]) => {
      candidates = signers(claimedCertificates(claimed), anchors, now)
      return { keys: candidates.map(({ key }) => key), algorithms: kind.algorithms }
    },
  } as const
  try {
    return withVerified(octets, expected, (root, by) => {
      const signer = candidates.find(({ key }) => key === by.key)
      if (signer === undefined) throw new TypeError('signed by a key that was not given')
      return { root, path: signer.path }
    })
  } catch (thrown) {
    const fault = asFault(thrown)
    if (!fault.code.startsWith('DS_') && fault.code !== 'MD_SIG') throw fault
    throw new NodeFault(kind.unsigned, fault.message, { cause: fault })
  }
}
