import { NodeFault } from '../errors/node-fault.ts'
import { type OpenDocument, sameTree, withDocument, withoutChild } from '../xml/document.ts'
import { clark, isNamed, type QName, type XmlElement } from '../xml/element.ts'
import type { XmlLimits } from '../xml/limits.ts'
import type { SchemaName } from '../xml/schema.ts'
import type { ElementPath } from '../xml/tree.ts'
import { readCovered, type SignedBy, scanCanonical, verifyDigest, verifyInner, verifySignature } from './cover.ts'
import type { TrustedKeys } from './keys.ts'
import { missingSignature, placeSignatures } from './placement.ts'
import { type ReferenceForm, readSignature, type SignatureStructure } from './signature.ts'
import { markSigned, type SignedElement } from './signed.ts'

/*
 * Verification: octets in, the element that was signed out, or a fault. There is no boolean, no partial result and no way
 * to read what was not signed: the element handed out is read from the canonical octets whose digest was compared.
 *
 * The order is fixed: bounded parse, structure of the signatures, schema, keys of the claimed issuer, signature over
 * SignedInfo, digest, reading back.
 */

export interface Expected {
  /** Names the root may have; SAML_TYPE otherwise. */
  readonly root: readonly QName[]
  /** None for metadata: its readers judge what is used of it, and nothing judges the rest. */
  readonly schema?: SchemaName
  readonly limits: XmlLimits
  /** The keys of the claimed issuer; throws SAML_ISSUER for an unknown one. Given the unverified root: read no more of it. */
  readonly keysFor: (claimed: XmlElement) => TrustedKeys
  /** 'id-or-whole' also takes URI="" and a chain in KeyInfo, as metadata has them. */
  readonly reference?: ReferenceForm
}

/**
 * Verifies the enveloped signature of the root, and of every Assertion in it that has one of its own, with the keys of
 * the claimed issuer, and gives the root without its signatures to `read`. Faults: XML_*, SAML_TYPE, DS_* and what
 * `keysFor` throws.
 */
export function withVerified<R>(
  xml: Uint8Array,
  expected: Expected,
  read: (root: SignedElement, by: SignedBy) => R,
): R {
  const { root, by } = withDocument(xml, expected.limits, (document) => verifyDocument(document, expected))
  return read(markSigned(root), by)
}

interface Verified {
  readonly root: XmlElement
  readonly by: SignedBy
}

function verifyDocument(document: OpenDocument, expected: Expected): Verified {
  const { root } = document
  const form = expected.reference ?? 'id'
  const placed = placeSignatures(root)
  expectRoot(root, expected.root)
  const inner = placed.ofAssertions.map((one) => readSignature(one, root, form))
  const outer = placed.ofRoot === undefined ? undefined : readSignature(placed.ofRoot, root, form)
  if (outer === undefined) throw missingSignature(root)
  if (expected.schema !== undefined) document.validate(expected.schema)

  const trusted = expected.keysFor(root)
  const [covered, ...coveredInner] = [outer, ...inner].map((one) => readCovered(document, one, expected.limits, form))
  if (covered === undefined) throw new NodeFault('DS_INTERNAL')
  const by = verifySignature(covered, trusted)
  const octets = verifyDigest(document, covered)
  for (const one of coveredInner) verifyInner(document, one, trusted)
  return { root: readBack(octets, document.root, [outer, ...inner], expected.limits), by }
}

/**
 * The element as the verified octets have it, which must be what was scanned (rules 5 and 17, A-122), without its
 * signatures: they have been verified, and no reader needs to pass over them.
 */
function readBack(
  octets: Uint8Array,
  scanned: XmlElement,
  signatures: readonly SignatureStructure[],
  limits: XmlLimits,
): XmlElement {
  const read = scanCanonical(octets, limits)
  const [outer, ...inner] = signatures.map(({ path }) => path)
  if (outer === undefined || !sameTree(read, withoutChild(scanned, outer))) throw new NodeFault('XML_DIFF')
  return inner.map((path) => afterRemoval(path, outer)).reduce(withoutChild, read)
}

/** Where an element stands after a child of the root before it has gone. */
function afterRemoval([first = 0, ...rest]: ElementPath, [removed = 0]: ElementPath): ElementPath {
  return [first > removed ? first - 1 : first, ...rest]
}

export function expectRoot(root: XmlElement, names: readonly QName[]): void {
  if (!names.some((name) => isNamed(root, name))) throw new NodeFault('SAML_TYPE', clark(root))
}
