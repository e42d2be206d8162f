import { NodeFault } from '../errors/node-fault.ts'
import { profileCode } from '../identity/person-identifier.ts'
import { readInstant } from '../saml/instants.ts'
import { booleanAttribute } from '../saml/lexical.ts'
import type { XmlElement } from '../xml/element.ts'
import { ds, serviceList } from '../xml/names.ts'
import { attribute, many } from '../xml/reader.ts'
import { readCertificates } from '../xmlsec/key-info.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import type { Lived } from './document.ts'
import type { Endpoint } from './sources.ts'

/* The MetadataServiceList (Message Format, Appendix A): where the metadata of whole countries is. */

export interface ServiceList extends Lived {
  readonly issued: number
  readonly locations: readonly ListedLocation[]
}

export interface ListedLocation {
  /** Two capitals, as the list says, but EL for GR (R-AP-27). */
  readonly territory: string
  readonly url: string
  /** Who is there; empty when the list does not say (R-MF-71). */
  readonly endpoints: readonly Endpoint[]
  /** What signs the metadata there: base64 of DER. */
  readonly certificates: readonly string[]
}

const DAY = 86_400_000
/** How far clocks may be apart. */
const SKEW = 60_000
/** Days that a list counts at most, whatever it says, unless the operator says otherwise: its key may be stolen as well. */
const LIFE_DAYS = 31

const endpointRoles: Readonly<Record<string, Endpoint['role']>> = {
  'http://eidas.europa.eu/metadata/ept/Connector': 'connector',
  'http://eidas.europa.eu/metadata/ept/ProxyService': 'proxy-service',
}

/**
 * Reads a verified list. `now` in epoch milliseconds. NextUpdate is at most so many days ahead; a list without one is so
 * many days old at most. Fault: MDSL_TIME. Countries it suspends are left out.
 */
export function readServiceList(root: SignedElement, now: number, days: number = LIFE_DAYS): ServiceList {
  const issued = listInstant(root, 'IssueDate')
  if (issued === undefined || issued > now + SKEW) throw new NodeFault('MDSL_TIME', 'issued in the future')
  const validUntil = listInstant(root, 'NextUpdate') ?? issued + days * DAY
  if (!(validUntil <= now + SKEW + days * DAY)) {
    throw new NodeFault('MDSL_TIME', `NextUpdate ${new Date(validUntil).toJSON()} is more than ${days} days off`)
  }
  if (!(validUntil > now)) throw new NodeFault('MDSL_TIME', 'the next one is due')
  const lists = many(root, serviceList('MetadataList')).filter((list) => booleanAttribute(list, 'Suspend') !== true)
  return { issued, validUntil, locations: lists.flatMap(locationsOf) }
}

const ZONED = /^(.+T.+)([+-])(0\d|1[0-4]):([0-5]\d)$/

/** An instant of XML Schema. R-MF-73: published lists leave the zone out; UTC is meant. */
function listInstant(root: XmlElement, name: string): number | undefined {
  const text = attribute(root, name)
  if (text === undefined) return undefined
  const [, local = text.replace(/Z$/, ''), sign = '+', hours = '0', minutes = '0'] = ZONED.exec(text) ?? []
  const ahead = (Number(hours) * 60 + Number(minutes)) * 60_000
  return readInstant(`${local}Z`, 'MDSL_TIME') - (sign === '+' ? ahead : -ahead)
}

function locationsOf(list: SignedElement): readonly ListedLocation[] {
  return many(list, serviceList('MetadataLocation')).map((location) => ({
    territory: profileCode(attribute(list, 'Territory') ?? ''),
    url: attribute(location, 'Location') ?? '',
    endpoints: many(location, serviceList('Endpoint')).flatMap(endpointOf),
    certificates: many(location, ds('KeyInfo')).flatMap(readCertificates),
  }))
}

/** Endpoints of an unknown type are passed over. */
function endpointOf(endpoint: XmlElement): readonly Endpoint[] {
  const type = attribute(endpoint, 'EndpointType') ?? ''
  const role = Object.hasOwn(endpointRoles, type) ? endpointRoles[type] : undefined
  return role === undefined ? [] : [{ role, entityId: attribute(endpoint, 'EntityID') ?? '' }]
}
