import { randomUUID } from 'node:crypto'
import samlify from 'samlify'
import type { Material } from '../material.ts'
import type { Task } from '../measure.ts'
import { attributes, connector, proxyService, requestTemplate, responseTemplate } from '../messages.ts'

/**
 * samlify by its ordinary interface. It also mints the messages of the RSA rows, so that all parties read the same
 * octets and none of them its own: RSA PKCS#1 with SHA-256, AES-256-GCM under rsa-oaep-mgf1p, encrypted, then signed.
 */

const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'

export interface Minted {
  /** Base64, as in the form field. */
  readonly request: string
  readonly response: string
}

type Party = ReturnType<typeof parties>

export async function mint(material: Material): Promise<Minted> {
  const { asker, sp, idp } = parties(material)
  return { request: writeRequest(asker, idp), response: await writeResponse(idp, sp) }
}

/** `validate` is the schema check samlify insists on being given. */
export function samlifyTasks(
  material: Material,
  { request, response }: Minted,
  validate: (xml: string) => Promise<unknown>,
): readonly Task[] {
  samlify.setSchemaValidator({ validate })
  const { sp, idp } = parties(material)
  const row = { key: 'rsa-3072', party: 'samlify' }
  return [
    {
      ...row,
      work: 'read-request',
      run: () => idp.parseLoginRequest(sp, 'post', form('SAMLRequest', request)),
    },
    { ...row, work: 'write-response', run: () => writeResponse(idp, sp) },
    {
      ...row,
      work: 'read-response',
      run: () => sp.parseLoginResponse(idp, 'post', form('SAMLResponse', response)),
    },
  ]
}

function form(name: string, value: string): { readonly body: Record<string, string> } {
  return { body: { [name]: value } }
}

function parties({ asking, answering }: Material) {
  const spSettings = {
    entityID: connector.entityId,
    authnRequestsSigned: true,
    wantAssertionsSigned: false,
    wantMessageSigned: true,
    privateKey: asking.privateKey,
    encPrivateKey: asking.privateKey,
    signingCert: asking.certificate,
    encryptCert: asking.certificate,
    requestSignatureAlgorithm: RSA_SHA256,
    assertionConsumerService: [{ Binding: POST, Location: connector.acs }],
  }
  // samlify knows these two settings, its types do not.
  const encryption = {
    dataEncryptionAlgorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
    keyEncryptionAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
  }
  const idp = samlify.IdentityProvider({
    ...encryption,
    entityID: proxyService.entityId,
    wantAuthnRequestsSigned: true,
    privateKey: answering.privateKey,
    signingCert: answering.certificate,
    requestSignatureAlgorithm: RSA_SHA256,
    singleSignOnService: [{ Binding: POST, Location: proxyService.sso }],
    singleLogoutService: [{ Binding: POST, Location: proxyService.sso }],
    isAssertionEncrypted: true,
    tagPrefix: { encryptedAssertion: 'saml2' },
    loginResponseTemplate: { context: responseTemplate, attributes: [] },
  })
  // The place of the signature is a setting of the entity: one for requests, the default one for responses.
  const reference = "/*[local-name(.)='AuthnRequest']/*[local-name(.)='Issuer']"
  const signatureConfig = { prefix: 'ds', location: { reference, action: 'after' as const } }
  return {
    asker: samlify.ServiceProvider({ ...spSettings, signatureConfig }),
    sp: samlify.ServiceProvider(spSettings),
    idp,
  }
}

function writeRequest(asker: Party['asker'], idp: Party['idp']): string {
  const context = samlify.SamlLib.replaceTagsByValue(requestTemplate, { IssueInstant: new Date().toISOString() })
  return asker.createLoginRequest(idp, 'post', () => ({ id: 'unused', context })).context
}

async function writeResponse(idp: Party['idp'], sp: Party['sp']): Promise<string> {
  const customTagReplacement = (template: string) => {
    const id = `_${randomUUID()}`
    const values = Object.fromEntries(attributes.map(({ local, value }) => [local, value]))
    const tags = { ID: id, AssertionID: `_${randomUUID()}`, ...instants(), ...values }
    return { id, context: samlify.SamlLib.replaceTagsByValue(template, tags) }
  }
  const options = { encryptThenSign: true, customTagReplacement }
  return (await idp.createLoginResponse(sp, { extract: {} }, 'post', {}, options)).context
}

/** A day instead of five minutes, so that no message expires while it is measured. */
function instants(): { readonly IssueInstant: string; readonly NotOnOrAfter: string } {
  const now = Date.now()
  return { IssueInstant: new Date(now).toISOString(), NotOnOrAfter: new Date(now + 86_400_000).toISOString() }
}
