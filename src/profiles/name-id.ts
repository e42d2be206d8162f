import { NodeFault } from '../errors/node-fault.ts'
import type { IdentityRequest, NameIdFormat } from '../identity/request.ts'
import type { NameIDPolicy } from '../saml/authn-request.ts'
import type { NameID, Subject } from '../saml/subject.ts'
import { nameIdFormats } from '../saml/uris.ts'

/** R-MF-30: the three formats of NameID that both profiles speak, by their URIs. */
const formats = ['persistent', 'transient', 'unspecified'] as const satisfies readonly NameIdFormat[]

const MAX_CHARACTERS = 256

export function nameIdFormatUri(format: NameIdFormat): string {
  return nameIdFormats[format]
}

/** The format a URI names, none at all being unspecified; SAML_NAMEID for one that is not supported. */
export function readNameIdFormat(uri: string | undefined): NameIdFormat {
  const found = formats.find((format) => nameIdFormats[format] === (uri ?? nameIdFormats.unspecified))
  if (found === undefined) throw new NodeFault('SAML_NAMEID', `format ${uri}`)
  return found
}

/** R-MF-30: the policy names the wanted format. SAML_NAMEID when the peer publishes formats and this is not one. */
export function writeNameIdPolicy(format: NameIdFormat, published: readonly string[]): NameIDPolicy {
  const uri = nameIdFormatUri(format)
  if (format !== 'unspecified' && published.length > 0 && !published.includes(uri)) {
    throw new NodeFault('SAML_NAMEID', `the peer does not publish ${uri}`)
  }
  return { format: uri, allowCreate: true }
}

/**
 * R-MF-51: there is a NameID, and its format is the wanted one where one was wanted. What it says is not kept: the peer
 * can write anything there, and no rule holds it to the person. Our own NameID is written from the identifier.
 */
export function expectNameId(subject: Subject | undefined, asked: IdentityRequest): void {
  const nameId = subject?.nameId
  if (nameId === undefined || nameId.value.trim() === '' || nameId.value.length > MAX_CHARACTERS) {
    throw new NodeFault('SAML_NAMEID', 'no NameID, an empty or an overlong one')
  }
  const format = readNameIdFormat(nameId.format)
  if (asked.nameIdFormat !== 'unspecified' && asked.nameIdFormat !== format) {
    throw new NodeFault('SAML_NAMEID', `${format} where ${asked.nameIdFormat} was asked for`)
  }
}

/**
 * R-MF-51, of what we send: persistent unless something else was asked for, and then it is the identifier, as every peer
 * has it. Otherwise it is the ID of the assertion, which is as random as a transient one has to be and is used once.
 */
export function writeNameId(asked: NameIdFormat, identifier: string, assertionId: string): NameID {
  const format = asked === 'transient' ? asked : 'persistent'
  return { format: nameIdFormatUri(format), value: format === 'transient' ? assertionId : identifier }
}
