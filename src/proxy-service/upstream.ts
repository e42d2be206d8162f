import { asFault, NodeFault } from '../errors/node-fault.ts'
import { createPassportUpstream, type PassportScheme } from '../faces/passport.ts'
import { type AssertionGrants, createSamlSp, type SamlSpParts } from '../faces/saml-sp.ts'
import type { Profile } from '../profiles/profile.ts'
import type { HttpInput, Upstream } from '../relay/faces.ts'
import type { ProxyServiceAddresses } from './addresses.ts'
import { fittingSchemes, openSchemes, type SchemeOffer } from './policy.ts'

/*
 * The national side: one upstream over all schemes. Which of them is asked is written into what is kept of the flow, and
 * only that one may answer, at the one address where all of them do.
 */

/** A scheme: an identity provider known by SAML metadata, or any Passport strategy. */
export type NationalScheme = Omit<SchemeOffer, 'isOpen'> &
  (
    | {
        readonly kind: 'saml'
        readonly entityId: string
        readonly profile: Profile
        readonly signing: SamlSpParts['signing']
        readonly grants: AssertionGrants
      }
    | { readonly kind: 'passport'; readonly scheme: PassportScheme }
  )

export interface UpstreamParts extends Pick<SamlSpParts, 'decryption' | 'clock' | 'random' | 'limits' | 'trust'> {
  readonly country: string
  readonly addresses: ProxyServiceAddresses
  readonly isSuspended: (scheme: { readonly name: string; readonly entityId: string }) => boolean
}

export interface OpenScheme extends SchemeOffer {
  readonly kind: NationalScheme['kind']
  readonly upstream: Upstream
}

/** Each scheme with its own way to ask and to judge answers: its own names, its own highest level. */
export function openScheme(scheme: NationalScheme, parts: UpstreamParts): OpenScheme {
  const { name } = scheme
  if (scheme.kind === 'passport') {
    const { entityId } = scheme.scheme
    const { country } = parts
    const upstream = createPassportUpstream({ scheme: scheme.scheme, mapping: scheme.mapping, country })
    return { ...scheme, upstream, isOpen: () => !parts.isSuspended({ name, entityId }) }
  }
  const { entityId } = scheme
  const found = () => parts.trust.find(entityId, 'identity-provider')
  return {
    ...scheme,
    upstream: samlUpstream(scheme, parts),
    isOpen: () => found() !== undefined && !parts.isSuspended({ name, entityId }),
  }
}

function samlUpstream(scheme: Extract<NationalScheme, { kind: 'saml' }>, parts: UpstreamParts): Upstream {
  const { addresses, trust } = parts
  return createSamlSp({
    profile: scheme.profile,
    trust,
    answerers: 'identity-provider',
    choose: () => {
      const found = trust.find(scheme.entityId, 'identity-provider')
      if (found === undefined) throw new NodeFault('AUTHN_FAILED', `no identity provider ${scheme.entityId}`)
      return found
    },
    entityId: addresses.nationalMetadata,
    location: addresses.acs,
    signing: scheme.signing,
    grantsOf: () => scheme.grants,
    country: parts.country,
    decryption: parts.decryption,
    clock: parts.clock,
    random: parts.random,
    limits: parts.limits,
  })
}

/** Asks the scheme that was chosen, or the only one that fits; takes an answer from the one that was asked. */
export function schemesUpstream(schemes: readonly OpenScheme[]): Upstream {
  const readers = readersOf(schemes)
  const handleIn = (input: HttpInput) => onlyHandle(readers.map((reader) => readingOf(reader, input)))
  return {
    async ask(request, handle) {
      const eligible = schemes.filter(({ name }) => request.scheme === undefined || name === request.scheme)
      const [scheme, other] = openSchemes(fittingSchemes(eligible, request))
      if (scheme === undefined || other !== undefined) throw new TypeError('nobody chooses for the citizen')
      const { reply, asked } = await scheme.upstream.ask(request, handle)
      return { reply, asked: { ...asked, scheme: scheme.name } }
    },
    handleIn,
    async receive(input, asked, request) {
      const scheme = schemes.find(({ name }) => name === asked.scheme)
      if (!scheme?.isOpen()) throw new NodeFault('AUTHN_FAILED', `${asked.scheme} cannot answer any more`)
      // Whose answer it is was not known when its handle was read: it counts as that scheme reads it.
      if (readingOf(scheme.upstream, input) !== handleIn(input)) {
        throw new NodeFault('SAML_MIXUP', `not as ${scheme.name} answers`)
      }
      return scheme.upstream.receive(input, asked, request)
    },
  }
}

/** One for each strategy, and one for all that speak SAML. */
function readersOf(schemes: readonly OpenScheme[]): readonly Upstream[] {
  const strategies = schemes.filter(({ kind }) => kind === 'passport')
  const bySaml = schemes.filter(({ kind }) => kind === 'saml').slice(0, 1)
  return [...strategies, ...bySaml].map(({ upstream }) => upstream)
}

/** The handle as one scheme reads it, or why it cannot. */
function readingOf(reader: Upstream, input: HttpInput): string | NodeFault {
  try {
    return reader.handleIn(input)
  } catch (thrown) {
    return asFault(thrown)
  }
}

/** The one handle that is there, whoever can read it; of two, nobody could say which sign-in is answered. */
function onlyHandle(readings: readonly (string | NodeFault)[]): string {
  const [handle, other] = new Set(readings.filter((reading) => typeof reading === 'string'))
  if (other !== undefined) throw new NodeFault('BIND_EXTRA_FIELD', 'the handles of two sign-ins')
  if (handle !== undefined) return handle
  const [first, ...others] = readings.filter((reading) => typeof reading !== 'string')
  if (first === undefined) throw new TypeError('a proxy service without a scheme')
  throw new NodeFault(first.code, [first.detail, ...others.map(({ message }) => message)].join('; '))
}
