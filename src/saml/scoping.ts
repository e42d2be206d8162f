import { samlp } from '../xml/names.ts'
import { many, onlyAttributes, onlyChildren, optional } from '../xml/reader.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { shortAttribute, uriAttribute, uriText } from './lexical.ts'

/** SAML Core 3.4.1.2. */
export interface Scoping {
  readonly proxyCount?: number | undefined
  readonly hasIdpList: boolean
  /** ProviderIDs of the IDPList: advice, and the rest of that list is not read (SAML Core 3.4.1.3). */
  readonly providerIds?: readonly string[] | undefined
  readonly requesterIds: readonly string[]
}

export function readScoping(request: SignedElement): Scoping | undefined {
  const scoping = optional(request, samlp('Scoping'))
  if (scoping === undefined) return undefined
  onlyAttributes(scoping, ['ProxyCount'])
  onlyChildren(scoping, [samlp('IDPList'), samlp('RequesterID')])
  const list = optional(scoping, samlp('IDPList'))
  const entries = list === undefined ? undefined : many(list, samlp('IDPEntry'))
  return {
    proxyCount: shortAttribute(scoping, 'ProxyCount'),
    hasIdpList: list !== undefined,
    providerIds: entries?.flatMap((entry) => uriAttribute(entry, 'ProviderID') ?? []),
    requesterIds: many(scoping, samlp('RequesterID')).map(uriText),
  }
}

export function writeScoping({ proxyCount, hasIdpList, requesterIds }: Scoping): XmlPart {
  if (hasIdpList) throw new TypeError('IDPList is not written')
  return el(
    samlp('Scoping'),
    { ProxyCount: proxyCount?.toString() },
    ...requesterIds.map((id) => el(samlp('RequesterID'), {}, id)),
  )
}
