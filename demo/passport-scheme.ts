import { inflateRawSync } from 'node:zlib'
import {
  type Profile,
  SamlStatusError,
  Strategy,
  ValidateInResponseTo,
  type VerifiedCallback,
} from '@node-saml/passport-saml'
import { IdentityProvider } from 'samlify'
import { NodeFault, type PassportScheme, type StrategyContext, type StrategyFactory } from '../src/index.ts'
import { certificateBody, type PartyKeys } from './party.ts'

/**
 * A national scheme behind a Passport strategy: @node-saml/passport-saml talks to the identity provider in the node's
 * stead. Any other strategy plugs in the same way; this one shows that the strategy's own SAML is enough.
 */
export interface PassportSchemeParts {
  readonly identityProviderMetadata: string
  /** The proxy service's keys for national messages. */
  readonly signing: PartyKeys
  readonly decryption: PartyKeys
}

const MAX_REQUEST_OCTETS = 65_536
const CLAIM_MILLISECONDS = 15 * 60_000

export function passportSamlScheme(parts: PassportSchemeParts): StrategyFactory {
  return (context) => {
    const { entityMeta } = IdentityProvider({ metadata: parts.identityProviderMetadata })
    const entityId = entityMeta.getEntityID()
    const strategy = strategyOf(parts, context, {
      entityId,
      singleSignOn: String(entityMeta.getSingleSignOnService('redirect')),
      certificate: [entityMeta.getX509Certificate('signing')].flat().map((body) => body.replace(/\s/g, '')),
    })
    return {
      strategy,
      entityId,
      handleParameter: 'RelayState',
      messageIdIn,
      identify: (user, request, asked) => {
        const profile = profileIn(user)
        // The library knows that some request of ours is answered; that it is this flow's is known here.
        if (profile['inResponseTo'] !== asked.messageId) throw new NodeFault('SAML_IRT', 'answer to another request')
        const claims = {
          classRef: inAssertion(profile, 'Assertion', 'AuthnStatement', 'AuthnContext', 'AuthnContextClassRef', '_'),
          attributes: attributesOf(profile),
          issuedAt: Date.now(),
          authenticatedAt: Date.parse(inAssertion(profile, 'Assertion', 'AuthnStatement', '$', 'AuthnInstant')),
        }
        const id = inAssertion(profile, 'Assertion', '$', 'ID')
        const claim = { issuer: entityId, id, until: Date.now() + CLAIM_MILLISECONDS }
        return { outcome: context.read(claims, request, asked), claims: [claim] }
      },
      refusal: (error) => (error instanceof SamlStatusError ? { kind: 'refused', code: 'AUTHN_FAILED' } : undefined),
    } satisfies PassportScheme
  }
}

interface IdentityProviderFacts {
  readonly entityId: string
  readonly singleSignOn: string
  readonly certificate: readonly string[]
}

function strategyOf(parts: PassportSchemeParts, context: StrategyContext, idp: IdentityProviderFacts): Strategy {
  return new Strategy(
    {
      issuer: context.entityId,
      audience: context.entityId,
      callbackUrl: context.callback,
      entryPoint: idp.singleSignOn,
      idpCert: [...idp.certificate],
      idpIssuer: idp.entityId,
      privateKey: parts.signing.privateKey,
      publicCert: certificateBody(parts.signing.certificate),
      decryptionPvk: parts.decryption.privateKey,
      signatureAlgorithm: 'sha256',
      digestAlgorithm: 'sha256',
      forceAuthn: true,
      authnContext: Object.keys(context.mapping.loa),
      racComparison: 'exact',
      wantAuthnResponseSigned: true,
      wantAssertionsSigned: false,
      validateInResponseTo: ValidateInResponseTo.always,
      acceptedClockSkewMs: 30_000,
    },
    (profile: Profile | null, done: VerifiedCallback) => done(null, profile === null ? undefined : { profile }),
    (_profile: Profile | null, done: VerifiedCallback) => done(null),
  )
}

function profileIn(user: unknown): Profile {
  if (typeof user === 'object' && user !== null && 'profile' in user) return user.profile as Profile
  throw new NodeFault('AUTHN_FAILED', 'the strategy gave no profile')
}

/** SAML Bindings 3.4.4.1: the ID of the request in a redirect. */
function messageIdIn(location: string): string {
  const message = new URL(location).searchParams.get('SAMLRequest') ?? ''
  const xml = inflateRawSync(Buffer.from(message, 'base64'), { maxOutputLength: MAX_REQUEST_OCTETS }).toString()
  return /\sID="([^"]+)"/.exec(xml)?.[1] ?? ''
}

/** The attributes as the library has them: one value as text, several as a list. */
function attributesOf(profile: Profile) {
  const attributes = profile['attributes']
  if (typeof attributes !== 'object' || attributes === null) return []
  return Object.entries(attributes).map(([name, value]) => ({ name, values: [value].flat().map(String) }))
}

/** What the library's profile leaves out, from its tree of the verified assertion. */
function inAssertion(profile: Profile, ...path: readonly string[]): string {
  const found = path.reduce<unknown>((node, name) => {
    const inner = Array.isArray(node) ? node[0] : node
    return typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined
  }, profile.getAssertion?.())
  if (typeof found !== 'string') throw new NodeFault('SAML_ATTR', `no ${path.join('/')}`)
  return found
}
