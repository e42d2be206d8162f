import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/**
 * Makes src/xmlsec/self-test-vectors.ts anew, with OpenSSL's programs and nothing of the node: `node
 * test/vectors/self-test-vectors.js`. The private keys live in a temporary directory until it is done.
 */

const root = dirname(dirname(import.meta.dirname))
const out = join(root, 'src', 'xmlsec', 'self-test-vectors.ts')
const scratch = mkdtempSync(join(tmpdir(), 'passerelle-'))

const openssl = (args, input) => execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'pipe'] })
const at = (name) => join(scratch, name)
const base64 = (octets) => octets.toString('base64')

const keys = {
  rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'],
  ec: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:named_curve'],
  short: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  three: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072', '-pkeyopt', 'rsa_keygen_pubexp:3'],
  explicit: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:explicit'],
  unlisted: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1', '-pkeyopt', 'ec_param_enc:named_curve'],
}

/** Nobody looks at the dates of these; they are there because a certificate has some. */
function certificate(name) {
  openssl(['genpkey', ...keys[name], '-out', at(name)])
  const subject = ['-subj', '/O=Passerelle/CN=Self-test', '-days', '36500']
  return base64(openssl(['req', '-new', '-x509', '-key', at(name), '-sha256', ...subject, '-outform', 'DER']))
}

const sha = {
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  sha384: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
  sha512: 'http://www.w3.org/2001/04/xmlenc#sha512',
}

const pssWith = (length) => ['rsa', '-sigopt', 'rsa_padding_mode:pss', '-sigopt', `rsa_pss_saltlen:${length}`]

/** How each algorithm signs, and how the same key signs for a value that must be refused. */
function pss(hash) {
  return { hash, right: pssWith('digest'), odd: pssWith('0'), what: 'a salt of no octets' }
}
function pkcs1(hash) {
  return { hash, right: ['rsa'], odd: pssWith('digest'), what: 'a signature in PSS' }
}
function ecdsa(hash) {
  return { hash, right: ['ec'], odd: ['ec'], what: 'a signature in DER' }
}

const algorithms = {
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1': pss('sha256'),
  'http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1': pss('sha384'),
  'http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1': pss('sha512'),
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': ecdsa('sha256'),
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': ecdsa('sha384'),
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512': ecdsa('sha512'),
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': pkcs1('sha256'),
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': pkcs1('sha512'),
}

function sign(hash, [key, ...options], octets) {
  writeFileSync(at('octets'), octets)
  return openssl(['dgst', `-${hash}`, '-sign', at(key), ...options, at('octets')])
}

/** r and s of 32 octets each (RFC 6931, 2.3.6) out of the DER that OpenSSL writes. */
function bare(der) {
  const half = (start) => {
    const length = der[start + 1]
    const digits = der.subarray(start + 2, start + 2 + length)
    const number = Buffer.concat([Buffer.alloc(32), digits]).subarray(-32)
    return { number, next: start + 2 + length }
  }
  const r = half(2)
  return Buffer.concat([r.number, half(r.next).number])
}

const samlp = 'urn:oasis:names:tc:SAML:2.0:protocol'
const saml = 'urn:oasis:names:tc:SAML:2.0:assertion'
const ds = 'http://www.w3.org/2000/09/xmldsig#'
const c14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'

/** Written as its own canonical form. */
function message(signature) {
  const times = 'ID="_q0" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"'
  const issuer = `<saml2:Issuer xmlns:saml2="${saml}">https://peer.example/metadata</saml2:Issuer>`
  return `<saml2p:AuthnRequest xmlns:saml2p="${samlp}" ${times}>${issuer}${signature}</saml2p:AuthnRequest>`
}

function signedInfo(algorithm, hash, space) {
  const digest = base64(openssl(['dgst', `-${hash}`, '-binary'], message('')))
  const transforms = [`${ds}enveloped-signature`, c14n]
  const transform = (uri) => `<ds:Transform Algorithm="${uri}"></ds:Transform>`
  return [
    `<ds:SignedInfo${space}>`,
    `<ds:CanonicalizationMethod Algorithm="${c14n}"></ds:CanonicalizationMethod>`,
    `<ds:SignatureMethod Algorithm="${algorithm}"></ds:SignatureMethod>`,
    `<ds:Reference URI="#_q0"><ds:Transforms>${transforms.map(transform).join('')}</ds:Transforms>`,
    `<ds:DigestMethod Algorithm="${sha[hash]}"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue>`,
    '</ds:Reference></ds:SignedInfo>',
  ].join('')
}

const octets = 'SAMLRequest=PHNlbGYtdGVzdC8%2B&SigAlg=self-test'

function signatureVector(algorithm, { hash, right, odd, what }) {
  const space = ` xmlns:ds="${ds}"`
  const covered = signedInfo(algorithm, hash, space)
  const written = (signature) => base64(right[0] === 'ec' ? bare(signature) : signature)
  const value = `<ds:SignatureValue>${written(sign(hash, right, covered))}</ds:SignatureValue>`
  return {
    message: message(`<ds:Signature${space}>${signedInfo(algorithm, hash, '')}${value}</ds:Signature>`),
    detached: written(sign(hash, right, octets)),
    odd: { what, enveloped: base64(sign(hash, odd, covered)), detached: base64(sign(hash, odd, octets)) },
  }
}

const secret = '52169af5c485dcc2321eb8d26d5efa21fb9b93c98e38412ee2484cf14f0d0d23'
const wraps = { 'http://www.w3.org/2001/04/xmlenc#kw-aes128': 16, 'http://www.w3.org/2001/04/xmlenc#kw-aes256': 32 }

/** RFC 3394, 2.2.1, with a single block of eight octets, which OpenSSL unwraps but does not wrap. */
function wrapShort(key, wrappingKey) {
  const block = ['enc', `-aes-${wrappingKey.length * 4}-ecb`, '-nopad', '-K', wrappingKey]
  let state = Buffer.from(`${'a6'.repeat(8)}${key}`, 'hex')
  for (let step = 1; step <= 6; step += 1) {
    state = openssl(block, state)
    state[7] ^= step
  }
  return state.toString('hex')
}

/** What ECDH-ES makes of that secret with three parameters of one zero octet each: a key that wraps keys, and wraps. */
function agreementVector(wrap, hash) {
  const length = wraps[wrap]
  const options = { digest: hash.toUpperCase(), hexkey: secret, hexinfo: '000000' }
  const pairs = Object.entries(options).flatMap(([name, value]) => ['-kdfopt', `${name}:${value}`])
  const wrappingKey = openssl(['kdf', '-keylen', `${length}`, '-binary', ...pairs, 'SSKDF']).toString('hex')
  const wrapped = (key, iv) =>
    openssl(['enc', `-id-aes${length * 8}-wrap`, '-K', wrappingKey, '-iv', iv], Buffer.from(key, 'hex')).toString('hex')
  const usual = 'a6'.repeat(8)
  return {
    wrap,
    digest: sha[hash],
    wrappingKey,
    wrapped: wrapped(contentKey, usual),
    otherInitialValue: wrapped(contentKey, 'a7'.repeat(8)),
    short: wrapShort(contentKey.slice(0, 16), wrappingKey),
  }
}

/** Of the third of the AES-GCM vectors in self-test-encryption.ts. */
const contentKey = 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308'

function vectors() {
  const certificates = {
    rsaCertificate: certificate('rsa'),
    ecCertificate: certificate('ec'),
    refusedCertificates: {
      'an RSA key of 2048 bits': certificate('short'),
      'an RSA exponent of 3': certificate('three'),
      'a curve given by its parameters': certificate('explicit'),
      'a curve that is not on the list': certificate('unlisted'),
    },
  }
  return {
    ...certificates,
    detachedOctets: octets,
    signatureVectors: Object.fromEntries(
      Object.entries(algorithms).map(([uri, how]) => [uri, signatureVector(uri, how)]),
    ),
    agreedSecret: secret,
    agreementVectors: Object.keys(wraps).flatMap((wrap) => Object.keys(sha).map((hash) => agreementVector(wrap, hash))),
  }
}

const opening = `import type { DigestAlgorithm, KeyWrap, SignatureAlgorithm } from './algorithms.ts'

/*
 * What the self-test holds the node against. Made once with OpenSSL's programs by test/vectors/self-test-vectors.js; the
 * private keys behind it exist no more. The certificates are base64 of DER, signatures base64, everything else
 * hexadecimal.
 */

export interface SignatureVector {
  /** An AuthnRequest with its signature in it. */
  readonly message: string
  /** A signature over detachedOctets. */
  readonly detached: string
  /** The right key's signatures over the same octets in another way, which must be refused. */
  readonly odd: { readonly what: string; readonly enveloped: string; readonly detached: string }
}

export interface AgreementVector {
  readonly wrap: KeyWrap
  readonly digest: DigestAlgorithm
  /** What ConcatKDF makes of agreedSecret. */
  readonly wrappingKey: string
  /** The content key, wrapped. */
  readonly wrapped: string
  /** The same with an initial value that is not RFC 3394's. */
  readonly otherInitialValue: string
  /** The first eight octets of the content key, wrapped. */
  readonly short: string
}
`

const types = {
  signatureVectors: ': Readonly<Record<SignatureAlgorithm, SignatureVector>>',
  agreementVectors: ': readonly AgreementVector[]',
  refusedCertificates: ': Readonly<Record<string, string>>',
}

try {
  const constants = Object.entries(vectors()).map(
    ([name, value]) => `\nexport const ${name}${types[name] ?? ''} = ${JSON.stringify(value)}\n`,
  )
  writeFileSync(out, opening + constants.join(''))
} finally {
  rmSync(scratch, { recursive: true })
}
const biome = join(dirname(createRequire(import.meta.url).resolve('@biomejs/biome/package.json')), 'bin', 'biome')
execFileSync(process.execPath, [biome, 'format', '--write', out], { stdio: 'ignore' })
if (readFileSync(out, 'utf8').includes('PRIVATE')) throw new TypeError('a private key was written')
