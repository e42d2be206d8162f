import { NodeFault } from '../../errors/node-fault.ts'
import { clark, type QName } from '../../xml/element.ts'
import { many } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { booleanAttribute, shortAttribute } from '../lexical.ts'
import { distinctBy, readable, type Tell, untold } from './left-out.ts'
import { requiredUri, uriAttribute } from './texts.ts'

/** SAML Metadata 2.2.2. */
export interface Endpoint {
  readonly binding: string
  /** An http or https URL, without white space around it; of a binding that is not used, whatever is given. */
  readonly location: string
  /** Of no use here, and as given. */
  readonly responseLocation?: string | undefined
}

/** SAML Metadata 2.2.3. */
export interface IndexedEndpoint extends Endpoint {
  readonly index: number
  readonly isDefault?: boolean | undefined
}

/**
 * The characters of RFC 3986 and no others: browsers and pages take no more, and an endpoint that no browser can be sent to is
 * better refused now than then. No user information (`https://us@evil` is not us), nothing that parsers read differently.
 */
const URL_FORM = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/[\w.:[\]-]+(?:[/?][\w.~!$&'()*+,;=:@%/?[\]-]*)?$/

/** An http or https URL without user information and fragment; MD_URL otherwise. Which hosts and whether http, trust says. */
export function checkedUrl(text: string): string {
  if (!URL_FORM.test(text) || !URL.canParse(text)) {
    throw new NodeFault('MD_URL', 'an endpoint that is no plain http(s) URL')
  }
  return text
}

export interface EndpointOptions {
  readonly name: QName
  /** The bindings that are used. An endpoint of another one is not judged: its location may be anything. */
  readonly used: readonly string[]
  readonly tell?: Tell | undefined
}

export function readEndpoints(role: SignedElement, options: EndpointOptions): readonly Endpoint[] {
  return readEach(role, options, readEndpoint)
}

/** Of two with one index and binding the first counts: a request that names the index must not mean either. */
export function readIndexedEndpoints(role: SignedElement, options: EndpointOptions): readonly IndexedEndpoint[] {
  const { name, tell = untold } = options
  const endpoints = readEach(role, options, readIndexedEndpoint)
  const twice = ({ index }: IndexedEndpoint) => new NodeFault('MD_STRUCT', `index ${index} twice in ${clark(name)}`)
  return distinctBy(endpoints, ({ index, binding }) => `${index} ${binding}`, twice, tell)
}

type ReadEndpoint<T> = (element: SignedElement, judged: (location: string) => string) => T

function readEach<T>(role: SignedElement, { name, used, tell = untold }: EndpointOptions, read: ReadEndpoint<T>) {
  return many(role, name).flatMap((element) => {
    const isUsed = used.includes(uriAttribute(element, 'Binding') ?? '')
    const judged = isUsed ? checkedUrl : (location: string) => location
    return readable(() => read(element, judged), isUsed ? tell : untold) ?? []
  })
}

export function writeEndpoint(name: QName, endpoint: Endpoint): XmlPart {
  return el(name, writeFields(endpoint))
}

export function writeIndexedEndpoint(name: QName, endpoint: IndexedEndpoint): XmlPart {
  const { index, isDefault } = endpoint
  return el(name, { ...writeFields(endpoint), index: index.toString(), isDefault: isDefault?.toString() })
}

function readEndpoint(element: SignedElement, judged: (location: string) => string): Endpoint {
  return {
    binding: requiredUri(element, 'Binding'),
    location: judged(requiredUri(element, 'Location')),
    responseLocation: uriAttribute(element, 'ResponseLocation'),
  }
}

function readIndexedEndpoint(element: SignedElement, judged: (location: string) => string): IndexedEndpoint {
  const index = shortAttribute(element, 'index')
  if (index === undefined) throw new NodeFault('MD_STRUCT', `no index on ${clark(element)}`)
  return { ...readEndpoint(element, judged), index, isDefault: booleanAttribute(element, 'isDefault') }
}

function writeFields({ binding, location, responseLocation }: Endpoint) {
  return { Binding: binding, Location: location, ResponseLocation: responseLocation }
}
