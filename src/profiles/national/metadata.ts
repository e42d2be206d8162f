import type { EntityDescriptor } from '../../saml/metadata/entity.ts'
import { bindings } from '../../saml/uris.ts'
import { nationalSignatureAlgorithms } from '../../xmlsec/algorithms.ts'
import { nationalEncryption } from '../../xmlsec/encryption-policy.ts'
import { digests, signingMethods } from '../eidas/algorithms.ts'
import { aboveRoles, keyDescriptors, type NodeMetadata, supportedNameIdFormats } from '../node-metadata.ts'

/* What our node publishes towards the parties of its own country: ordinary SAML metadata. */

/** The connector as its service providers see it: an identity provider. */
export function nationalIdpEntity(node: NodeMetadata, singleSignOnService: string): EntityDescriptor {
  return {
    ...nationalEntity(node),
    roles: {
      idp: {
        ...nationalRole(node),
        wantAuthnRequestsSigned: true,
        singleSignOn: [
          { binding: bindings.redirect, location: singleSignOnService },
          { binding: bindings.post, location: singleSignOnService },
        ],
        attributes: [],
      },
    },
  }
}

/** The proxy service as its identity providers see it: a service provider, with an address for the answers of each scheme. */
export function nationalSpEntity(node: NodeMetadata, assertionConsumerServices: readonly string[]): EntityDescriptor {
  return {
    ...nationalEntity(node),
    roles: {
      sp: {
        ...nationalRole(node),
        authnRequestsSigned: true,
        wantAssertionsSigned: false,
        assertionConsumer: assertionConsumerServices.map((location, index) => ({
          binding: bindings.post,
          location,
          index,
          isDefault: index === 0,
        })),
        attributeConsumingServices: [],
      },
    },
  }
}

function nationalEntity(node: NodeMetadata) {
  return {
    ...aboveRoles(node),
    digestMethods: digests,
    signingMethods: signingMethods(nationalSignatureAlgorithms, 2048),
    entityAttributes: new Map<string, readonly string[]>(),
  }
}

const transports = [...new Set(nationalEncryption.keyTransports.map(({ uri }) => uri))]

function nationalRole(node: NodeMetadata) {
  return {
    displayNames: [],
    digestMethods: [],
    signingMethods: [],
    keys: keyDescriptors(node.keys, [...nationalEncryption.dataCiphers, ...transports]),
    nameIdFormats: supportedNameIdFormats,
  }
}
