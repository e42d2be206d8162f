import { clark } from '../xml/element.ts'
import { saml } from '../xml/names.ts'
import { elements, many, onlyAttributes, onlyChildren, optional } from '../xml/reader.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { writeOptionalInstant } from './instants.ts'
import { instantAttribute, uriText } from './lexical.ts'

/** SAML Core 2.5.1. */
export interface Conditions {
  /** Epoch milliseconds. */
  readonly notBefore?: number | undefined
  /** Epoch milliseconds. */
  readonly notOnOrAfter?: number | undefined
  /** One list of Audience values for each AudienceRestriction. */
  readonly audienceRestrictions: readonly (readonly string[])[]
  readonly oneTimeUse: boolean
  /** Names of further conditions (ProxyRestriction, extensions), which a rule refuses. */
  readonly others: readonly string[]
}

export function readConditions(conditions: SignedElement): Conditions {
  const known = [saml('AudienceRestriction'), saml('OneTimeUse')]
  onlyAttributes(conditions, ['NotBefore', 'NotOnOrAfter'])
  const children = elements(conditions)
  onlyChildren(conditions, children)
  return {
    notBefore: instantAttribute(conditions, 'NotBefore', 'SAML_TIME'),
    notOnOrAfter: instantAttribute(conditions, 'NotOnOrAfter', 'SAML_TIME'),
    audienceRestrictions: many(conditions, saml('AudienceRestriction')).map(readAudiences),
    oneTimeUse: optional(conditions, saml('OneTimeUse')) !== undefined,
    others: children.map(clark).filter((name) => !known.some((one) => clark(one) === name)),
  }
}

export function writeConditions(conditions: Conditions): XmlPart {
  const { notBefore, notOnOrAfter, audienceRestrictions, oneTimeUse, others } = conditions
  if (others.length > 0) throw new TypeError('only AudienceRestriction and OneTimeUse are written')
  return el(
    saml('Conditions'),
    {
      NotBefore: writeOptionalInstant(notBefore),
      NotOnOrAfter: writeOptionalInstant(notOnOrAfter),
    },
    ...audienceRestrictions.map((audiences) =>
      el(saml('AudienceRestriction'), {}, ...audiences.map((audience) => el(saml('Audience'), {}, audience))),
    ),
    oneTimeUse ? el(saml('OneTimeUse')) : undefined,
  )
}

function readAudiences(restriction: SignedElement): readonly string[] {
  onlyAttributes(restriction, [])
  onlyChildren(restriction, [saml('Audience')])
  return many(restriction, saml('Audience')).map(uriText)
}
