import { random } from '../../src/node/random.ts'
import { readAssertion, writeAssertion } from '../../src/saml/assertion.ts'
import { readAuthnRequest, writeAuthnRequest } from '../../src/saml/authn-request.ts'
import { receivePost } from '../../src/saml/bindings/post.ts'
import { newId } from '../../src/saml/ids.ts'
import { readResponse, writeResponse } from '../../src/saml/response.ts'
import { attributeNameFormats, confirmationMethods, nameIdFormats, statuses } from '../../src/saml/uris.ts'
import { writeChecked } from '../../src/xml/checked-writer.ts'
import { messageLimits } from '../../src/xml/limits.ts'
import { eidas, ns, saml, samlp, xsi } from '../../src/xml/names.ts'
import { el, withQualified, type XmlPart } from '../../src/xml/writer.ts'
import { keyTransports, nationalSignatureAlgorithms, type SignatureAlgorithm } from '../../src/xmlsec/algorithms.ts'
import { decryptElement } from '../../src/xmlsec/decrypt.ts'
import { encryptElement, type Recipient, recipient } from '../../src/xmlsec/encrypt.ts'
import { nationalEncryption } from '../../src/xmlsec/encryption-policy.ts'
import { decryptionKey, type SigningKey, signingKey, verificationKey } from '../../src/xmlsec/keys.ts'
import { writeSigned } from '../../src/xmlsec/sign.ts'
import { type Expected, withVerified } from '../../src/xmlsec/verify.ts'
import type { KeyPair, Material } from '../material.ts'
import type { Task } from '../measure.ts'
import { attributeName, attributes, connector, proxyService, requestId } from '../messages.ts'
import type { Minted } from './samlify.ts'

/**
 * Passerelle by the calls its faces make, from the form that was received to the value that was read, and from the
 * value to the form that is sent: strict scan, schema, signature, canonical octets read back; what is written is read
 * back as well.
 */

/** On the messages all libraries can read: RSA PKCS#1 and rsa-oaep-mgf1p. */
export function passerelleOnRsa(material: Material, minted: Minted): readonly Task[] {
  const row = { key: 'rsa-3072', party: 'passerelle' }
  const signing = signer(material.answering, 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')
  const policy = { ...nationalEncryption, keyTransports: [keyTransports.mgf1p] }
  const to = recipient(material.asking.certificate, { policy })
  return [
    { ...row, work: 'read-request', run: requestReader(material, minted.request) },
    { ...row, work: 'write-response', run: () => mintResponse(signing, to) },
    { ...row, work: 'read-response', run: responseReader(material, minted.response) },
  ]
}

/** On eIDAS' own algorithms with P-256: ECDSA and ECDH-ES. Passerelle mints, because no library here can. */
export async function passerelleOnEc({ rsa, ec }: { rsa: Material; ec: Material }): Promise<readonly Task[]> {
  const row = { key: 'p-256', party: 'passerelle' }
  const signing = signer(ec.answering)
  const to = recipient(ec.asking.certificate)
  const toRsa = recipient(rsa.asking.certificate)
  const request = base64(await mintRequest(signer(ec.asking)))
  const response = base64(await mintResponse(signing, to))
  return [
    { ...row, work: 'read-request', run: requestReader(ec, request) },
    { ...row, work: 'write-response', run: () => mintResponse(signing, to) },
    { ...row, work: 'read-response', run: responseReader(ec, response) },
    { ...row, key: 'p-256-to-rsa-3072', work: 'write-response', run: () => mintResponse(signing, toRsa) },
  ]
}

function requestReader({ asking }: Material, request: string): () => unknown {
  const expected = expectedFrom('AuthnRequest', asking)
  const input = formInput('SAMLRequest', request)
  return () => withVerified(receivePost(input).xml, expected, readAuthnRequest)
}

function responseReader({ asking, answering }: Material, response: string): () => Promise<unknown> {
  const expected = expectedFrom('Response', answering)
  const { limits, schema = 'assertion', keysFor: _, ...rest } = expected
  const keys = [decryptionKey({ privateKey: asking.privateKey, certificates: [asking.certificate] })]
  const policy = nationalEncryption
  const input = formInput('SAMLResponse', response)
  return async () => {
    const { encryptedAssertions } = withVerified(receivePost(input).xml, expected, readResponse)
    const [encrypted] = encryptedAssertions
    if (encrypted === undefined) throw new TypeError('the sample has no encrypted assertion')
    return readAssertion(
      await decryptElement(encrypted, { ...rest, keys, policy, root: saml('Assertion'), schema, limits }),
    )
  }
}

function expectedFrom(root: string, { certificate }: KeyPair): Expected {
  const trusted = { keys: [verificationKey(certificate)], algorithms: nationalSignatureAlgorithms }
  return { root: [samlp(root)], schema: 'protocol', limits: messageLimits, keysFor: () => trusted }
}

function formInput(name: string, value: string): Parameters<typeof receivePost>[0] {
  return {
    method: 'POST',
    query: '',
    contentType: 'application/x-www-form-urlencoded',
    contentEncoding: undefined,
    body: Buffer.from(`${name}=${encodeURIComponent(value)}`),
  }
}

function signer({ privateKey, certificate }: KeyPair, algorithm?: SignatureAlgorithm): SigningKey {
  return signingKey({ privateKey, certificates: [certificate], ...(algorithm === undefined ? {} : { algorithm }) })
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64')
}

const common = () => ({ id: newId(random), version: '2.0', issueInstant: Date.now() })
const entity = nameIdFormats.entity

async function mintRequest(signing: SigningKey): Promise<Uint8Array> {
  const requested = attributes.map(({ local, friendlyName }) =>
    el(eidas('RequestedAttribute'), {
      FriendlyName: friendlyName,
      Name: attributeName(local),
      NameFormat: attributeNameFormats.uri,
      isRequired: 'true',
    }),
  )
  const request = writeAuthnRequest({
    ...common(),
    destination: proxyService.sso,
    forceAuthn: true,
    isPassive: false,
    providerName: 'A service',
    issuer: { value: connector.entityId, format: entity },
    extensions: [el(eidas('SPType'), {}, 'public'), el(eidas('RequestedAttributes'), {}, ...requested)],
    nameIdPolicy: { allowCreate: true, format: nameIdFormats.persistent },
    requestedAuthnContext: {
      comparison: 'minimum',
      classRefs: ['http://eidas.europa.eu/LoA/substantial'],
      declRefs: [],
    },
    scoping: { requesterIds: ['https://service.example'], hasIdpList: false },
    hasSubject: false,
    hasConditions: false,
  })
  return writeSigned(request, signing)
}

async function mintResponse(signing: SigningKey, to: Recipient): Promise<Uint8Array> {
  const assertion = writeChecked(writeSampleAssertion())
  const encrypted = el(saml('EncryptedAssertion'), {}, await encryptElement(assertion, to))
  const response = writeResponse({
    ...common(),
    destination: connector.acs,
    inResponseTo: requestId,
    issuer: { value: proxyService.entityId, format: entity },
    status: { codes: [statuses.success] },
    assertions: [],
    encryptedAssertions: [encrypted],
  })
  return writeSigned(response, signing)
}

function writeSampleAssertion(): XmlPart {
  const now = Date.now()
  const notOnOrAfter = now + 300_000
  return writeAssertion({
    ...common(),
    issuer: { value: proxyService.entityId, format: entity },
    subject: {
      nameId: { value: 'DE/FR/6b1cf8a4', format: nameIdFormats.persistent },
      confirmations: [
        {
          method: confirmationMethods.bearer,
          data: { notOnOrAfter, recipient: connector.acs, inResponseTo: requestId },
        },
      ],
    },
    conditions: {
      notBefore: now,
      notOnOrAfter,
      audienceRestrictions: [[connector.entityId]],
      oneTimeUse: false,
      others: [],
    },
    authnStatements: [
      {
        authnInstant: now,
        classRefs: ['http://eidas.europa.eu/LoA/substantial'],
        declRefs: [],
        hasDeclaration: false,
        authenticatingAuthorities: [],
      },
    ],
    attributeStatements: [attributes.map(writeSampleAttribute)],
    hasAdvice: false,
  })
}

function writeSampleAttribute({ local, friendlyName, value }: (typeof attributes)[number]) {
  const declare = [{ prefix: 'eidas-natural', namespace: ns.eidasNatural }]
  const type = [[xsi('type'), `eidas-natural:${local}Type`]] as const
  return {
    name: attributeName(local),
    nameFormat: attributeNameFormats.uri,
    friendlyName,
    values: [withQualified(el(saml('AttributeValue'), {}, value), type, declare)],
  }
}
