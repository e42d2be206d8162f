import { SAML, type SamlConfig } from '@node-saml/passport-saml'
import { type AuthnRequest, readAuthnRequest } from '../../../src/saml/authn-request.ts'
import type { BoundMessage } from '../../../src/saml/bindings/message.ts'
import { receivePost } from '../../../src/saml/bindings/post.ts'
import { receiveRedirect } from '../../../src/saml/bindings/redirect.ts'
import { requestRules } from '../../../src/saml/rules/request.ts'
import { bindings, nameIdFormats } from '../../../src/saml/uris.ts'
import { messageLimits } from '../../../src/xml/limits.ts'
import { samlp } from '../../../src/xml/names.ts'
import { withVerifiedOctets } from '../../../src/xmlsec/octets.ts'
import { withVerified } from '../../../src/xmlsec/verify.ts'
import { testKey } from '../../testkit/keys.ts'
import { posted, redirected } from './bindings/inputs.ts'
import { ACS, SSO } from './samples.ts'

/** Requests as other software sends them, from the binding to the rules. */

const PORTAL = 'https://portal.example'

async function portal(changes: Partial<SamlConfig> = {}): Promise<SAML> {
  const key = await testKey('portal', 'RSA-3072')
  return new SAML({
    issuer: PORTAL,
    callbackUrl: ACS,
    entryPoint: SSO,
    idpCert: key.certificate,
    privateKey: key.privateKey,
    publicCert: key.certificate,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    identifierFormat: nameIdFormats.persistent,
    ...changes,
  })
}

async function verified({ xml, detached }: BoundMessage): Promise<AuthnRequest> {
  const { verification } = await testKey('portal', 'RSA-3072')
  const algorithms = ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'] as const
  const expected = {
    root: [samlp('AuthnRequest')],
    schema: 'protocol',
    limits: messageLimits,
    keysFor: () => ({ keys: [verification], algorithms }),
  } as const
  return detached === undefined
    ? withVerified(xml, expected, readAuthnRequest)
    : withVerifiedOctets(xml, expected, detached, readAuthnRequest)
}

function expectKept(request: AuthnRequest): void {
  const acs = [{ binding: bindings.post, location: ACS, index: 1, isDefault: true }]
  const context = { request, endpoint: SSO, acs, now: Date.now(), clockSkewSeconds: 60, requestAgeSeconds: 300 }
  for (const rule of requestRules) rule(context)
}

describe('requests of passport-saml', () => {
  test('by POST, signed inside, keep the rules', async () => {
    const saml = await portal({ authnRequestBinding: 'HTTP-POST', skipRequestCompression: true })
    const message = await saml.getAuthorizeMessageAsync('state')
    const body = new URLSearchParams({ SAMLRequest: String(message['SAMLRequest']), RelayState: 'state' }).toString()
    const request = await verified(receivePost(posted(body)))
    expectKept(request)
    expect(request).toMatchObject({
      issuer: { value: PORTAL },
      assertionConsumerServiceURL: ACS,
      nameIdPolicy: { format: nameIdFormats.persistent },
    })
  })

  test('by redirect, signed in the query, keep the rules', async () => {
    const saml = await portal({ forceAuthn: true, providerName: 'Portal' })
    const url = await saml.getAuthorizeUrlAsync('state', undefined, {})
    const bound = receiveRedirect(redirected(url.slice(url.indexOf('?') + 1)))
    const request = await verified(bound)
    expectKept(request)
    expect(bound.relayState).toBe('state')
    expect(request).toMatchObject({ forceAuthn: true, providerName: 'Portal' })
  })

  test('A-003 it escapes a blank in the RelayState in another way than it signed it, and is refused', async () => {
    const url = await (await portal()).getAuthorizeUrlAsync('a b', undefined, {})
    const bound = receiveRedirect(redirected(url.slice(url.indexOf('?') + 1)))
    await expect(verified(bound)).rejects.toMatchObject({ code: 'BIND_SIG' })
  })
})
