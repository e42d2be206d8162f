import type { FaultCode } from '../errors/faults.ts'
import { messageLimits } from '../xml/limits.ts'
import { samlp } from '../xml/names.ts'
import { attribute } from '../xml/reader.ts'
import { isIn, type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import type { SignedBy } from './cover.ts'
import type { TrustedKeys } from './keys.ts'
import { type Check, check, expectRefusal, expectThat, type Kernel, keyIn, withBitChanged } from './self-test-check.ts'
import {
  detachedOctets,
  ecCertificate,
  refusedCertificates,
  rsaCertificate,
  type SignatureVector,
  signatureVectors,
} from './self-test-vectors.ts'
import type { Expected } from './verify.ts'

/* Known-good and known-bad signatures of every algorithm, in the message and beside it, and the guards around them. */

/** What is tried: a message with its signature, the octets and signature of one beside it, and who is trusted. */
interface Trial {
  readonly message: string
  readonly octets: Buffer
  readonly detached: Buffer
  readonly certificate: string
  readonly algorithms: readonly SignatureAlgorithm[]
}

interface Refusal {
  readonly what: string
  readonly change: (trial: Trial) => Trial
  readonly enveloped: FaultCode
  readonly detached: FaultCode
}

const VALUE = /(<ds:SignatureValue>)([^<]*)/

/** The signature of either form, as octets. */
function changedSignature(trial: Trial, change: (signature: Buffer) => Buffer): Trial {
  const message = trial.message.replace(
    VALUE,
    (_, tag: string, value: string) => tag + change(Buffer.from(value, 'base64')).toString('base64'),
  )
  return { ...trial, message, detached: change(trial.detached) }
}

const refusals: readonly Refusal[] = [
  {
    what: 'one bit of the signature changed',
    change: (trial) => changedSignature(trial, withBitChanged),
    enveloped: 'DS_SIG',
    detached: 'BIND_SIG',
  },
  {
    what: 'a signature of zeros',
    change: (trial) => changedSignature(trial, ({ length }) => Buffer.alloc(length)),
    enveloped: 'DS_SIG',
    detached: 'BIND_SIG',
  },
  {
    what: 'other content',
    change: (trial) => ({
      ...trial,
      message: trial.message.replace('peer.example', 'eve.example'),
      octets: withBitChanged(trial.octets),
    }),
    enveloped: 'DS_DIGEST',
    detached: 'BIND_SIG',
  },
  {
    what: 'an algorithm that the signer may not use',
    change: (trial) => ({ ...trial, algorithms: [] }),
    enveloped: 'DS_ALG',
    detached: 'BIND_SIGALG',
  },
  {
    what: 'a key of the other type',
    change: (trial) => ({
      ...trial,
      certificate: trial.certificate === rsaCertificate ? ecCertificate : rsaCertificate,
    }),
    enveloped: 'DS_KEYTYPE',
    detached: 'BIND_SIG',
  },
]

/** Rule 13: what OpenSSL would take if it were not told the length of the salt or the form of the signature. */
function oddRefusal({ odd }: SignatureVector): Refusal {
  return {
    what: odd.what,
    change: (trial) => ({
      ...trial,
      message: trial.message.replace(VALUE, (_, tag: string) => tag + odd.enveloped),
      detached: Buffer.from(odd.detached, 'base64'),
    }),
    enveloped: 'DS_SIG',
    detached: 'BIND_SIG',
  }
}

function checksOf(algorithm: SignatureAlgorithm): readonly Check[] {
  const vector = signatureVectors[algorithm]
  const trial: Trial = {
    message: vector.message,
    octets: Buffer.from(detachedOctets),
    detached: Buffer.from(vector.detached, 'base64'),
    certificate: signatureAlgorithms[algorithm].key === 'ec' ? ecCertificate : rsaCertificate,
    algorithms: [algorithm],
  }
  const name = algorithm.slice(algorithm.indexOf('#') + 1)
  return [
    check(`${name} verifies a message`, async (kernel) => expectSigned(openMessage(kernel, trial), algorithm)),
    check(`${name} verifies octets`, async (kernel) => expectSigned(openOctets(kernel, trial, algorithm), algorithm)),
    ...[...refusals, oddRefusal(vector)].flatMap(({ what, change, enveloped, detached }) => [
      check(`${name} refuses ${what} in a message`, (kernel) =>
        expectRefusal(enveloped, () => openMessage(kernel, change(trial))),
      ),
      check(`${name} refuses ${what} beside a message`, (kernel) =>
        expectRefusal(detached, () => openOctets(kernel, change(trial), algorithm)),
      ),
    ]),
  ]
}

interface Opened {
  readonly id: string | undefined
  readonly by: SignedBy
}

function openMessage(kernel: Kernel, { message, certificate, algorithms }: Trial): Opened {
  const trusted = { keys: [keyIn(certificate, kernel)], algorithms }
  return kernel.withVerified(Buffer.from(message), expecting(trusted), (root, by) => ({
    id: attribute(root, 'ID'),
    by,
  }))
}

const UNSIGNED = signatureVectors['http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'].message.replace(
  /<ds:Signature .*<\/ds:Signature>/,
  '',
)

function openOctets(kernel: Kernel, trial: Trial, algorithm: SignatureAlgorithm): Opened {
  const { octets, detached: signature, certificate, algorithms } = trial
  const trusted = { keys: [keyIn(certificate, kernel)], algorithms }
  return kernel.withVerifiedOctets(
    Buffer.from(UNSIGNED),
    expecting(trusted),
    { octets, signature, algorithm },
    (root, by) => ({ id: attribute(root, 'ID'), by }),
  )
}

function expecting(trusted: TrustedKeys): Expected {
  return { root: [samlp('AuthnRequest')], schema: 'protocol', limits: messageLimits, keysFor: () => trusted }
}

function expectSigned({ id, by }: Opened, algorithm: SignatureAlgorithm): void {
  expectThat(id === '_q0' && by.algorithm === algorithm, 'verified, but read as something else')
}

const structural: SignatureAlgorithm = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'

const REFERENCE = /<ds:Reference .*<\/ds:Reference>/
const prefixList = `<ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="${Array.from({ length: 17 }, (_, index) => `p${index}`).join(' ')}"></ec:InclusiveNamespaces>`

/** Rules 6 to 9, 14 and 19: what makes a good signature cover something else, or nothing. */
const forgeries: readonly (readonly [what: string, code: FaultCode, change: (message: string) => string])[] = [
  ['no signature', 'DS_MISSING', () => UNSIGNED],
  ['a signature over no reference', 'DS_REFCOUNT', (message) => message.replace(REFERENCE, '')],
  ['a signature over two references', 'DS_REFCOUNT', (message) => message.replace(REFERENCE, '$&$&')],
  ['a reference to nothing', 'DS_URI', (message) => message.replace('URI="#_q0"', 'URI="#_q1"')],
  ['a reference to the whole document', 'DS_URI', (message) => message.replace('URI="#_q0"', 'URI=""')],
  ['another transform', 'DS_TRANSFORM', (message) => message.replace('#enveloped-signature', '#base64')],
  [
    'another canonicalisation',
    'DS_C14N',
    (message) => message.replace('http://www.w3.org/2001/10/xml-exc-c14n#"', 'http://www.w3.org/2006/12/xml-c14n11"'),
  ],
  [
    'a long list of prefixes',
    'DS_C14N',
    (message) => message.replace('</ds:CanonicalizationMethod>', `${prefixList}$&`),
  ],
  ['a digest by SHA-1', 'DS_DIGESTALG', (message) => message.replace('2001/04/xmlenc#sha256', '2000/09/xmldsig#sha1')],
  ['an HMAC', 'DS_ALG', (message) => message.replace('#ecdsa-sha256', '#hmac-sha256')],
  ['another digest', 'DS_SIG', (message) => message.replace(/<ds:DigestValue>./, '<ds:DigestValue>/')],
  [
    'an object in the signature',
    'DS_CHILDREN',
    (message) => message.replace('</ds:Signature>', '<ds:Object></ds:Object>$&'),
  ],
  ['a second signature', 'DS_STRUCT', (message) => message.replace(/<ds:Signature .*<\/ds:Signature>/, '$&$&')],
  [
    'a signed message inside another',
    'DS_PARENT',
    (message) =>
      UNSIGNED.replace('_q0', '_q1').replace(
        '</saml2p:AuthnRequest>',
        `<saml2p:Extensions>${message}</saml2p:Extensions>$&`,
      ),
  ],
  [
    "a stranger's certificate",
    'DS_KEY',
    (message) =>
      message.replace(
        '</ds:SignatureValue>',
        `$&<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${rsaCertificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`,
      ),
  ],
]

const forgeryChecks = forgeries.map(([what, code, change]) =>
  check(`verification refuses ${what}`, (kernel) =>
    expectRefusal(code, () => {
      const message = change(signatureVectors[structural].message)
      const trusted = { keys: [keyIn(ecCertificate, kernel)], algorithms: [structural] }
      return kernel.withVerified(Buffer.from(message), expecting(trusted), () => 'read')
    }),
  ),
)

/** Rule 15. */
const keyChecks = [
  check('verification refuses a signer without keys', (kernel) =>
    expectRefusal('DS_KEY', () => {
      const trusted = { keys: [], algorithms: [structural] }
      return kernel.withVerified(Buffer.from(signatureVectors[structural].message), expecting(trusted), () => 'read')
    }),
  ),
  ...Object.entries(refusedCertificates).map(([what, certificate]) =>
    check(`keys: ${what} is refused`, (kernel) => expectRefusal('MD_KEY', () => kernel.verificationKey(certificate))),
  ),
]

export const signatureChecks: readonly Check[] = [
  ...Object.keys(signatureVectors)
    .filter((uri) => isIn(signatureAlgorithms, uri))
    .flatMap(checksOf),
  ...forgeryChecks,
  ...keyChecks,
]
