import { createHash } from 'node:crypto'
import { withDocument } from '../../src/xml/document.ts'
import { metadataLimits } from '../../src/xml/limits.ts'
import { digestAlgorithms, ENVELOPED_SIGNATURE, EXC_C14N, signatureAlgorithms } from '../../src/xmlsec/algorithms.ts'
import type { SigningKey } from '../../src/xmlsec/keys.ts'

/*
 * Messages as the EU's eIDAS-Node writes them, letter by letter: its prefixes, its order of attributes, its line ends.
 * Nothing here is made by a writer of ours; only the canonical form that has to be digested is.
 */

export const NAMESPACES = {
  saml2p: 'urn:oasis:names:tc:SAML:2.0:protocol',
  saml2: 'urn:oasis:names:tc:SAML:2.0:assertion',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  eidas: 'http://eidas.europa.eu/saml-extensions',
  'eidas-natural': 'http://eidas.europa.eu/attributes/naturalperson',
  'eidas-legal': 'http://eidas.europa.eu/attributes/legalperson',
  'eidas-natural-representative': 'http://eidas.europa.eu/attributes/naturalperson/representative',
  'eidas-legal-representative': 'http://eidas.europa.eu/attributes/legalperson/representative',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
  xs: 'http://www.w3.org/2001/XMLSchema',
} as const

export type Prefix = keyof typeof NAMESPACES

export function declaring(...prefixes: readonly Prefix[]): string {
  return prefixes.map((prefix) => `xmlns:${prefix}="${NAMESPACES[prefix]}"`).join(' ')
}

/** The tests' ID of 64 characters, with every kind of character that the node draws from. */
export const longId = (seed: string): string => `_${`${seed}.A-z_09`.padEnd(63, 'Qx-._7')}`

/** Java folds base64 at 76 characters, and its serialiser writes the carriage returns as references. */
export function folded(octets: Uint8Array): string {
  const lines =
    Buffer.from(octets)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  return lines.join('&#13;\n')
}

export interface EuSignature {
  /** InclusiveNamespaces of the reference's transform. */
  readonly prefixes?: readonly (Prefix | 'xsd')[]
  /** What it stands before; behind the first Issuer unless said otherwise. */
  readonly before?: string
}

/** The message, or metadata, with an enveloped signature. */
export async function signedAsEu(
  message: string,
  key: SigningKey,
  { prefixes = [], before }: EuSignature = {},
): Promise<string> {
  const [, id] = /^<[^>]* ID="([^"]*)"/.exec(message) ?? []
  const covered = canonical(message, prefixes)
  const { digestUri } = signatureAlgorithms[key.algorithm]
  const digest = folded(createHash(digestAlgorithms[digestUri].node).update(covered).digest())
  const inclusive =
    prefixes.length === 0 ? '' : `<ec:InclusiveNamespaces xmlns:ec="${EXC_C14N}" PrefixList="${prefixes.join(' ')}"/>`
  const info = [
    '<ds:SignedInfo>',
    `<ds:CanonicalizationMethod Algorithm="${EXC_C14N}"/>`,
    `<ds:SignatureMethod Algorithm="${key.algorithm}"/>`,
    `<ds:Reference URI="${id === undefined ? '' : `#${id}`}">`,
    '<ds:Transforms>',
    `<ds:Transform Algorithm="${ENVELOPED_SIGNATURE}"/>`,
    `<ds:Transform Algorithm="${EXC_C14N}">${inclusive}</ds:Transform>`,
    '</ds:Transforms>',
    `<ds:DigestMethod Algorithm="${digestUri}"/>`,
    `<ds:DigestValue>${digest}</ds:DigestValue>`,
    '</ds:Reference>',
    '</ds:SignedInfo>',
  ].join('\n')
  const declared = info.replace('<ds:SignedInfo>', `<ds:SignedInfo ${declaring('ds')}>`)
  const value = folded(await key.sign(canonical(declared)))
  const certificate = folded(Buffer.from(key.certificates[0] ?? '', 'base64'))
  const signature = [
    '<ds:Signature>',
    info,
    '<ds:SignatureValue>',
    value,
    '</ds:SignatureValue>',
    '<ds:KeyInfo>',
    '<ds:X509Data>',
    `<ds:X509Certificate>${certificate}</ds:X509Certificate>`,
    '</ds:X509Data>',
    '</ds:KeyInfo>',
    '</ds:Signature>',
  ].join('\n')
  return before === undefined
    ? message.replace('</saml2:Issuer>', (end) => end + signature)
    : message.replace(before, (start) => signature + start)
}

export function canonical(text: string, prefixes: readonly string[] = []): Uint8Array {
  return withDocument(Buffer.from(text), metadataLimits, (document) => document.canonical([], { prefixes }))
}
