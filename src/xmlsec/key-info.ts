import { NodeFault } from '../errors/node-fault.ts'
import { isNamed, type XmlElement } from '../xml/element.ts'
import { ds } from '../xml/names.ts'
import { elements, optional } from '../xml/reader.ts'
import { fromBase64, toBase64 } from './base64.ts'
import { expectAttributes, onlyElements, onlyText } from './shape.ts'

/*
 * ds:KeyInfo of a signature. It is a hint: its certificates are compared with those we trust already and never become
 * keys. Names of keys are passed over; references, key values and everything else are refused.
 */

const ignoredNames = [ds('X509SubjectName'), ds('X509IssuerSerial'), ds('X509SKI')]

/** The certificates named, as base64 of DER. Faults: DS_KEYINFO. */
export function readCertificates(keyInfo: XmlElement): readonly string[] {
  expectAttributes(keyInfo, ['Id'], 'DS_KEYINFO')
  return onlyElements(keyInfo, 'DS_KEYINFO').flatMap((child) => {
    if (isNamed(child, ds('KeyName'))) return []
    if (isNamed(child, ds('X509Data'))) return certificatesOf(child)
    throw new NodeFault('DS_KEYINFO', child.local)
  })
}

function certificatesOf(x509Data: XmlElement): readonly string[] {
  expectAttributes(x509Data, [], 'DS_KEYINFO')
  return onlyElements(x509Data, 'DS_KEYINFO').flatMap((child) => {
    if (isNamed(child, ds('X509Certificate'))) return [readCertificate(child)]
    if (ignoredNames.some((name) => isNamed(child, name))) return []
    throw new NodeFault('DS_KEYINFO', child.local)
  })
}

function readCertificate(element: XmlElement): string {
  const octets = fromBase64(onlyText(element, 'DS_KEYINFO'))
  if (octets === undefined || octets.length === 0) throw new NodeFault('DS_KEYINFO', 'not base64')
  return toBase64(octets)
}

/**
 * The certificates that the signature of an unverified root names, leaf first as a rule: for whoever verifies metadata
 * and has to find a path from one of them to a trust anchor. They prove nothing by being there. Faults: DS_*.
 */
export function claimedCertificates(root: XmlElement): readonly string[] {
  const signature = elements(root).find((child) => isNamed(child, ds('Signature')))
  const keyInfo = signature === undefined ? undefined : optional(signature, ds('KeyInfo'))
  return keyInfo === undefined ? [] : readCertificates(keyInfo)
}
