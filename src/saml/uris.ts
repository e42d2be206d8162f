/**
 * SAML 2.0 as written: one file per element with its type, its reader and its writer, the two bindings, metadata, and
 * the rules of the Web SSO profile as lists. No eIDAS, no HTTP library, no relay. Readers take signed elements only, demand
 * exactly one of each child and refuse strays. Profiles, faces and trust may import it.
 */

/** Identifiers that SAML 2.0 defines (Core 8, Bindings 3, Profiles 3). */

export const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'

export const SAML_VERSION = '2.0'

/** SAML Bindings 3.4 and 3.5: the two this node speaks. */
export const bindings = {
  post: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
  redirect: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
} as const

/** SAML Core 8.3. */
export const nameIdFormats = {
  entity: 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity',
  persistent: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  transient: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  unspecified: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  emailAddress: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
} as const

/** SAML Core 8.2. */
export const attributeNameFormats = {
  uri: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
  basic: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
  unspecified: 'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified',
} as const

/** SAML Profiles 3.3. */
export const confirmationMethods = {
  bearer: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
} as const

const CONSENT = 'urn:oasis:names:tc:SAML:2.0:consent:'

/** SAML Core 8.4: all seven. */
export const consents: readonly string[] = [
  'unspecified',
  'obtained',
  'prior',
  'current-implicit',
  'current-explicit',
  'unavailable',
  'inapplicable',
].map((local) => CONSENT + local)

const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:'

/** SAML Core 3.2.2.2: the top-level codes. */
export const statuses = {
  success: `${STATUS}Success`,
  requester: `${STATUS}Requester`,
  responder: `${STATUS}Responder`,
  versionMismatch: `${STATUS}VersionMismatch`,
} as const

/** SAML Core 3.3.2.2.1. */
export const comparisons = ['exact', 'minimum', 'maximum', 'better'] as const
