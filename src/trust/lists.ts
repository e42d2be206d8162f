import { NodeFault } from '../errors/node-fault.ts'
import { serviceList } from '../xml/names.ts'
import { anchored } from './anchored.ts'
import type { Anchors, SignerPin } from './chain.ts'
import type { Listing, Origin, Refresh, TrustDocument, TrustProblem } from './document.ts'
import { anchorsIn, readOctets } from './files.ts'
import { type SourceId, sourceId } from './holding.ts'
import { eidasTrust } from './policy.ts'
import type { Role } from './registry.ts'
import { type Renewal, recalled, renewed } from './renewal.ts'
import type { RevocationPolicy } from './revocation.ts'
import { type Appointment, nextAppointment } from './schedule.ts'
import { type ListedLocation, readServiceList, type ServiceList } from './service-list.ts'
import { revocationPolicy, verifiedMetadata } from './sources.ts'
import type { FetchTools } from './urls.ts'
import { readCertificate } from './x509.ts'

/*
 * Metadata by way of a MetadataServiceList (R-MF-70 to R-MF-73). The operator says whose list it is, which countries and
 * roles it may speak for (R-MF-72), and perhaps their anchors; the list says where, and who is there. What is there is
 * verified as any metadata is, and must be of the country under which the list has it.
 */

/** A list, as the configuration has it. */
export interface ListSettings {
  readonly name?: string | undefined
  /** Either this or a file. */
  readonly url?: string | undefined
  readonly file?: string | undefined
  /** PEM files of what signs the list. */
  readonly anchors: readonly string[]
  /** Who signs the list. */
  readonly signer?: SignerPin | undefined
  readonly countries: readonly ListedCountry[]
  readonly revoked?: readonly string[] | undefined
  readonly pkcs1Certificates?: boolean | undefined
  readonly revocation?: RevocationPolicy | undefined
  readonly validityDays?: number | undefined
  /** How far ahead NextUpdate may be, where that is not as usual. */
  readonly nextUpdateDays?: number | undefined
  readonly allowHttpForDemo?: boolean | undefined
}

export interface ListedCountry {
  readonly country: string
  readonly roles: readonly Role[]
  /** PEM files. Where there are any, the keys in the list do not count. */
  readonly anchors?: readonly string[] | undefined
  /** Who signs the metadata of this country. */
  readonly signer?: SignerPin | undefined
}

export function listOrigin(settings: ListSettings, tools: FetchTools): Origin {
  const list = listDocument(settings, tools)
  let renewal: Renewal<ServiceList> | undefined
  let appointment: Appointment | undefined
  return {
    name: settings.name,
    sources: settings.countries.map(({ country }) => listedId(settings, country)),
    isFetched: true,
    async documents(refresh) {
      if (refresh.which === 'copies' && list.copy !== undefined) {
        renewal = { held: await recalled(list, refresh.clock) }
      } else if (isDue(list, appointment, refresh)) {
        renewal = await renewed(list, renewal?.held, refresh.clock)
        appointment = nextAppointment(renewal, appointment, refresh)
      }
      const problems = renewal?.problem === undefined ? [] : [renewal.problem]
      const { documents, problems: more = [] } = documentsOf(current(renewal, refresh), settings, tools)
      return { documents, problems: [...problems, ...more], isUnknown: renewal?.held === undefined }
    },
  }
}

/** What a list says of one country stands for itself: it is verified with other keys than what it says of the next. */
function listedId({ name, url, file = '' }: ListSettings, country: string): SourceId {
  const place = url ?? file
  return sourceId(name === undefined ? undefined : `${name}/${country}`, `${place} ${country}`)
}

function isDue(list: TrustDocument<ServiceList>, appointment: Appointment | undefined, { which, clock }: Refresh) {
  return which === 'all' || list.copy === undefined || appointment === undefined || clock() >= appointment.due
}

/** A list counts until the next one is due, whether that can be had or not. */
function current(renewal: Renewal<ServiceList> | undefined, { clock }: Refresh): readonly ListedLocation[] {
  const { locations = [], validUntil = 0 } = renewal?.held?.loaded ?? {}
  return validUntil > clock() ? locations : []
}

function listDocument(settings: ListSettings, { fetch, copies, check }: FetchTools): TrustDocument<ServiceList> {
  const { url, file = '', anchors, revoked, pkcs1Certificates, revocation, signer, nextUpdateDays } = settings
  const trusted = { roles: eidasRoles, revoked, pkcs1Certificates, revocation, signer }
  const verified: TrustDocument<ServiceList>['verified'] = async (octets, now, standing) => {
    const own = await anchorsIn(anchors, trusted)
    const { root, path } = anchored(octets, listKind, own, now)
    await check(path, revocationPolicy(trusted, standing), now, own)
    return readServiceList(root, now, nextUpdateDays)
  }
  if (url === undefined) return { place: file, octets: () => readOctets(file), verified, rollback: 'MDSL_ROLLBACK' }
  const copy = { read: () => copies.read(url), write: (octets: Uint8Array) => copies.write(url, octets) }
  return { place: url, octets: () => fetch({ url }), verified, rollback: 'MDSL_ROLLBACK', copy }
}

const eidasRoles: readonly Role[] = ['connector', 'proxy-service']

const listKind = {
  root: [serviceList('MetadataServiceList')],
  schema: 'service-list',
  algorithms: eidasTrust.signatures,
  unsigned: 'MDSL_SIG',
} as const

/** Countries and roles that the list may not speak for are passed over; a location under two countries is of the first. */
function documentsOf(locations: readonly ListedLocation[], settings: ListSettings, tools: FetchTools): Listing {
  const problems: TrustProblem[] = []
  const documents = new Map<string, TrustDocument>()
  for (const location of locations) {
    const country = settings.countries.find(({ country: name }) => name === location.territory)
    if (country === undefined || isOfOtherRoles(location, country)) continue
    if (documents.has(location.url)) {
      const fault = new NodeFault('MD_ENTITY', 'it is in the list twice')
      problems.push({ place: location.url, fault })
      continue
    }
    documents.set(location.url, locationDocument(location, country, settings, tools))
  }
  return { documents: [...documents.values()], problems }
}

function isOfOtherRoles({ endpoints }: ListedLocation, { roles }: ListedCountry): boolean {
  return endpoints.length > 0 && !endpoints.some(({ role }) => roles.includes(role))
}

function locationDocument(
  location: ListedLocation,
  { country, roles, anchors, signer }: ListedCountry,
  settings: ListSettings,
  { fetch, copies, check, read }: FetchTools,
): TrustDocument {
  const { revoked, pkcs1Certificates, revocation, validityDays, allowHttpForDemo } = settings
  const { url, endpoints, certificates } = location
  const listed = endpoints.filter(({ role }) => roles.includes(role))
  const trusted = { roles, revoked, pkcs1Certificates, revocation, validityDays, country, signer, allowHttpForDemo }
  const said = endpoints.length === 0 ? {} : { endpoints: listed }
  const source = { ...trusted, place: url, source: listedId(settings, country).label, ...said }
  return {
    place: url,
    octets: () => fetch({ url }),
    async verified(octets, now, standing) {
      const own = anchors === undefined ? listedAnchors(certificates, trusted) : await anchorsIn(anchors, trusted)
      return verifiedMetadata(octets, source, { anchors: own, now, check, read, standing })
    },
    copy: { read: () => copies.read(url), write: (octets) => copies.write(url, octets) },
  }
}

/** R-MF-70: without an anchor of the country's own, the keys that the list gives for the location. */
function listedAnchors(
  certificates: readonly string[],
  { revoked = [], pkcs1Certificates = false, signer }: Pick<ListSettings, 'revoked' | 'pkcs1Certificates' | 'signer'>,
): Anchors {
  if (certificates.length === 0) throw new NodeFault('MD_SIG', 'no key for it in the list, and no anchor')
  return { certificates: certificates.map(readCertificate), revoked, strength: eidasTrust, pkcs1Certificates, signer }
}
