import { saml } from '../xml/names.ts'
import { attribute, many, onlyAttributes, onlyChildren, text } from '../xml/reader.ts'
import { collapsed } from '../xml/white-space.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { writeOptionalInstant } from './instants.ts'
import { atMostOne, instantAttribute, requiredAttribute, uriAttribute } from './lexical.ts'
import { confirmationMethods } from './uris.ts'

/** SAML Core 2.2.3. */
export interface NameID {
  /** Exactly as given. */
  readonly value: string
  readonly format?: string | undefined
  readonly nameQualifier?: string | undefined
  readonly spNameQualifier?: string | undefined
  readonly spProvidedId?: string | undefined
}

/** SAML Core 2.4.1.2. */
export interface SubjectConfirmationData {
  /** Epoch milliseconds. */
  readonly notBefore?: number | undefined
  /** Epoch milliseconds. */
  readonly notOnOrAfter?: number | undefined
  readonly recipient?: string | undefined
  readonly inResponseTo?: string | undefined
  readonly address?: string | undefined
}

/** SAML Core 2.4.1.1. */
export interface SubjectConfirmation {
  readonly method: string
  readonly data?: SubjectConfirmationData | undefined
}

/** SAML Core 2.4.1. */
export interface Subject {
  readonly nameId?: NameID | undefined
  readonly confirmations: readonly SubjectConfirmation[]
}

/** BaseID and EncryptedID are strays here: no party of this node has a use for them. */
export function readSubject(subject: SignedElement): Subject {
  onlyAttributes(subject, [])
  onlyChildren(subject, [saml('NameID'), saml('SubjectConfirmation')])
  const nameId = atMostOne(subject, saml('NameID'), 'SAML_COUNT')
  return {
    nameId: nameId && readNameID(nameId),
    confirmations: many(subject, saml('SubjectConfirmation')).map(readConfirmation),
  }
}

export function writeSubject(subject: Subject): XmlPart {
  return el(
    saml('Subject'),
    {},
    subject.nameId && writeNameID(subject.nameId),
    ...subject.confirmations.map(writeConfirmation),
  )
}

export function readNameID(element: SignedElement): NameID {
  onlyAttributes(element, ['Format', 'NameQualifier', 'SPNameQualifier', 'SPProvidedID'])
  return {
    value: text(element),
    format: uriAttribute(element, 'Format'),
    nameQualifier: attribute(element, 'NameQualifier'),
    spNameQualifier: attribute(element, 'SPNameQualifier'),
    spProvidedId: attribute(element, 'SPProvidedID'),
  }
}

export function writeNameID(nameId: NameID): XmlPart {
  const { value, format, nameQualifier, spNameQualifier, spProvidedId } = nameId
  const attributes = {
    Format: format,
    NameQualifier: nameQualifier,
    SPNameQualifier: spNameQualifier,
    SPProvidedID: spProvidedId,
  }
  return el(saml('NameID'), attributes, value)
}

/** Of another method than bearer nothing but the name is read: what is in it is that method's own. */
function readConfirmation(confirmation: SignedElement): SubjectConfirmation {
  onlyAttributes(confirmation, ['Method'])
  const method = collapsed(requiredAttribute(confirmation, 'Method', 'SAML_CONFIRM'))
  if (method !== confirmationMethods.bearer) return { method }
  onlyChildren(confirmation, [saml('SubjectConfirmationData')])
  const data = atMostOne(confirmation, saml('SubjectConfirmationData'), 'SAML_CONFIRM')
  return { method, data: data && readData(data) }
}

/** The schema allows anything inside; for a bearer nothing belongs there (SAML Profiles 4.1.4.2). */
function readData(data: SignedElement): SubjectConfirmationData {
  onlyAttributes(data, ['NotBefore', 'NotOnOrAfter', 'Recipient', 'InResponseTo', 'Address'])
  onlyChildren(data, [])
  return {
    notBefore: instantAttribute(data, 'NotBefore', 'SAML_CONFIRM'),
    notOnOrAfter: instantAttribute(data, 'NotOnOrAfter', 'SAML_CONFIRM'),
    recipient: uriAttribute(data, 'Recipient'),
    inResponseTo: attribute(data, 'InResponseTo'),
    address: attribute(data, 'Address'),
  }
}

function writeConfirmation({ method, data }: SubjectConfirmation): XmlPart {
  return el(saml('SubjectConfirmation'), { Method: method }, data && writeData(data))
}

function writeData(data: SubjectConfirmationData): XmlPart {
  const { notBefore, notOnOrAfter, recipient, inResponseTo, address } = data
  return el(saml('SubjectConfirmationData'), {
    Address: address,
    InResponseTo: inResponseTo,
    NotBefore: writeOptionalInstant(notBefore),
    NotOnOrAfter: writeOptionalInstant(notOnOrAfter),
    Recipient: recipient,
  })
}
