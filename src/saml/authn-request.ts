import { NodeFault } from '../errors/node-fault.ts'
import { saml, samlp } from '../xml/names.ts'
import { attribute, elements, expectNamed, many, onlyAttributes, onlyChildren, optional } from '../xml/reader.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { readId } from './ids.ts'
import { readInstant, writeInstant } from './instants.ts'
import { type Issuer, readIssuer, writeIssuer } from './issuer.ts'
import { booleanAttribute, requiredAttribute, shortAttribute, uriAttribute, uriText } from './lexical.ts'
import { readScoping, type Scoping, writeScoping } from './scoping.ts'
import { comparisons } from './uris.ts'

export type Comparison = (typeof comparisons)[number]

/** SAML Core 3.4.1.1. */
export interface NameIDPolicy {
  readonly format?: string | undefined
  readonly spNameQualifier?: string | undefined
  readonly allowCreate?: boolean | undefined
}

/** SAML Core 3.3.2.2.1. */
export interface RequestedAuthnContext {
  /** Absent means exact. */
  readonly comparison?: Comparison | undefined
  readonly classRefs: readonly string[]
  readonly declRefs: readonly string[]
}

/** SAML Core 3.4.1. `E` is SignedElement where it was read and XmlPart where it is to be written. */
export interface AuthnRequest<E = SignedElement> {
  readonly id: string
  readonly version: string
  /** Epoch milliseconds. */
  readonly issueInstant: number
  readonly destination?: string | undefined
  readonly consent?: string | undefined
  readonly forceAuthn?: boolean | undefined
  readonly isPassive?: boolean | undefined
  readonly protocolBinding?: string | undefined
  readonly assertionConsumerServiceURL?: string | undefined
  readonly assertionConsumerServiceIndex?: number | undefined
  readonly attributeConsumingServiceIndex?: number | undefined
  readonly providerName?: string | undefined
  readonly issuer: Issuer
  /** The children of Extensions; which of them are known is the profile's business. */
  readonly extensions: readonly E[]
  readonly nameIdPolicy?: NameIDPolicy | undefined
  readonly requestedAuthnContext?: RequestedAuthnContext | undefined
  readonly scoping?: Scoping | undefined
  /** Subject and Conditions are noticed, not read: no profile of ours uses them, and a rule refuses them. */
  readonly hasSubject: boolean
  readonly hasConditions: boolean
}

const ATTRIBUTES = [
  'ID',
  'Version',
  'IssueInstant',
  'Destination',
  'Consent',
  'ForceAuthn',
  'IsPassive',
  'ProtocolBinding',
  'AssertionConsumerServiceURL',
  'AssertionConsumerServiceIndex',
  'AttributeConsumingServiceIndex',
  'ProviderName',
]

const CHILDREN = [
  saml('Issuer'),
  samlp('Extensions'),
  saml('Subject'),
  samlp('NameIDPolicy'),
  saml('Conditions'),
  samlp('RequestedAuthnContext'),
  samlp('Scoping'),
]

/** The Signature is not among the children: verification handed out the octets without it. */
export function readAuthnRequest(root: SignedElement): AuthnRequest {
  expectNamed(root, samlp('AuthnRequest'))
  onlyAttributes(root, ATTRIBUTES)
  onlyChildren(root, CHILDREN)
  return {
    id: readId(attribute(root, 'ID')),
    version: requiredAttribute(root, 'Version', 'SAML_VERSION'),
    issueInstant: readInstant(requiredAttribute(root, 'IssueInstant', 'SAML_TIME')),
    destination: uriAttribute(root, 'Destination'),
    consent: uriAttribute(root, 'Consent'),
    forceAuthn: booleanAttribute(root, 'ForceAuthn'),
    isPassive: booleanAttribute(root, 'IsPassive'),
    protocolBinding: uriAttribute(root, 'ProtocolBinding'),
    assertionConsumerServiceURL: uriAttribute(root, 'AssertionConsumerServiceURL'),
    assertionConsumerServiceIndex: shortAttribute(root, 'AssertionConsumerServiceIndex'),
    attributeConsumingServiceIndex: shortAttribute(root, 'AttributeConsumingServiceIndex'),
    providerName: attribute(root, 'ProviderName'),
    issuer: readIssuer(root),
    extensions: readExtensions(root),
    nameIdPolicy: readNameIDPolicy(root),
    requestedAuthnContext: readRequestedAuthnContext(root),
    scoping: readScoping(root),
    hasSubject: optional(root, saml('Subject')) !== undefined,
    hasConditions: optional(root, saml('Conditions')) !== undefined,
  }
}

export function writeAuthnRequest(request: AuthnRequest<XmlPart>): XmlPart {
  return el(
    samlp('AuthnRequest'),
    writeAttributes(request),
    writeIssuer(request.issuer),
    request.extensions.length === 0 ? undefined : el(samlp('Extensions'), {}, ...request.extensions),
    request.nameIdPolicy && writeNameIDPolicy(request.nameIdPolicy),
    request.requestedAuthnContext && writeRequestedAuthnContext(request.requestedAuthnContext),
    request.scoping && writeScoping(request.scoping),
  )
}

function writeAttributes(request: AuthnRequest<XmlPart>): Record<string, string | undefined> {
  if (request.hasSubject || request.hasConditions) throw new TypeError('Subject and Conditions are not written')
  return {
    ID: request.id,
    Version: request.version,
    IssueInstant: writeInstant(request.issueInstant),
    Destination: request.destination,
    Consent: request.consent,
    ForceAuthn: request.forceAuthn?.toString(),
    IsPassive: request.isPassive?.toString(),
    ProtocolBinding: request.protocolBinding,
    AssertionConsumerServiceURL: request.assertionConsumerServiceURL,
    AssertionConsumerServiceIndex: request.assertionConsumerServiceIndex?.toString(),
    AttributeConsumingServiceIndex: request.attributeConsumingServiceIndex?.toString(),
    ProviderName: request.providerName,
  }
}

function readExtensions(root: SignedElement): readonly SignedElement[] {
  const extensions = optional(root, samlp('Extensions'))
  if (extensions === undefined) return []
  return elements(extensions)
}

function readNameIDPolicy(root: SignedElement): NameIDPolicy | undefined {
  const policy = optional(root, samlp('NameIDPolicy'))
  if (policy === undefined) return undefined
  onlyAttributes(policy, ['Format', 'SPNameQualifier', 'AllowCreate'])
  onlyChildren(policy, [])
  return {
    format: uriAttribute(policy, 'Format'),
    spNameQualifier: attribute(policy, 'SPNameQualifier'),
    allowCreate: booleanAttribute(policy, 'AllowCreate'),
  }
}

function writeNameIDPolicy(policy: NameIDPolicy): XmlPart {
  const { format, spNameQualifier, allowCreate } = policy
  return el(samlp('NameIDPolicy'), {
    AllowCreate: allowCreate?.toString(),
    Format: format,
    SPNameQualifier: spNameQualifier,
  })
}

function readRequestedAuthnContext(root: SignedElement): RequestedAuthnContext | undefined {
  const context = optional(root, samlp('RequestedAuthnContext'))
  if (context === undefined) return undefined
  const classRef = saml('AuthnContextClassRef')
  const declRef = saml('AuthnContextDeclRef')
  onlyAttributes(context, ['Comparison'])
  onlyChildren(context, [classRef, declRef])
  return {
    comparison: readComparison(context),
    classRefs: many(context, classRef).map(uriText),
    declRefs: many(context, declRef).map(uriText),
  }
}

function readComparison(context: SignedElement): Comparison | undefined {
  const given = attribute(context, 'Comparison')
  const known = comparisons.find((comparison) => comparison === given)
  if (given !== known) throw new NodeFault('XML_SCHEMA', 'unknown Comparison')
  return known
}

function writeRequestedAuthnContext({ comparison, classRefs, declRefs }: RequestedAuthnContext): XmlPart {
  return el(
    samlp('RequestedAuthnContext'),
    { Comparison: comparison },
    ...classRefs.map((ref) => el(saml('AuthnContextClassRef'), {}, ref)),
    ...declRefs.map((ref) => el(saml('AuthnContextDeclRef'), {}, ref)),
  )
}
