import { NodeFault } from '../errors/node-fault.ts'
import { isNcName } from '../xml/characters.ts'
import { isNamed, type XmlElement } from '../xml/element.ts'
import { ds, ec } from '../xml/names.ts'
import { attribute, many } from '../xml/reader.ts'
import {
  digestAlgorithms,
  ENVELOPED_SIGNATURE,
  EXC_C14N,
  EXC_C14N_WITH_COMMENTS,
  type Hash,
  isIn,
  refusedCanonicalisations,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './algorithms.ts'
import { fromFoldedBase64 } from './base64.ts'
import { brief, expectAttributes, expectEmpty, onlyElements, onlyText, sequenceOf } from './shape.ts'

/*
 * ds:SignedInfo, read strictly (rules 8, 9, 11, 12 of docs/verify-path.md). It is read twice by this one function: from the
 * scanned document, so that a wrong structure is refused by name before any cryptography, and from its canonical octets,
 * which are what the signature covers and the only reading that counts.
 */

export interface SignedInfo {
  readonly algorithm: SignatureAlgorithm
  /** InclusiveNamespaces of the canonicalisation of SignedInfo itself. */
  readonly ownPrefixes: readonly string[]
  /** The Reference's URI, or undefined when it has none. */
  readonly uri: string | undefined
  /** InclusiveNamespaces of the canonicalisation of the signed element. */
  readonly prefixes: readonly string[]
  readonly digest: Hash
  readonly digestValue: Buffer
}

/** The token for the default namespace. */
const DEFAULT = '#default'

/** A prefix list is not for naming every prefix there is: the cost of C14N grows with it. */
const MAXIMUM_PREFIXES = 16

/** Faults: DS_STRUCT, DS_REFCOUNT, DS_C14N, DS_ALG, DS_TRANSFORM, DS_DIGESTALG, DS_DIGEST. */
export function readSignedInfo(signedInfo: XmlElement): SignedInfo {
  const references = many(signedInfo, ds('Reference'))
  if (references.length !== 1) throw new NodeFault('DS_REFCOUNT', `${references.length}`)
  const children = sequenceOf(signedInfo, 'DS_STRUCT')
  const ownPrefixes = readCanonicalization(children.one(ds('CanonicalizationMethod')), 'DS_C14N')
  const algorithm = readSignatureMethod(children.one(ds('SignatureMethod')))
  const reference = children.one(ds('Reference'))
  children.end()
  return { ownPrefixes, algorithm, ...readReference(reference) }
}

function readSignatureMethod(element: XmlElement): SignatureAlgorithm {
  const uri = attribute(element, 'Algorithm') ?? ''
  if (!isIn(signatureAlgorithms, uri)) throw new NodeFault('DS_ALG', brief(uri))
  expectEmpty(element, 'DS_STRUCT', ['Algorithm'])
  return uri
}

function readReference(element: XmlElement): Omit<SignedInfo, 'algorithm' | 'ownPrefixes'> {
  if (many(element, ds('Transforms')).length === 0) throw new NodeFault('DS_TRANSFORM', 'none')
  const children = sequenceOf(element, 'DS_STRUCT', ['URI'])
  const prefixes = readTransforms(children.one(ds('Transforms')))
  const digest = readDigestMethod(children.one(ds('DigestMethod')))
  const digestValue = readDigestValue(children.one(ds('DigestValue')), digest)
  children.end()
  return { uri: attribute(element, 'URI'), prefixes, digest, digestValue }
}

function readDigestMethod(element: XmlElement): Hash {
  const uri = attribute(element, 'Algorithm') ?? ''
  if (!isIn(digestAlgorithms, uri)) throw new NodeFault('DS_DIGESTALG', brief(uri))
  expectEmpty(element, 'DS_STRUCT', ['Algorithm'])
  return digestAlgorithms[uri]
}

function readDigestValue(element: XmlElement, { octets }: Hash): Buffer {
  const value = fromFoldedBase64(onlyText(element, 'DS_STRUCT'))
  if (value?.length !== octets) throw new NodeFault('DS_DIGEST', `not base64 of ${octets} octets`)
  return value
}

/** Exactly enveloped-signature, then exclusive C14N; gives the prefix list of the latter. */
function readTransforms(element: XmlElement): readonly string[] {
  expectAttributes(element, [], 'DS_STRUCT')
  const found = onlyElements(element, 'DS_STRUCT')
  const [enveloped, exclusive] = found
  const onlyTransforms = found.every((child) => isNamed(child, ds('Transform')))
  if (found.length !== 2 || !onlyTransforms || enveloped === undefined || exclusive === undefined) {
    throw new NodeFault('DS_TRANSFORM', `${found.length} transforms`)
  }
  if (attribute(enveloped, 'Algorithm') !== ENVELOPED_SIGNATURE) throw new NodeFault('DS_TRANSFORM', 'the first')
  expectEmpty(enveloped, 'DS_STRUCT', ['Algorithm'])
  return readCanonicalization(exclusive, 'DS_TRANSFORM')
}

/** Exclusive C14N; `unknown` is the code for what is no canonicalisation at all. */
function readCanonicalization(element: XmlElement, unknown: 'DS_C14N' | 'DS_TRANSFORM'): readonly string[] {
  const uri = attribute(element, 'Algorithm') ?? ''
  if (uri !== EXC_C14N && uri !== EXC_C14N_WITH_COMMENTS) throw refusedMethod(uri, unknown)
  const children = sequenceOf(element, 'DS_STRUCT', ['Algorithm'])
  const inclusive = children.optional(ec('InclusiveNamespaces'))
  children.end()
  if (inclusive === undefined) return []
  expectEmpty(inclusive, 'DS_STRUCT', ['PrefixList'])
  return readPrefixes(attribute(inclusive, 'PrefixList') ?? '')
}

function refusedMethod(uri: string, unknown: 'DS_C14N' | 'DS_TRANSFORM'): NodeFault {
  const isInclusive = refusedCanonicalisations.has(uri) && uri !== ''
  if (isInclusive)
    return new NodeFault('DS_C14N', `inclusive canonicalisation where exclusive is needed: ${brief(uri)}`)
  return new NodeFault(uri === '' ? 'DS_C14N' : unknown, brief(uri))
}

/**
 * Rule 9, A-096: at most 16 different NCNames or #default (Exclusive C14N 4). One that is declared nowhere has no effect.
 */
function readPrefixes(list: string): readonly string[] {
  if (list.length > MAXIMUM_PREFIXES * 64) throw new NodeFault('DS_C14N', 'a prefix list that is too long')
  const prefixes = list.split(/[ \t\r\n]+/).filter((prefix) => prefix !== '')
  const odd =
    prefixes.length > MAXIMUM_PREFIXES ||
    new Set(prefixes).size !== prefixes.length ||
    prefixes.some((prefix) => prefix !== DEFAULT && !isNcName(prefix))
  if (odd) throw new NodeFault('DS_C14N', `prefix list of ${prefixes.length}`)
  return prefixes
}
