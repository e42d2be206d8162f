import { NodeFault } from '../errors/node-fault.ts'
import type { OpenDocument } from '../xml/document.ts'
import type { XmlElement } from '../xml/element.ts'
import { ds, md, saml } from '../xml/names.ts'
import { many } from '../xml/reader.ts'
import { eidasSignatureAlgorithms, nationalSignatureAlgorithms, type SignatureAlgorithm } from '../xmlsec/algorithms.ts'
import { readCovered, type SignedBy, verifyDigest, verifySignature } from '../xmlsec/cover.ts'
import { missingSignature, type PlacedSignature, placeSignatures } from '../xmlsec/placement.ts'
import { type ReferenceForm, readSignature, type SignatureStructure } from '../xmlsec/signature.ts'
import { attempt, type Citing, type Finding, findingOf } from './findings.ts'
import { wideLimits } from './open.ts'
import { embeddedKeys, nameOf, objectionsTo, type Signers } from './signers.ts'
import { anywhere, attributeOf, first } from './tree.ts'

/*
 * A signature, looked at from all sides: whether the arithmetic is right, by an algorithm that is allowed, with a key
 * that is fit for it and belongs to a trusted party. The node asks the same and stops at the first no.
 */

/** What a report says of a signature. */
export interface SignatureFacts {
  readonly present: boolean
  /** Value and digest fit the content and a certificate, in the message or in --trust. Says nothing of whose it is. */
  readonly valid: boolean
  /** It is valid, and the certificate is one of --trust, or for metadata led to one. */
  readonly trusted: boolean
  readonly algorithm: string | null
  /** Subject of the certificate it fits. */
  readonly signer: string | null
  /** SHA-256 of that certificate. */
  readonly fingerprint: string | null
}

export interface Examined {
  readonly facts: SignatureFacts
  readonly findings: readonly Finding[]
}

export const noSignature: SignatureFacts = {
  present: false,
  valid: false,
  trusted: false,
  algorithm: null,
  signer: null,
  fingerprint: null,
}

/** With what a signature is held together. */
export interface Examining {
  readonly signers: Signers
  readonly now: number
  readonly cite: Citing
  /** Those that a node takes of such a signer; of eIDAS unless said otherwise. */
  readonly algorithms?: readonly SignatureAlgorithm[]
  /** In front of findings, where it is not the signature of the whole. */
  readonly about?: string
}

export interface ExaminedDocument extends Examined {
  /** Of assertions in the document that carry one of their own. */
  readonly ofAssertions: readonly ExaminedAssertion[]
}

export interface ExaminedAssertion extends Examined {
  /** Which of the message's assertions it is; -1 for one further down. */
  readonly at: number
}

/** The signatures of an open document. */
export function examineDocument(document: OpenDocument, examining: Examining): ExaminedDocument {
  const { root } = document
  const placed = attempt(() => placeSignatures(root), examining.cite)
  if (placed.value === undefined) {
    const found = anywhere(root, ds('Signature'))
    return { facts: presentOnly(found), findings: placed.findings, ofAssertions: [] }
  }
  const { ofRoot, ofAssertions } = placed.value
  const inner = { ...examining, about: 'the assertion' }
  return {
    ...(ofRoot === undefined ? missing(root, examining) : examine(document, ofRoot, examining)),
    ofAssertions: ofAssertions.map((one) => ({
      at: many(root, saml('Assertion')).indexOf(one.parent),
      ...examine(document, one, inner),
    })),
  }
}

function missing(root: XmlElement, { cite }: Examining): Examined {
  const fault = missingSignature(root)
  const facts = fault.code === 'DS_MISSING' ? noSignature : presentOnly(anywhere(root, ds('Signature')))
  return { facts, findings: [findingOf(fault, cite)] }
}

/** Of a signature that cannot be read: that it is there, and what it says it is. */
export function presentOnly(signature: XmlElement | undefined): SignatureFacts {
  const method = first(signature, ds('SignedInfo'), ds('SignatureMethod'))
  return { ...noSignature, present: signature !== undefined, algorithm: attributeOf(method, 'Algorithm') }
}

/** R-IA-23: metadata is signed as one object, in either form; everything else by its ID. */
export function referenceForm(root: XmlElement): ReferenceForm {
  return root.namespace === md('').namespace ? 'id-or-whole' : 'id'
}

function examine(document: OpenDocument, placed: PlacedSignature, examining: Examining): Examined {
  const { cite, about } = examining
  const facts = presentOnly(placed.signature)
  const form = referenceForm(document.root)
  const structure = attempt(() => readSignature(placed, document.root, form), cite, { about })
  if (structure.value === undefined) return { facts, findings: structure.findings }
  const covered = attempt(() => coveredBy(document, structure.value, form), cite, { about })
  if (covered.value === undefined) return { facts, findings: covered.findings }
  const { value } = covered
  const keys = [...examining.signers.known, ...embeddedKeys(structure.value.certificates)]
  // Any certificate of KeyInfo may be the signer's here; which ones a node allows beside it, the node's own way tells.
  const trusted = { keys, algorithms: nationalSignatureAlgorithms }
  const by = attempt(() => verifySignature(value, trusted), cite, { about })
  const digest = attempt(() => verifyDigest(document, value), cite, { about })
  return judged(facts, by.value, [...by.findings, ...digest.findings], examining)
}

function coveredBy(document: OpenDocument, structure: SignatureStructure | undefined, form: ReferenceForm) {
  if (structure === undefined) throw new NodeFault('DS_INTERNAL')
  return readCovered(document, structure, wideLimits, form)
}

/** What is to be said once it is known whether, and with which key, the arithmetic is right. */
export function judged(
  facts: SignatureFacts,
  by: SignedBy | undefined,
  wrong: readonly Finding[],
  examining: Examining,
): Examined {
  const { cite, about, now, signers, algorithms = eidasSignatureAlgorithms } = examining
  if (by === undefined) return { facts, findings: wrong }
  const { certificate } = by.key
  const isTrusted = signers.known.some((key) => key.certificate === certificate)
  const algorithm = algorithms.includes(by.algorithm)
    ? []
    : [findingOf(new NodeFault('DS_ALG', by.algorithm), cite, { about })]
  // With metadata the way to an anchor has been judged already, certificate by certificate.
  const isJudged = signers.findings.some(({ severity }) => severity === 'error')
  const objections = isJudged ? [] : objectionsTo(by.key, now, cite)
  const stranger = isTrusted ? [] : [findingOf(strangerFault(certificate, signers), cite, { about })]
  return {
    facts: {
      ...facts,
      valid: wrong.length === 0,
      trusted: wrong.length === 0 && isTrusted,
      ...nameOf(certificate),
    },
    findings: [...wrong, ...algorithm, ...stranger, ...objections],
  }
}

function strangerFault(certificate: string, { given }: Signers): NodeFault {
  const who = nameOf(certificate).signer
  return new NodeFault(
    'DS_KEY',
    given ? `signed by ${who}, whom --trust does not name` : `signed by ${who}; no --trust`,
  )
}
