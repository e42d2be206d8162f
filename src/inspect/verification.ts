import { NodeFault } from '../errors/node-fault.ts'
import { claimedIssuer } from '../saml/issuer.ts'
import { withDocument } from '../xml/document.ts'
import type { XmlElement } from '../xml/element.ts'
import { ds, eidas, saml } from '../xml/names.ts'
import type { SchemaName } from '../xml/schema.ts'
import { eidasSignatureAlgorithms, nationalSignatureAlgorithms, type SignatureAlgorithm } from '../xmlsec/algorithms.ts'
import { type DetachedSignature, withVerifiedOctets } from '../xmlsec/octets.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { type Expected, withVerified } from '../xmlsec/verify.ts'
import { attempt, attemptLater, type Finding, findingOf, note, unheard } from './findings.ts'
import { type Opened, wideLimits } from './open.ts'
import { citing } from './requirements.ts'
import {
  type Examined,
  type ExaminedDocument,
  type Examining,
  examineDocument,
  judged,
  noSignature,
  presentOnly,
  referenceForm,
} from './signature.ts'
import type { Signers } from './signers.ts'
import type { StandIn } from './stand-in.ts'
import { anywhere } from './tree.ts'

/* Verification as the node does it; and where the node refuses, why, and what there is to judge all the same. */

export interface Verification {
  readonly signature: Examined['facts']
  /** Of assertions in the clear that carry one of their own. */
  readonly ofAssertions: ExaminedDocument['ofAssertions']
  /** What readers and rules are given; absent when the document is not even valid by its schema. */
  readonly root?: SignedElement
  /** Whether the node verified it: `root` was read from octets that a key of --trust has signed. */
  readonly verified: boolean
  readonly findings: readonly Finding[]
}

export interface Verifying {
  readonly signers: Signers
  readonly standIn: StandIn
  readonly now: number
  readonly detached?: DetachedSignature | undefined
}

export async function verify(opened: Opened, verifying: Verifying): Promise<Verification> {
  const cite = citing(opened.subject)
  const { signers, now, detached } = verifying
  const examining = { signers, now, cite, algorithms: algorithmsOf(opened) }
  const examined =
    detached === undefined ? examineEnveloped(opened, examining) : examineQuery(opened, detached, examining)
  const own = [...signers.findings, ...examined.findings, ...examined.ofAssertions.flatMap(({ findings }) => findings)]
  const asNode = attempt(() => verifyAsNode(opened, verifying), cite)
  const findings = [...own, ...unheard(toldByNode(asNode.findings, verifying), [...opened.findings, ...own])]
  const common = { signature: examined.facts, ofAssertions: examined.ofAssertions }
  if (asNode.value !== undefined) return { ...common, root: asNode.value, verified: true, findings }
  const expected = { root: nameOf(opened.root), ...schemaOf(opened.root) }
  const standing = await attemptLater(() => verifying.standIn.sign(opened.octets, expected), cite)
  if (standing.value !== undefined) return { ...common, root: standing.value, verified: false, findings }
  const why = unheard(standing.findings, [...opened.findings, ...findings])
  return { ...common, verified: false, findings: [...findings, ...why, notJudged] }
}

/** Without a key there is nothing that a query's signature could have failed against. */
function toldByNode(findings: readonly Finding[], { signers }: Verifying): readonly Finding[] {
  return signers.known.length > 0 ? findings : findings.filter(({ code }) => code !== 'BIND_SIG')
}

const notJudged = note(
  'NOT_JUDGED',
  'readers and rules were not tried: a node does not get that far with this document',
)

function nameOf({ namespace, local, prefix }: XmlElement) {
  return { namespace, local, prefix }
}

/** The schema a node validates such a document with: metadata with none. */
function schemaOf(root: XmlElement): { readonly schema?: SchemaName } {
  if (referenceForm(root) === 'id-or-whole') return {}
  return { schema: root.namespace === saml('').namespace ? 'assertion' : 'protocol' }
}

/** Metadata that names no country is of a party at home, which may sign with PKCS#1 as well. */
function algorithmsOf({ root, subject }: Opened): readonly SignatureAlgorithm[] {
  const isOfNode = subject !== 'metadata' || anywhere(root, eidas('NodeCountry')) !== undefined
  return isOfNode ? eidasSignatureAlgorithms : nationalSignatureAlgorithms
}

function expectation(opened: Opened, { signers }: Verifying): Expected {
  const { root, limits, subject } = opened
  return {
    root: [nameOf(root)],
    ...schemaOf(root),
    limits,
    reference: referenceForm(root),
    keysFor(claimed) {
      if (subject !== 'metadata') claimedIssuer(claimed)
      return { keys: signers.keys(), algorithms: algorithmsOf(opened) }
    },
  }
}

function verifyAsNode(opened: Opened, verifying: Verifying): SignedElement {
  const expected = expectation(opened, verifying)
  const { detached } = verifying
  return detached === undefined
    ? withVerified(opened.octets, expected, (root) => root)
    : withVerifiedOctets(opened.octets, expected, detached, (root) => root)
}

function examineEnveloped({ octets, root }: Opened, examining: Examining): ExaminedDocument {
  const { value, findings } = attempt(
    () => withDocument(octets, wideLimits, (document) => examineDocument(document, examining)),
    examining.cite,
  )
  return value ?? { facts: presentOnly(anywhere(root, ds('Signature'))), findings, ofAssertions: [] }
}

/** A query names no certificate: without --trust there is nothing to hold its signature against. */
function examineQuery({ octets, root }: Opened, detached: DetachedSignature, examining: Examining): ExaminedDocument {
  const { signers, cite } = examining
  const facts = { ...noSignature, present: true, algorithm: detached.algorithm }
  if (signers.known.length === 0) {
    const fault = new NodeFault('DS_KEY', 'a query names no certificate; without --trust it cannot be verified')
    return { facts, findings: [findingOf(fault, cite)], ofAssertions: [] }
  }
  const keysFor = () => ({ keys: signers.known, algorithms: nationalSignatureAlgorithms })
  const expected = { root: [nameOf(root)], ...schemaOf(root), limits: wideLimits, keysFor }
  const by = attempt(() => withVerifiedOctets(octets, expected, detached, (_, signedBy) => signedBy), cite)
  return { ...judged(facts, by.value, by.findings, examining), ofAssertions: [] }
}
