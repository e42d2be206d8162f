import { NodeFault } from '../../errors/node-fault.ts'
import { clark, type QName } from '../../xml/element.ts'
import { attribute, many } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { booleanAttribute, requiredAttribute, shortAttribute } from '../lexical.ts'

/** SAML Metadata 2.2.2. */
export interface Endpoint {
  readonly binding: string
  /** An http or https URL, exactly as given. */
  readonly location: string
  readonly responseLocation?: string | undefined
}

/** SAML Metadata 2.2.3. */
export interface IndexedEndpoint extends Endpoint {
  readonly index: number
  readonly isDefault?: boolean | undefined
}

/**
 * The characters of RFC 3986 and no others: browsers and pages take no more, and an endpoint nobody can be sent to is
 * better refused now than then. No user information (`https://us@evil` is not us), nothing that parsers read differently.
 */
const URL_FORM = /^https?:\/\/[\w.:[\]-]+(?:[/?][\w.~!$&'()*+,;=:@%/?[\]-]*)?$/

/** An http or https URL without user information and fragment; MD_URL otherwise. Which hosts and whether http, trust says. */
export function checkedUrl(text: string): string {
  if (!URL_FORM.test(text) || !URL.canParse(text)) {
    throw new NodeFault('MD_URL', 'an endpoint that is no plain http(s) URL')
  }
  return text
}

export function readEndpoints(role: SignedElement, name: QName): readonly Endpoint[] {
  return many(role, name).map(readEndpoint)
}

/** Two of one index are MD_STRUCT: a request that names the index would mean either. */
export function readIndexedEndpoints(role: SignedElement, name: QName): readonly IndexedEndpoint[] {
  const endpoints = many(role, name).map(readIndexedEndpoint)
  if (new Set(endpoints.map(({ index }) => index)).size < endpoints.length) {
    throw new NodeFault('MD_STRUCT', `one index twice in ${clark(name)}`)
  }
  return endpoints
}

export function writeEndpoint(name: QName, endpoint: Endpoint): XmlPart {
  return el(name, writeFields(endpoint))
}

export function writeIndexedEndpoint(name: QName, endpoint: IndexedEndpoint): XmlPart {
  const { index, isDefault } = endpoint
  return el(name, { ...writeFields(endpoint), index: index.toString(), isDefault: isDefault?.toString() })
}

function readEndpoint(element: SignedElement): Endpoint {
  const responseLocation = attribute(element, 'ResponseLocation')
  return {
    binding: requiredAttribute(element, 'Binding', 'MD_STRUCT'),
    location: checkedUrl(requiredAttribute(element, 'Location', 'MD_STRUCT')),
    responseLocation: responseLocation === undefined ? undefined : checkedUrl(responseLocation),
  }
}

function readIndexedEndpoint(element: SignedElement): IndexedEndpoint {
  const index = shortAttribute(element, 'index')
  if (index === undefined) throw new NodeFault('MD_STRUCT', `no index on ${clark(element)}`)
  return { ...readEndpoint(element), index, isDefault: booleanAttribute(element, 'isDefault') }
}

function writeFields({ binding, location, responseLocation }: Endpoint) {
  return { Binding: binding, Location: location, ResponseLocation: responseLocation }
}
