import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as pkijs from 'pkijs'
import { isListed, readRevocationList } from '../../src/trust/crl.ts'
import { readStatusResponse, writeStatusRequest } from '../../src/trust/ocsp.ts'
import {
  allowsUsage,
  basicConstraints,
  crlUrls,
  extendedUsages,
  ocspUrls,
  type ReadCertificate,
  readCertificate,
} from '../../src/trust/x509.ts'

/*
 * Certificates, revocation lists and OCSP answers that OpenSSL makes, read by this project and by PKI.js. Two readers
 * that share no code must say the same of every field that path validation uses.
 */

const folder = mkdtempSync(join(tmpdir(), 'passerelle-asn1-'))
const at = (name: string) => join(folder, name)
const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' })
afterAll(() => rmSync(folder, { recursive: true }))

const DAY = 86_400_000
const now = () => Date.now()

interface Order {
  readonly key: readonly string[]
  readonly extensions: readonly string[]
  readonly options?: readonly string[]
}

const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
const rsa = ['-newkey', 'rsa:3072']
const pss = ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:-1']

const orders: Readonly<Record<string, Order>> = {
  'an authority with a path length': {
    key: ec,
    extensions: ['basicConstraints=critical,CA:TRUE,pathlen:3', 'keyUsage=critical,keyCertSign,cRLSign'],
  },
  'an authority without a path length': { key: ec, extensions: ['basicConstraints=CA:TRUE'] },
  'a signer with every place to ask': {
    key: ec,
    extensions: [
      'basicConstraints=CA:FALSE',
      'keyUsage=digitalSignature,nonRepudiation',
      'crlDistributionPoints=URI:http://crl.example/one.crl,URI:ldap://crl.example/x,URI:https://crl.example/two.crl',
      'authorityInfoAccess=OCSP;URI:http://ocsp.example/a,caIssuers;URI:http://ca.example/ca.cer',
    ],
  },
  'a responder': { key: ec, extensions: ['extendedKeyUsage=critical,OCSPSigning,1.2.3.4.5'] },
  'RSA signed with PSS and SHA-512': { key: rsa, extensions: [], options: ['-sha512', ...pss] },
  'RSA signed with PKCS#1': { key: rsa, extensions: ['keyUsage=digitalSignature'], options: ['-sha384'] },
  'a long serial number': {
    key: ec,
    extensions: [],
    options: ['-set_serial', '0x7fffffffffffffffffffffffffffffffffffffff'],
  },
  'a serial number that begins with a high bit': { key: ec, extensions: [], options: ['-set_serial', '0x80ff'] },
}

function made(name: string, { key, extensions, options = [] }: Order): string {
  const config = `[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\nstring_mask=utf8only\nutf8=yes\n[dn]\nC=SE\nO=Myndigheten för prov\nCN=${name}\n[ext]\n${extensions.join('\n')}\n`
  writeFileSync(at('req.cnf'), config)
  openssl(
    'req',
    '-x509',
    '-config',
    'req.cnf',
    '-nodes',
    ...key,
    '-keyout',
    'made.key',
    '-out',
    'made.pem',
    '-days',
    '3',
    ...options,
  )
  return readFileSync(at('made.pem'), 'utf8')
}

const hex = (octets: ArrayBuffer | Uint8Array) => Buffer.from(octets as Uint8Array).toString('hex')

function byOthers({ base64 }: ReadCertificate) {
  return pkijs.Certificate.fromBER(Buffer.from(base64, 'base64'))
}

/** What path validation uses, as PKI.js reads it. */
function factsOfOthers(other: pkijs.Certificate) {
  const extensions = new Map((other.extensions ?? []).map((one) => [one.extnID, one]))
  const constraints = extensions.get('2.5.29.19')?.parsedValue as pkijs.BasicConstraints | undefined
  const usage = extensions.get('2.5.29.15')?.parsedValue as { valueBlock: { valueHexView: Uint8Array } } | undefined
  const points = extensions.get('2.5.29.31')?.parsedValue as pkijs.CRLDistributionPoints | undefined
  const access = extensions.get('1.3.6.1.5.5.7.1.1')?.parsedValue as pkijs.InfoAccess | undefined
  const extended = extensions.get('2.5.29.37')?.parsedValue as pkijs.ExtKeyUsage | undefined
  const named = (name: pkijs.GeneralName) => (name.type === 6 && /^https?:/.test(name.value) ? [name.value] : [])
  const length = constraints?.pathLenConstraint
  return {
    serial: hex(other.serialNumber.toBER()),
    issuer: hex(other.issuer.toSchema().toBER()),
    subject: hex(other.subject.toSchema().toBER()),
    key: hex(other.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView),
    algorithm: other.signatureAlgorithm.algorithmId,
    critical: [...extensions].map(([type, { critical, extnValue }]) => [
      type,
      critical,
      hex(extnValue.valueBlock.valueHexView),
    ]),
    authority: constraints?.cA ?? false,
    pathLength: typeof length === 'number' ? length : undefined,
    usage: usage === undefined ? undefined : (usage.valueBlock.valueHexView[0] ?? 0),
    crl: points?.distributionPoints.flatMap(({ distributionPoint }) =>
      (distributionPoint as pkijs.GeneralName[]).flatMap(named),
    ),
    ocsp: access?.accessDescriptions
      .filter(({ accessMethod }) => accessMethod === '1.3.6.1.5.5.7.48.1')
      .flatMap(({ accessLocation }) => named(accessLocation)),
    extended: extended?.keyPurposes,
  }
}

const bits = { digitalSignature: 0x80, nonRepudiation: 0x40, keyCertSign: 0x04, cRLSign: 0x02 } as const

function factsOfOurs(one: ReadCertificate) {
  const { authority, pathLength } = basicConstraints(one)
  return {
    serial: hex(one.serial),
    issuer: hex(one.issuerName),
    subject: hex(one.subjectName),
    key: hex(one.publicKeyBits),
    algorithm: one.signature.algorithm,
    critical: [...one.extensions].map(([type, { critical, value }]) => [type, critical, hex(value)]),
    authority,
    pathLength,
    crl: crlUrls(one),
    ocsp: ocspUrls(one),
    extended: extendedUsages(one),
  }
}

test.each(Object.entries(orders))('a certificate of OpenSSL is read as PKI.js reads it: %s', (name, order) => {
  const ours = readCertificate(made(name, order))
  const { usage, ...others } = factsOfOthers(byOthers(ours))
  expect(factsOfOurs(ours)).toEqual(others)
  for (const [word, bit] of Object.entries(bits)) {
    const expected = usage === undefined || (usage & bit) !== 0
    expect([word, allowsUsage(ours, word as keyof typeof bits)]).toEqual([word, expected])
  }
})

test('the hash of PSS is the one that PKI.js reads', () => {
  const ours = readCertificate(made('PSS', orders['RSA signed with PSS and SHA-512'] as Order))
  const parameters = new pkijs.RSASSAPSSParams({ schema: byOthers(ours).signatureAlgorithm.algorithmParams })
  expect(ours.signature.hash).toBe(parameters.hashAlgorithm.algorithmId)
})

/** An authority with its database, three leaves, of which one is revoked. */
function authority() {
  writeFileSync(
    at('ca.cnf'),
    `[ca]\ndefault_ca=own\n[own]\ndatabase=${at('index.txt')}\nnew_certs_dir=${folder}\nserial=${at('serial')}\ncrlnumber=${at('crlnumber')}\ndefault_md=sha256\ndefault_days=3\ndefault_crl_days=2\npolicy=any\nunique_subject=no\n[any]\ncommonName=supplied\n`,
  )
  writeFileSync(at('index.txt'), '')
  writeFileSync(at('serial'), '0D32')
  writeFileSync(at('crlnumber'), '01')
  const ca = made('Authority', {
    key: ec,
    extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=keyCertSign,cRLSign,digitalSignature'],
  })
  writeFileSync(at('ca.pem'), ca)
  writeFileSync(at('ca.key'), readFileSync(at('made.key')))
  const leaf = (name: string) => {
    openssl('req', '-new', '-nodes', ...ec, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    openssl(
      'ca',
      '-config',
      'ca.cnf',
      '-batch',
      '-notext',
      '-cert',
      'ca.pem',
      '-keyfile',
      'ca.key',
      '-in',
      `${name}.csr`,
      '-out',
      `${name}.pem`,
    )
    return readCertificate(readFileSync(at(`${name}.pem`), 'utf8'))
  }
  const leaves = { good: leaf('good'), revoked: leaf('revoked'), other: leaf('other') }
  openssl(
    'ca',
    '-config',
    'ca.cnf',
    '-cert',
    'ca.pem',
    '-keyfile',
    'ca.key',
    '-revoke',
    'revoked.pem',
    '-crl_reason',
    'keyCompromise',
  )
  return { issuer: readCertificate(ca), leaves }
}

test('a revocation list of OpenSSL lists the same certificates, from and until the same times, as PKI.js reads it', () => {
  const { issuer, leaves } = authority()
  openssl('ca', '-config', 'ca.cnf', '-gencrl', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-out', 'crl.pem')
  openssl('crl', '-in', 'crl.pem', '-outform', 'DER', '-out', 'crl.der')
  const octets = readFileSync(at('crl.der'))
  const ours = readRevocationList(octets, { url: 'http://crl.example/', issuer, now: now() + 1_000 })
  const others = pkijs.CertificateRevocationList.fromBER(octets)
  expect(ours.since).toBe(others.thisUpdate.value.getTime())
  expect(ours.until).toBe(others.nextUpdate?.value.getTime())
  const listed = others.revokedCertificates?.map(({ userCertificate }) => hex(userCertificate.toBER())) ?? []
  expect(listed).toEqual([hex(leaves.revoked.serial)])
  for (const leaf of Object.values(leaves)) expect(isListed(ours, leaf)).toBe(listed.includes(hex(leaf.serial)))
})

const statuses: readonly (readonly ['good' | 'revoked', number])[] = [
  ['good', 0],
  ['revoked', 1],
]

test.each(statuses)(
  'an OCSP answer of OpenSSL says %s here and in PKI.js, about the certificate that we asked for',
  (name, tagNumber) => {
    const { issuer, leaves } = authority()
    const leaf = leaves[name]
    const request = writeStatusRequest(leaf, issuer)
    const [asked] = pkijs.OCSPRequest.fromBER(Buffer.from(request)).tbsRequest.requestList
    expect(hex(asked?.reqCert.serialNumber.toBER() ?? new ArrayBuffer(0))).toBe(hex(leaf.serial))
    writeFileSync(at('request.der'), request)
    openssl(
      'ocsp',
      '-index',
      'index.txt',
      '-CA',
      'ca.pem',
      '-rsigner',
      'ca.pem',
      '-rkey',
      'ca.key',
      '-reqin',
      'request.der',
      '-respout',
      'answer.der',
      '-ndays',
      '1',
    )
    const octets = readFileSync(at('answer.der'))
    const ours = readStatusResponse(octets, leaf, {
      issuer,
      now: now() + 1_000,
      grants: { strength: {}, pkcs1Certificates: false },
    })
    const wrapped =
      pkijs.OCSPResponse.fromBER(octets).responseBytes?.response.valueBlock.valueHexView ?? new Uint8Array(0)
    const single = pkijs.BasicOCSPResponse.fromBER(Buffer.from(wrapped)).tbsResponseData.responses[0]
    expect(single?.certStatus.idBlock.tagNumber).toBe(tagNumber)
    expect(ours).toEqual({
      revoked: tagNumber === 1,
      since: single?.thisUpdate.getTime(),
      until: single?.nextUpdate?.getTime() ?? now() + DAY,
    })
  },
)
