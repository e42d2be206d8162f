import type { EntityDescriptor } from '../saml/metadata/entity.ts'
import type { KeyDescriptor } from '../saml/metadata/key-descriptor.ts'
import type { ContactPerson, Organization } from '../saml/metadata/organization.ts'
import { nameIdFormats } from '../saml/uris.ts'

/** What metadata says of any half of the node towards either side, from plain configuration. */
export interface NodeMetadata {
  /** The HTTPS URL where this metadata is published (R-MF-3, R-IA-28). */
  readonly entityId: string
  /** ID of this document, fresh. */
  readonly id: string
  /** Epoch milliseconds (R-MF-2). */
  readonly validUntil: number
  readonly keys: NodeKeys
  readonly organization?: NodeOrganization | undefined
  readonly contacts?: NodeContacts | undefined
}

/** Base64 of DER, one certificate each; two of a kind while keys are changed (R-MF-6, R-CR-30). */
export interface NodeKeys {
  readonly signing: readonly string[]
  readonly encryption?: readonly string[] | undefined
}

export interface NodeOrganization {
  readonly name: string
  readonly displayName: string
  readonly url: string
  /** Language of these texts. */
  readonly lang: string
}

/** E-mail addresses (R-MF-10). */
export interface NodeContacts {
  readonly support: string
  readonly technical: string
}

/** R-MF-7, R-MF-30: what is supported everywhere, in the order of preference. */
export const supportedNameIdFormats: readonly string[] = [
  nameIdFormats.persistent,
  nameIdFormats.transient,
  nameIdFormats.unspecified,
]

type Whole = 'entityId' | 'id' | 'validUntil' | 'organization' | 'contacts'

/** The parts of an EntityDescriptor that stand above the roles. */
export function aboveRoles(node: NodeMetadata): Pick<EntityDescriptor, Whole> {
  return {
    entityId: node.entityId,
    id: node.id,
    validUntil: node.validUntil,
    organization: node.organization && writtenOrganization(node.organization),
    contacts: node.contacts === undefined ? [] : writtenContacts(node.contacts),
  }
}

/** R-MF-6: each key with its use; how to encrypt is said with the encryption key. */
export function keyDescriptors(
  { signing, encryption = [] }: NodeKeys,
  encryptionAlgorithms: readonly string[],
): readonly KeyDescriptor[] {
  const encryptionMethods = encryptionAlgorithms.map((algorithm) => ({ algorithm }))
  return [
    ...signing.map((certificate) => ({
      use: 'signing' as const,
      certificates: [certificate],
      encryptionMethods: [],
    })),
    ...encryption.map((certificate) => ({
      use: 'encryption' as const,
      certificates: [certificate],
      encryptionMethods,
    })),
  ]
}

function writtenOrganization({ name, displayName, url, lang }: NodeOrganization): Organization {
  return {
    names: [{ lang, value: name }],
    displayNames: [{ lang, value: displayName }],
    urls: [{ lang, value: url }],
  }
}

function writtenContacts({ support, technical }: NodeContacts): readonly ContactPerson[] {
  return [
    { contactType: 'support', emailAddresses: [support], telephoneNumbers: [] },
    { contactType: 'technical', emailAddresses: [technical], telephoneNumbers: [] },
  ]
}
