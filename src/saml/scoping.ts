import { samlp } from '../xml/names.ts'
import { many, onlyAttributes, onlyChildren, optional, text } from '../xml/reader.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { shortAttribute } from './lexical.ts'

/** SAML Core 3.4.1.2. */
export interface Scoping {
  readonly proxyCount?: number | undefined
  /** IDPList is noticed, not read: a rule refuses it. */
  readonly hasIdpList: boolean
  readonly requesterIds: readonly string[]
}

export function readScoping(request: SignedElement): Scoping | undefined {
  const scoping = optional(request, samlp('Scoping'))
  if (scoping === undefined) return undefined
  onlyAttributes(scoping, ['ProxyCount'])
  onlyChildren(scoping, [samlp('IDPList'), samlp('RequesterID')])
  return {
    proxyCount: shortAttribute(scoping, 'ProxyCount'),
    hasIdpList: optional(scoping, samlp('IDPList')) !== undefined,
    requesterIds: many(scoping, samlp('RequesterID')).map(text),
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
