import { saml } from '../xml/names.ts'
import { attribute, many, onlyAttributes, onlyChildren } from '../xml/reader.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { readInstant, writeInstant, writeOptionalInstant } from './instants.ts'
import { atMostOne, exactlyOne, instantAttribute, requiredAttribute, uriText } from './lexical.ts'

/** SAML Core 2.7.2, with its AuthnContext (2.7.2.2) unfolded. SubjectLocality is allowed and not kept: it tells of the citizen. */
export interface AuthnStatement {
  /** Epoch milliseconds. */
  readonly authnInstant: number
  readonly sessionIndex?: string | undefined
  /** Epoch milliseconds. */
  readonly sessionNotOnOrAfter?: number | undefined
  readonly classRefs: readonly string[]
  readonly declRefs: readonly string[]
  /** Whether there is an AuthnContextDecl with content; EU nodes write an empty one, which declares nothing. */
  readonly hasDeclaration: boolean
  readonly authenticatingAuthorities: readonly string[]
}

const CONTEXT = [
  saml('AuthnContextClassRef'),
  saml('AuthnContextDecl'),
  saml('AuthnContextDeclRef'),
  saml('AuthenticatingAuthority'),
]

export function readAuthnStatement(statement: SignedElement): AuthnStatement {
  onlyAttributes(statement, ['AuthnInstant', 'SessionIndex', 'SessionNotOnOrAfter'])
  onlyChildren(statement, [saml('SubjectLocality'), saml('AuthnContext')])
  readLocality(statement)
  const context = exactlyOne(statement, saml('AuthnContext'), 'SAML_ACR')
  onlyAttributes(context, [])
  onlyChildren(context, CONTEXT)
  return {
    authnInstant: readInstant(requiredAttribute(statement, 'AuthnInstant', 'SAML_TIME')),
    sessionIndex: attribute(statement, 'SessionIndex'),
    sessionNotOnOrAfter: instantAttribute(statement, 'SessionNotOnOrAfter', 'SAML_TIME'),
    classRefs: many(context, saml('AuthnContextClassRef')).map(uriText),
    declRefs: many(context, saml('AuthnContextDeclRef')).map(uriText),
    hasDeclaration: hasDeclaration(context),
    authenticatingAuthorities: many(context, saml('AuthenticatingAuthority')).map(uriText),
  }
}

export function writeAuthnStatement(statement: AuthnStatement): XmlPart {
  if (statement.hasDeclaration) throw new TypeError('AuthnContextDecl is not written')
  const { authnInstant, sessionIndex, sessionNotOnOrAfter } = statement
  const attributes = {
    AuthnInstant: writeInstant(authnInstant),
    SessionIndex: sessionIndex,
    SessionNotOnOrAfter: writeOptionalInstant(sessionNotOnOrAfter),
  }
  return el(saml('AuthnStatement'), attributes, writeContext(statement))
}

function writeContext({ classRefs, declRefs, authenticatingAuthorities }: AuthnStatement): XmlPart {
  return el(
    saml('AuthnContext'),
    {},
    ...classRefs.map((ref) => el(saml('AuthnContextClassRef'), {}, ref)),
    ...declRefs.map((ref) => el(saml('AuthnContextDeclRef'), {}, ref)),
    ...authenticatingAuthorities.map((authority) => el(saml('AuthenticatingAuthority'), {}, authority)),
  )
}

function readLocality(statement: SignedElement): void {
  const locality = atMostOne(statement, saml('SubjectLocality'), 'SAML_COUNT')
  if (locality === undefined) return
  onlyAttributes(locality, ['Address', 'DNSName'])
  onlyChildren(locality, [])
}

function hasDeclaration(context: SignedElement): boolean {
  const declaration = atMostOne(context, saml('AuthnContextDecl'), 'SAML_ACR')
  return declaration !== undefined && (declaration.children.length > 0 || declaration.attributes.length > 0)
}
