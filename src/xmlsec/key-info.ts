import type { XmlElement } from '../xml/element.ts'
import { ds } from '../xml/names.ts'
import { elements, many, optional } from '../xml/reader.ts'
import { fromBase64, toBase64 } from './base64.ts'

/*
 * ds:KeyInfo of a signature. It is a hint: its certificates are compared with those we trust already and never become
 * keys. Names, key values, digests, references and what cannot be read are passed over; nothing is followed
 * (A-109, A-110).
 */

/** The certificates named, as base64 of DER. */
export function readCertificates(keyInfo: XmlElement): readonly string[] {
  return many(keyInfo, ds('X509Data')).flatMap((data) => many(data, ds('X509Certificate')).flatMap(readCertificate))
}

function readCertificate(element: XmlElement): readonly string[] {
  if (elements(element).length > 0) return []
  const octets = fromBase64(element.children.join(''))
  return octets === undefined || octets.length === 0 ? [] : [toBase64(octets)]
}

/**
 * The certificates that the signature of an unverified root names, leaf first as a rule: for the code that verifies metadata
 * and has to find a path from one of them to a trust anchor. They prove nothing by being there.
 */
export function claimedCertificates(root: XmlElement): readonly string[] {
  const signature = elements(root).find((child) => child.local === 'Signature' && child.namespace === ds('').namespace)
  const keyInfo = signature === undefined ? undefined : optional(signature, ds('KeyInfo'))
  return keyInfo === undefined ? [] : readCertificates(keyInfo)
}
