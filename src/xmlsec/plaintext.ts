import type { FaultCode } from '../errors/faults.ts'
import { asFault, NodeFault } from '../errors/node-fault.ts'
import { type OpenDocument, sameTree, withDocument, withoutChild } from '../xml/document.ts'
import { clark, isNamed, type QName, type XmlElement } from '../xml/element.ts'
import type { XmlLimits } from '../xml/limits.ts'
import { ns } from '../xml/names.ts'
import type { Scope } from '../xml/namespaces.ts'
import type { SchemaName } from '../xml/schema.ts'
import { readCovered, scanCanonical, verifyInner } from './cover.ts'
import type { TrustedKeys } from './keys.ts'
import { placeSignatures } from './placement.ts'
import { readSignature, type SignatureStructure } from './signature.ts'

/*
 * Plaintext is a document like any other (rule 22, A-131): it is scanned with the prefixes around it, is valid, is the one element it
 * must be, and a signature it carries verifies.
 */

export interface PlaintextExpected {
  readonly root: QName
  readonly schema: SchemaName
  readonly limits: XmlLimits
  readonly signers?: TrustedKeys
}

/** Prefixes that content uses, of whose names the node reads none. */
const conventional: Scope = new Map([
  ['xs', ns.xs],
  ['xsd', ns.xs],
  ['xsi', ns.xsi],
])

const ROOT = /^(?:\xef\xbb\xbf)?(?:<\?xml[^>]*\?>)?[ \t\r\n]*<[^ \t\r\n<>/!?]+/

/**
 * XML Encryption 4.3.3: the octets with the declarations around them that they use and have nowhere. One that they have
 * somewhere is not added: a PrefixList of a signature inside would find another than its signer had. Those around them have to be
 * what a signature covers: a declaration that no signature covers could make another element of one inside.
 */
export function inContext(octets: Uint8Array, around: Scope): Uint8Array {
  const text = Buffer.from(octets).toString('latin1')
  const [start] = ROOT.exec(text) ?? []
  if (start === undefined) return octets
  const lacking = [...new Map([...conventional, ...around])].filter(
    ([prefix, uri]) =>
      prefix !== 'xml' && uri !== '' && text.includes(use(prefix)) && !text.includes(declaration(prefix)),
  )
  if (lacking.length === 0) return octets
  const declared = lacking.map(([prefix, uri]) => ` ${declaration(prefix)}"${uri}"`).join('')
  return Buffer.from(start + declared + text.slice(start.length), 'latin1')
}

function use(prefix: string): string {
  return prefix === '' ? '' : `${prefix}:`
}

function declaration(prefix: string): string {
  return prefix === '' ? 'xmlns=' : `xmlns:${prefix}=`
}

/** The element of a plaintext, without its signature. Faults: ENC_PLAINTEXT, XML_SCHEMA, XML_SIZE, DS_*. */
export function readPlaintext(octets: Uint8Array, expected: PlaintextExpected): XmlElement {
  try {
    return withDocument(octets, expected.limits, (document) => readDocument(document, expected))
  } catch (thrown) {
    const { code, message } = asFault(thrown)
    if (code.startsWith('XML_') && !ownName.includes(code))
      throw new NodeFault('ENC_PLAINTEXT', message, { cause: thrown })
    throw thrown
  }
}

/** Faults of a document that is one; all others mean that it is none. */
const ownName: readonly FaultCode[] = ['XML_SCHEMA', 'XML_SIZE', 'XML_DIFF', 'XML_OOM', 'XML_DUP_ID']

function readDocument(document: OpenDocument, expected: PlaintextExpected): XmlElement {
  const { root } = document
  if (!isNamed(root, expected.root)) throw new NodeFault('ENC_PLAINTEXT', clark(root))
  const { ofRoot } = placeSignatures(root)
  const signature = ofRoot === undefined ? undefined : readSignature(ofRoot, root, 'id')
  document.validate(expected.schema)
  if (signature === undefined) return root
  const own = withoutChild(root, signature.path)
  const octets = verifyOwn(document, signature, expected)
  if (!sameTree(scanCanonical(octets, expected.limits), own)) throw new NodeFault('XML_DIFF')
  return own
}

function verifyOwn(
  document: OpenDocument,
  signature: SignatureStructure,
  { limits, signers }: PlaintextExpected,
): Uint8Array {
  return verifyInner(document, readCovered(document, signature, limits, 'id'), signers)
}
