import { hash } from 'node:crypto'
import { NodeFault } from '../errors/node-fault.ts'
import { expectReadsBack } from '../xml/checked-writer.ts'
import type { QName } from '../xml/element.ts'
import { messageLimits, type XmlLimits } from '../xml/limits.ts'
import { ds, ec, saml } from '../xml/names.ts'
import { el, type Insertable, writeInsertable, writeXml, type XmlPart } from '../xml/writer.ts'
import {
  type DigestAlgorithm,
  digestAlgorithms,
  ENVELOPED_SIGNATURE,
  EXC_C14N,
  signatureAlgorithms,
} from './algorithms.ts'
import { toBase64 } from './base64.ts'
import type { SigningKey } from './keys.ts'

/*
 * Enveloped signatures. The writer emits canonical octets, so what is digested is what is written: nothing is parsed or
 * serialised twice.
 */

export interface SignOptions {
  /** The Signature goes right after this child; after saml2:Issuer unless said otherwise, first where there is none. */
  readonly after?: QName
  /** InclusiveNamespaces; by default the prefixes that the part declares for its content (xsi:type). */
  readonly prefixes?: readonly string[]
  /** By default the digest that goes with the key's algorithm. */
  readonly digest?: DigestAlgorithm
  /** Whether KeyInfo carries the key's chain too, as metadata may; messages carry the one certificate. */
  readonly chain?: boolean
}

/**
 * The element with its ds:Signature in it. It must have an `ID`, and must be the root of what is sent or have no
 * namespaces declared above it that its content needs.
 */
export async function signElement(part: XmlPart, key: SigningKey, options: SignOptions = {}): Promise<XmlPart> {
  return sign(part, writeInsertable(part, placeOf(part, options)), key, options)
}

/**
 * The octets of a whole signed message. What they say is read back before it is signed: afterwards, the caller that waits for a
 * signature has nothing left to do. Fault: OUT_SELFCHECK, as of writeChecked.
 */
export async function writeSigned(
  part: XmlPart,
  key: SigningKey,
  options: SignOptions & { readonly limits?: XmlLimits } = {},
): Promise<Uint8Array> {
  const { limits = messageLimits } = options
  const insertable = writeInsertable(part, placeOf(part, options))
  expectReadsBack(part, insertable.octets, limits)
  const octets = writeXml(await sign(part, insertable, key, options))
  if (octets.length > limits.octets) throw new NodeFault('OUT_SELFCHECK', 'too large with its signature')
  return octets
}

async function sign(
  part: XmlPart,
  { octets, insert }: Insertable,
  key: SigningKey,
  options: SignOptions,
): Promise<XmlPart> {
  const { prefixes = declaredPrefixes(part), chain = false } = options
  const { digest = signatureAlgorithms[key.algorithm].digestUri } = options
  const signedInfo = writeSignedInfo(key, { id: idOf(part), digest, prefixes, octets })
  const keyInfo = writeKeyInfo(chain ? key.certificates : key.certificates.slice(0, 1))
  const value = await key.sign(writeXml(signedInfo))
  return insert(el(ds('Signature'), {}, signedInfo, el(ds('SignatureValue'), {}, toBase64(value)), keyInfo))
}

interface Covering {
  readonly id: string
  readonly digest: DigestAlgorithm
  readonly prefixes: readonly string[]
  /** Canonical form of the element. */
  readonly octets: Uint8Array
}

function writeSignedInfo(key: SigningKey, { id, digest, prefixes, octets }: Covering): XmlPart {
  const value = hash(digestAlgorithms[digest].node, octets, 'base64')
  const inclusive =
    prefixes.length === 0 ? undefined : el(ec('InclusiveNamespaces'), { PrefixList: prefixes.join(' ') })
  return el(
    ds('SignedInfo'),
    {},
    el(ds('CanonicalizationMethod'), { Algorithm: EXC_C14N }),
    el(ds('SignatureMethod'), { Algorithm: key.algorithm }),
    el(
      ds('Reference'),
      { URI: `#${id}` },
      el(
        ds('Transforms'),
        {},
        el(ds('Transform'), { Algorithm: ENVELOPED_SIGNATURE }),
        el(ds('Transform'), { Algorithm: EXC_C14N }, inclusive),
      ),
      el(ds('DigestMethod'), { Algorithm: digest }),
      el(ds('DigestValue'), {}, value),
    ),
  )
}

/** ds:KeyInfo with certificates (base64 of DER), as both signatures and recipients are named. */
export function writeKeyInfo(certificates: readonly string[]): XmlPart {
  return el(ds('KeyInfo'), {}, writeX509Data(certificates))
}

export function writeX509Data(certificates: readonly string[]): XmlPart {
  return el(ds('X509Data'), {}, ...certificates.map((certificate) => el(ds('X509Certificate'), {}, certificate)))
}

function placeOf(part: XmlPart, { after = saml('Issuer') }: SignOptions): number {
  return part.children.findIndex((child) => typeof child !== 'string' && isPart(child, after)) + 1
}

function isPart({ name }: XmlPart, expected: QName): boolean {
  return name.local === expected.local && name.namespace === expected.namespace
}

function idOf(part: XmlPart): string {
  const id = part.attributes.find(({ namespace, local }) => namespace === '' && local === 'ID')?.value
  if (id === undefined || id === '') throw new TypeError('an element to sign needs an ID')
  return id
}

/** The prefixes that content needs, in order of appearance: exclusive C14N would lose them. */
function declaredPrefixes(part: XmlPart): readonly string[] {
  const found = new Set<string>()
  collectPrefixes(part, found)
  return [...found]
}

function collectPrefixes(part: XmlPart, found: Set<string>): void {
  for (const { prefix } of part.declare) found.add(prefix)
  for (const child of part.children) if (typeof child !== 'string') collectPrefixes(child, found)
}
