import { NodeFault } from '../errors/node-fault.ts'
import { entityAttributeNames } from '../profiles/eidas/metadata.ts'
import { hasVersionInCommon } from '../profiles/eidas/versions.ts'
import { readPeerFacts } from '../profiles/peer-facts.ts'
import { attributeNameFormats, bindings } from '../saml/uris.ts'
import { md } from '../xml/names.ts'
import { many } from '../xml/reader.ts'
import { isHttps, keysFor, type MetadataRule } from './metadata-rules.ts'
import { first } from './tree.ts'

/* What the Message Format wants of metadata and a node, being tolerant in what it takes (R-MF-21), does not insist on. */

/** R-MF-3, R-IA-28: the entityID is the https URL where this is published. */
const entityIdIsUrl: MetadataRule = ({ entity }) => {
  if (!isHttps(entity.entityId)) throw new NodeFault('MD_URL', 'entityID is no https URL')
}

/** R-MF-4: a service wants requests signed, a connector signs them, and both say so. */
const signingIsSaid: MetadataRule = ({ idp, sp }) => {
  if (idp !== undefined && idp.wantAuthnRequestsSigned !== true) {
    throw new NodeFault('MD_STRUCT', 'WantAuthnRequestsSigned is not true')
  }
  if (sp !== undefined && sp.authnRequestsSigned !== true) {
    throw new NodeFault('MD_STRUCT', 'AuthnRequestsSigned is not true')
  }
}

const unusedServices = ['SingleLogoutService', 'ArtifactResolutionService', 'ManageNameIDService'].map(md)

/** R-MF-5: there is no logout and no artifact. */
const nothingUnused: MetadataRule = ({ element, idp }) => {
  const role = first(element, md(idp === undefined ? 'SPSSODescriptor' : 'IDPSSODescriptor'))
  const found = unusedServices.find((name) => role !== undefined && many(role, name).length > 0)
  if (found !== undefined) throw new NodeFault('MD_STRUCT', `${found.local} is of no use here`)
}

/** R-MF-7: formats of NameID are named. */
const nameIdFormatsAreNamed: MetadataRule = ({ role }) => {
  if (role.nameIdFormats.length === 0) throw new NodeFault('MD_STRUCT', 'no NameIDFormat')
}

/** R-MF-8: a service is reached in both ways, and one assertion consumer service is the default. */
const endpointsAreComplete: MetadataRule = ({ idp, sp }) => {
  const missing = Object.values(bindings).find((one) => idp?.singleSignOn.every(({ binding }) => binding !== one))
  if (missing !== undefined) throw new NodeFault('MD_STRUCT', `no SingleSignOnService by ${missing}`)
  if (sp?.assertionConsumer.every(({ isDefault }) => isDefault !== true)) {
    throw new NodeFault('MD_STRUCT', 'no AssertionConsumerService is the default')
  }
}

/** R-MF-9: who runs it. */
const organizationIsNamed: MetadataRule = ({ entity: { organization } }) => {
  const texts = [organization?.names, organization?.displayNames, organization?.urls]
  if (texts.some((one) => (one?.length ?? 0) === 0)) throw new NodeFault('MD_STRUCT', 'Organization is not complete')
}

/** R-MF-10: whom to write to. */
const contactsAreNamed: MetadataRule = ({ entity: { contacts } }) => {
  const missing = ['support', 'technical'].filter(
    (type) => !contacts.some((one) => one.contactType === type && one.emailAddresses.length > 0),
  )
  if (missing.length > 0) throw new NodeFault('MD_STRUCT', `no address of ${missing.join(' and ')} contact`)
}

/** R-MF-11: algorithms are published, for signatures and with the key to encrypt to. */
const algorithmsArePublished: MetadataRule = ({ entity, role }) => {
  const signing = [...entity.signingMethods, ...role.signingMethods]
  const digests = [...entity.digestMethods, ...role.digestMethods]
  if (signing.length === 0 || digests.length === 0) throw new NodeFault('MD_ALG', 'no SigningMethod or DigestMethod')
  const silent = role.keys.some(({ use, encryptionMethods }) => use === 'encryption' && encryptionMethods.length === 0)
  if (silent) throw new NodeFault('MD_ALG', 'no EncryptionMethod with the key to encrypt to')
}

/** R-MF-12: which version of the specifications it speaks: one that we speak as well. */
const versionIsPublished: MetadataRule = ({ entity, idp, sp }) => {
  const { protocolVersions } = readPeerFacts(entity, { idp, sp })
  if (protocolVersions.length === 0) throw new NodeFault('EID_VERSION', 'no protocol-version')
  if (!hasVersionInCommon(protocolVersions)) throw new NodeFault('EID_VERSION', protocolVersions.join(' '))
}

/** R-MF-12: which software it is. */
const applicationIsNamed: MetadataRule = ({ entity: { entityAttributes } }) => {
  if ((entityAttributes.get(entityAttributeNames.applicationIdentifier) ?? []).length === 0) {
    throw new NodeFault('MD_STRUCT', 'no application-identifier')
  }
}

/** R-MF-13: a service publishes the levels it reaches. */
const loasArePublished: MetadataRule = ({ entity: { entityAttributes }, idp }) => {
  if (idp !== undefined && (entityAttributes.get(entityAttributeNames.loa) ?? []).length === 0) {
    throw new NodeFault('MD_STRUCT', 'no level of assurance')
  }
}

/** R-MF-14: and the attributes it delivers. */
const attributesArePublished: MetadataRule = ({ idp }) => {
  if (idp === undefined) return
  if (idp.attributes.length === 0) throw new NodeFault('MD_STRUCT', 'no Attribute')
  const odd = idp.attributes.find(({ nameFormat }) => nameFormat !== attributeNameFormats.uri)
  if (odd !== undefined) throw new NodeFault('MD_STRUCT', `NameFormat of ${odd.name} is not uri`)
}

/** R-MF-15: Greece is EL. */
const greeceIsEl: MetadataRule = ({ role }) => {
  if (role.nodeCountry === 'GR') throw new NodeFault('EID_COUNTRY', 'NodeCountry GR: Greece is EL')
}

/** R-IA-26: the signature carries the certificates up to the anchor. */
const chainIsCarried: MetadataRule = ({ chain }) => {
  if (chain === 0) throw new NodeFault('TRUST_CHAIN', 'the signature carries no certificate')
}

/** R-CR-30: signing and encryption do not share a key. */
const keysAreSeparate: MetadataRule = ({ role }) => {
  const encryption = keysFor(role, 'encryption').map(({ spki }) => Buffer.from(spki))
  const shared = keysFor(role, 'signing').some(({ spki }) => encryption.some((other) => other.equals(spki)))
  if (shared) throw new NodeFault('MD_KEY', 'one key for both uses')
}

/** In the order of the Message Format. */
export const metadataAdvice: readonly MetadataRule[] = [
  entityIdIsUrl,
  signingIsSaid,
  nothingUnused,
  nameIdFormatsAreNamed,
  endpointsAreComplete,
  organizationIsNamed,
  contactsAreNamed,
  algorithmsArePublished,
  versionIsPublished,
  applicationIsNamed,
  loasArePublished,
  attributesArePublished,
  greeceIsEl,
  chainIsCarried,
  keysAreSeparate,
]

export const metadataAdviceRequirements: Readonly<Record<string, string>> = {
  entityIdIsUrl: 'R-MF-3',
  signingIsSaid: 'R-MF-4',
  nothingUnused: 'R-MF-5',
  nameIdFormatsAreNamed: 'R-MF-7',
  endpointsAreComplete: 'R-MF-8',
  organizationIsNamed: 'R-MF-9',
  contactsAreNamed: 'R-MF-10',
  algorithmsArePublished: 'R-MF-11',
  versionIsPublished: 'R-MF-12',
  applicationIsNamed: 'R-MF-12',
  loasArePublished: 'R-MF-13',
  attributesArePublished: 'R-MF-14',
  greeceIsEl: 'R-MF-15',
  chainIsCarried: 'R-IA-26',
  keysAreSeparate: 'R-CR-30',
}
