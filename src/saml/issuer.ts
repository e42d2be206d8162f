import { NodeFault } from '../errors/node-fault.ts'
import type { XmlElement } from '../xml/element.ts'
import { saml } from '../xml/names.ts'
import { onlyAttributes, text } from '../xml/reader.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { atMostOne, exactlyOne, uriAttribute } from './lexical.ts'

/** SAML Core 2.2.5. Qualifiers are not kept: with the entity format they mean nothing (Core 8.3.6). */
export interface Issuer {
  /** The entityID, exactly as given. */
  readonly value: string
  readonly format?: string | undefined
}

/** The Issuer child; SAML_ISSUER when it is missing, empty or there twice. */
export function readIssuer(parent: SignedElement): Issuer {
  return fromElement(exactlyOne(parent, saml('Issuer'), 'SAML_ISSUER'))
}

/** The Issuer child where the schema lets it be absent. */
export function readOptionalIssuer(parent: SignedElement): Issuer | undefined {
  const issuer = atMostOne(parent, saml('Issuer'), 'SAML_ISSUER')
  return issuer && fromElement(issuer)
}

export function writeIssuer(issuer: Issuer): XmlPart {
  return el(saml('Issuer'), { Format: issuer.format }, issuer.value)
}

/**
 * The entityID an unverified message claims, for nothing but the choice of the keys it is verified with. What is acted
 * on is the Issuer of the signed element.
 */
export function claimedIssuer(root: XmlElement): string {
  return entityIdIn(exactlyOne(root, saml('Issuer'), 'SAML_ISSUER'))
}

function fromElement(issuer: XmlElement): Issuer {
  onlyAttributes(issuer, ['Format', 'NameQualifier', 'SPNameQualifier', 'SPProvidedID'])
  return { value: entityIdIn(issuer), format: uriAttribute(issuer, 'Format') }
}

function entityIdIn(issuer: XmlElement): string {
  const value = text(issuer)
  if (value === '') throw new NodeFault('SAML_ISSUER', 'empty Issuer')
  return value
}
