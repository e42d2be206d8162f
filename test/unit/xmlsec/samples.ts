import { NodeFault } from '../../../src/errors/node-fault.ts'
import { messageLimits, metadataLimits } from '../../../src/xml/limits.ts'
import { md, ns, saml, samlp } from '../../../src/xml/names.ts'
import { el, withQualified, type XmlPart } from '../../../src/xml/writer.ts'
import { eidasSignatureAlgorithms, nationalSignatureAlgorithms } from '../../../src/xmlsec/algorithms.ts'
import type { TrustedKeys, VerificationKey } from '../../../src/xmlsec/keys.ts'
import type { Expected } from '../../../src/xmlsec/verify.ts'

/* The base messages of the tests of this folder: Q0 a request, R0 a response, M0 metadata, and an assertion. */

const at = '2026-11-23T12:00:00Z'
const issuer = (value = 'https://peer.example/metadata') => el(saml('Issuer'), {}, value)

export function request(id = '_q0'): XmlPart {
  return el(
    samlp('AuthnRequest'),
    { ID: id, Version: '2.0', IssueInstant: at, Destination: 'https://us.example/in' },
    issuer(),
    el(samlp('NameIDPolicy'), { AllowCreate: 'true' }),
  )
}

/** An assertion whose attribute value needs the prefix `xs` in its content. */
export function assertion(id = '_a0', value = 'Ada'): XmlPart {
  const typed = withQualified(
    el(saml('AttributeValue'), {}, value),
    [[{ namespace: ns.xsi, local: 'type', prefix: 'xsi' }, 'xs:string']],
    [{ prefix: 'xs', namespace: ns.xs }],
  )
  return el(
    saml('Assertion'),
    { ID: id, Version: '2.0', IssueInstant: at },
    issuer(),
    el(saml('Subject'), {}, el(saml('NameID'), {}, 'SE/NO/1')),
    el(
      saml('AuthnStatement'),
      { AuthnInstant: at },
      el(saml('AuthnContext'), {}, el(saml('AuthnContextClassRef'), {}, 'http://eidas.europa.eu/LoA/high')),
    ),
    el(saml('AttributeStatement'), {}, el(saml('Attribute'), { Name: 'urn:name' }, typed)),
  )
}

export function response(id: string, ...content: readonly XmlPart[]): XmlPart {
  return el(
    samlp('Response'),
    { ID: id, Version: '2.0', IssueInstant: at, InResponseTo: '_q0', Destination: 'https://us.example/in' },
    issuer(),
    el(samlp('Status'), {}, el(samlp('StatusCode'), { Value: 'urn:oasis:names:tc:SAML:2.0:status:Success' })),
    ...content,
  )
}

export function metadata(id?: string): XmlPart {
  const role = el(
    md('IDPSSODescriptor'),
    { protocolSupportEnumeration: ns.samlp },
    el(md('SingleSignOnService'), {
      Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
      Location: 'https://peer.example/sso',
    }),
  )
  return el(md('EntityDescriptor'), { ID: id, entityID: 'https://peer.example/metadata' }, role)
}

export function trusting(...keys: readonly VerificationKey[]): TrustedKeys {
  return { keys, algorithms: eidasSignatureAlgorithms }
}

export function trustingNationally(...keys: readonly VerificationKey[]): TrustedKeys {
  return { keys, algorithms: nationalSignatureAlgorithms }
}

export function expecting(trusted: TrustedKeys, change: Partial<Expected> = {}): Expected {
  const root = [samlp('Response'), samlp('AuthnRequest')]
  return { root, schema: 'protocol', limits: messageLimits, keysFor: () => trusted, ...change }
}

export function expectingMetadata(trusted: TrustedKeys, change: Partial<Expected> = {}): Expected {
  const metadataOnly = { root: [md('EntityDescriptor')], schema: 'metadata', limits: metadataLimits } as const
  return expecting(trusted, { ...metadataOnly, reference: 'id-or-whole', ...change })
}

/** The code of the fault that `act` ends in, or 'accepted'. */
export function outcome(act: () => unknown): string {
  try {
    act()
    return 'accepted'
  } catch (thrown) {
    return codeOf(thrown)
  }
}

/** As outcome, of a promise. */
export async function settled(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => 'accepted', codeOf)
}

function codeOf(thrown: unknown): string {
  return thrown instanceof NodeFault ? thrown.code : `not a fault: ${thrown}`
}
