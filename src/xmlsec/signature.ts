import { NodeFault } from '../errors/node-fault.ts'
import { isNamed, type QName, type XmlElement } from '../xml/element.ts'
import { ds } from '../xml/names.ts'
import { attribute, elements } from '../xml/reader.ts'
import { fromBase64 } from './base64.ts'
import { readCertificates } from './key-info.ts'
import type { PlacedSignature } from './placement.ts'
import { onlyElements, onlyText, sequenceOf } from './shape.ts'
import { readSignedInfo, type SignedInfo } from './signed-info.ts'

/*
 * The structure of a ds:Signature in its place: closed, with one reference to the element it stands in. Nothing here
 * proves anything; it decides what the cryptography of verify.ts is done over.
 */

export interface SignatureStructure extends PlacedSignature {
  /** As scanned; what counts is read again from the canonical octets. */
  readonly signedInfo: XmlElement
  readonly claimed: SignedInfo
  readonly value: Buffer
  /** Certificates in KeyInfo, a hint. */
  readonly certificates: readonly string[]
}

/** Whether a reference may also be '' (the whole document): metadata of the EU node is signed so. */
export type ReferenceForm = 'id' | 'id-or-whole'

const allowed: readonly QName[] = [ds('SignedInfo'), ds('SignatureValue'), ds('KeyInfo')]

/** Faults: DS_* by structure, before any cryptography. */
export function readSignature(placed: PlacedSignature, root: XmlElement, form: ReferenceForm): SignatureStructure {
  const { signature } = placed
  const children = onlyElements(signature, 'DS_CHILDREN')
  if (children.length === 0) throw new NodeFault('DS_MISSING', 'an empty signature')
  const stray = children.find((child) => !allowed.some((name) => isNamed(child, name)))
  if (stray !== undefined) throw new NodeFault('DS_CHILDREN', stray.local)
  const sequence = sequenceOf(signature, 'DS_STRUCT', ['Id'])
  const signedInfo = sequence.one(ds('SignedInfo'))
  const value = sequence.one(ds('SignatureValue'))
  const keyInfo = sequence.optional(ds('KeyInfo'))
  sequence.end()
  const claimed = readSignedInfo(signedInfo)
  expectReference(claimed.uri, placed, root, form)
  const certificates = keyInfo === undefined ? [] : readCertificates(keyInfo)
  return { ...placed, signedInfo, claimed, value: readValue(value), certificates }
}

function readValue(element: XmlElement): Buffer {
  const value = fromBase64(onlyText(element, 'DS_STRUCT', ['Id']))
  if (value === undefined) throw new NodeFault('DS_SIG', 'not base64')
  return value
}

/** The reference names the parent of the signature, by its ID (rule 8, A-090). */
export function expectReference(
  uri: string | undefined,
  placed: PlacedSignature,
  root: XmlElement,
  form: ReferenceForm,
): void {
  if (uri === '' && form === 'id-or-whole' && placed.parent === root) return
  const id = attribute(placed.parent, 'ID')
  if (id !== undefined && id !== '' && uri === `#${id}`) return
  if (uri?.startsWith('#') && hasId(root, uri.slice(1)))
    throw new NodeFault('DS_PARENT', 'the reference is to another element')
  throw new NodeFault('DS_URI', uri === undefined ? 'no URI' : 'not # and the ID of the parent')
}

function hasId(element: XmlElement, id: string): boolean {
  const own = element.attributes.some(({ local, value }) => local.toLowerCase() === 'id' && value === id)
  return own || elements(element).some((child) => hasId(child, id))
}
