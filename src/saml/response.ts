import { saml, samlp } from '../xml/names.ts'
import { attribute, expectNamed, many, onlyAttributes, onlyChildren } from '../xml/reader.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { readId } from './ids.ts'
import { readInstant, writeInstant } from './instants.ts'
import { type Issuer, readOptionalIssuer, writeIssuer } from './issuer.ts'
import { requiredAttribute, uriAttribute } from './lexical.ts'
import { readStatus, type Status, writeStatus } from './status.ts'

/** SAML Core 3.3.3. `E` is SignedElement where it was read and XmlPart where it is to be written. */
export interface Response<E = SignedElement> {
  readonly id: string
  readonly version: string
  /** Epoch milliseconds. */
  readonly issueInstant: number
  readonly destination?: string | undefined
  readonly inResponseTo?: string | undefined
  readonly consent?: string | undefined
  readonly issuer?: Issuer | undefined
  readonly status: Status
  /** Assertion elements in the clear, for readAssertion. */
  readonly assertions: readonly E[]
  /** EncryptedAssertion elements. */
  readonly encryptedAssertions: readonly E[]
}

const CHILDREN = [saml('Issuer'), samlp('Extensions'), samlp('Status'), saml('Assertion'), saml('EncryptedAssertion')]

/** Extensions of a response are passed over; the Signature is gone: verification handed out the octets without it. */
export function readResponse(root: SignedElement): Response {
  expectNamed(root, samlp('Response'))
  onlyAttributes(root, ['ID', 'Version', 'IssueInstant', 'Destination', 'InResponseTo', 'Consent'])
  onlyChildren(root, CHILDREN)
  return {
    id: readId(attribute(root, 'ID')),
    version: requiredAttribute(root, 'Version', 'SAML_VERSION'),
    issueInstant: readInstant(requiredAttribute(root, 'IssueInstant', 'SAML_TIME')),
    destination: uriAttribute(root, 'Destination'),
    inResponseTo: attribute(root, 'InResponseTo'),
    consent: uriAttribute(root, 'Consent'),
    issuer: readOptionalIssuer(root),
    status: readStatus(root),
    assertions: many(root, saml('Assertion')),
    encryptedAssertions: many(root, saml('EncryptedAssertion')),
  }
}

export function writeResponse(response: Response<XmlPart>): XmlPart {
  const attributes = {
    ID: response.id,
    Version: response.version,
    IssueInstant: writeInstant(response.issueInstant),
    Destination: response.destination,
    InResponseTo: response.inResponseTo,
    Consent: response.consent,
  }
  return el(
    samlp('Response'),
    attributes,
    response.issuer && writeIssuer(response.issuer),
    writeStatus(response.status),
    ...response.assertions,
    ...response.encryptedAssertions,
  )
}
