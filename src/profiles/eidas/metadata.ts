import { type AttributeRegistry, profileAttributes } from '../../identity/attributes.ts'
import type { SectorType } from '../../identity/request.ts'
import type { PublishedAttribute } from '../../saml/metadata/attributes.ts'
import type { EntityDescriptor } from '../../saml/metadata/entity.ts'
import { attributeNameFormats, bindings } from '../../saml/uris.ts'
import { aboveRoles, keyDescriptors, type NodeMetadata, supportedNameIdFormats } from '../node-metadata.ts'
import { dataCiphers, digests, signatures, signingMethods } from './algorithms.ts'
import { protocolVersions } from './versions.ts'

/*
 * What the eIDAS Message Format adds to SAML metadata (2.1.1, 3.3, 3.4, 4): the EntityDescriptors of both halves of our
 * node, from plain configuration.
 */

export interface EidasNodeMetadata extends NodeMetadata {
  /** NodeCountry, two capitals (R-MF-15). */
  readonly country: string
  /** `vendor:software:version` (R-MF-12). */
  readonly applicationIdentifier: string
}

export interface ConnectorMetadata extends EidasNodeMetadata {
  readonly assertionConsumerService: string
  /** Published here, it is in no request (R-MF-17). */
  readonly spType?: SectorType | undefined
}

export interface ProxyServiceMetadata extends EidasNodeMetadata {
  readonly singleSignOnService: string
  /** Every level the schemes reach, not only the highest (R-MF-13). */
  readonly loas: readonly string[]
  /** What we know; the profile's attributes unless said otherwise. */
  readonly known?: AttributeRegistry | undefined
  /** Name URIs; all that are known unless said otherwise (R-MF-14). */
  readonly attributes?: readonly string[] | undefined
  /** Private relying parties must name themselves (R-MF-20). */
  readonly requesterIdRequired: boolean
}

/** Entity attributes of the Message Format, by what they say. */
export const entityAttributeNames = {
  protocolVersion: 'http://eidas.europa.eu/entity-attributes/protocol-version',
  applicationIdentifier: 'http://eidas.europa.eu/entity-attributes/application-identifier',
  loa: 'urn:oasis:names:tc:SAML:attribute:assurance-certification',
  category: 'http://macedir.org/entity-category',
} as const

/** R-MF-20: the category of services that want a RequesterID. */
export const REQUESTER_ID_CATEGORY = 'http://eidas.europa.eu/entity-attributes/termsofaccess/requesterid'

export function connectorEntity(connector: ConnectorMetadata): EntityDescriptor {
  return {
    ...eidasEntity(connector, []),
    spType: connector.spType,
    roles: {
      sp: {
        ...eidasRole(connector),
        authnRequestsSigned: true,
        wantAssertionsSigned: false,
        assertionConsumer: [
          { binding: bindings.post, location: connector.assertionConsumerService, index: 0, isDefault: true },
        ],
        attributeConsumingServices: [],
      },
    },
  }
}

export function proxyServiceEntity(proxyService: ProxyServiceMetadata): EntityDescriptor {
  const { loas, requesterIdRequired, singleSignOnService: location } = proxyService
  const category = requesterIdRequired ? [[entityAttributeNames.category, [REQUESTER_ID_CATEGORY]] as const] : []
  return {
    ...eidasEntity(proxyService, [[entityAttributeNames.loa, loas], ...category]),
    roles: {
      idp: {
        ...eidasRole(proxyService),
        wantAuthnRequestsSigned: true,
        singleSignOn: [
          { binding: bindings.redirect, location },
          { binding: bindings.post, location },
        ],
        attributes: publishedAttributes(proxyService),
      },
    },
  }
}

type NamedValues = readonly [name: string, values: readonly string[]]

/** R-MF-11, R-MF-12. */
function eidasEntity(node: EidasNodeMetadata, further: readonly NamedValues[]) {
  return {
    ...aboveRoles(node),
    digestMethods: digests,
    signingMethods: signingMethods(signatures),
    entityAttributes: new Map<string, readonly string[]>([
      [entityAttributeNames.protocolVersion, protocolVersions],
      [entityAttributeNames.applicationIdentifier, [node.applicationIdentifier]],
      ...further,
    ]),
  }
}

function eidasRole(node: EidasNodeMetadata) {
  return {
    nodeCountry: node.country,
    displayNames: [],
    digestMethods: [],
    signingMethods: [],
    keys: keyDescriptors(node.keys, dataCiphers),
    nameIdFormats: supportedNameIdFormats,
  }
}

/** R-MF-14: sorted by name, as every peer publishes them. R-AP-50: no representatives, who are never asked for. */
function publishedAttributes({
  known = profileAttributes,
  attributes,
}: ProxyServiceMetadata): readonly PublishedAttribute[] {
  const names = attributes ?? known.definitions.filter(({ representative }) => !representative).map(({ name }) => name)
  return [...names].sort().map((name) => ({
    name,
    nameFormat: attributeNameFormats.uri,
    friendlyName: known.definitionOf(name)?.friendlyName,
  }))
}
