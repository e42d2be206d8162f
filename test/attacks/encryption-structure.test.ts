import type { FaultCode } from '../../src/errors/faults.ts'
import { complete, openFlow } from '../testkit/flow.ts'
import { isRefusedSealed, sealed, signedAround } from '../testkit/sealed.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { releasedIn } from '../testkit/verdict.ts'
import { swap } from '../unit/xmlsec/forge.ts'

/*
 * How an EncryptedAssertion may be built, and with which algorithms, at the connector's ACS. All of this is decided
 * before a private key is touched. Every Response here is signed by the peer, so that nothing else is wrong.
 */

let target: Target
let curves: Target
beforeAll(async () => {
  target = await startTarget({ nodeKeys: 'RSA-3072' })
  curves = await startTarget()
}, 60_000)
afterAll(() => Promise.all([target.stop(), curves.stop()]))

type Attack = readonly [entry: string, what: string, change: (xml: string) => string, code: FaultCode]

const GCM = 'http://www.w3.org/2009/xmlenc11#aes256-gcm'
const OAEP = 'http://www.w3.org/2009/xmlenc11#rsa-oaep'
const XENC = 'http://www.w3.org/2001/04/xmlenc#'
const digest = /<ds:DigestMethod[^>]*><\/ds:DigestMethod>/
const mgf = /<xenc11:MGF[^>]*><\/xenc11:MGF>/

const algorithms: readonly Attack[] = [
  ['A-133', 'RSA 1.5', swap(OAEP, `${XENC}rsa-1_5`), 'ENC_ALG'],
  [
    'A-133',
    'RSA 1.5, as it is written',
    (xml) => swap(OAEP, `${XENC}rsa-1_5`)(xml.replace(digest, '').replace(mgf, '')),
    'ENC_ALG',
  ],
  ...['aes128-cbc', 'aes192-cbc', 'aes256-cbc', 'tripledes-cbc'].map(
    (cipher): Attack => ['A-134', cipher, swap(GCM, XENC + cipher), 'ENC_ALG'],
  ),
  ['A-134', 'a cipher nobody knows', swap(GCM, 'urn:unknown'), 'ENC_ALG'],
  ['A-134', 'an inherited name of every object', swap(GCM, 'constructor'), 'ENC_ALG'],
  ['A-139', 'OAEP as of 2002', swap(OAEP, `${XENC}rsa-oaep-mgf1p`), 'ENC_ALG'],
  ['A-139', 'SHA-1', swap(`${XENC}sha256`, 'http://www.w3.org/2000/09/xmldsig#sha1'), 'ENC_ALG'],
  ['A-139', 'MGF1 with SHA-1', swap('#mgf1sha256', '#mgf1sha1'), 'ENC_ALG'],
  ['A-139', 'MGF1 with another hash than OAEP', swap('#mgf1sha256', '#mgf1sha512'), 'ENC_ALG'],
  ['A-139', 'no digest, which means SHA-1', swap(digest, ''), 'ENC_ALG'],
  ['A-139', 'no MGF, which means SHA-1', swap(mgf, ''), 'ENC_ALG'],
  ['A-139', 'two digests', swap(digest, '$&$&'), 'ENC_ALG'],
  ['A-139', 'two MGF', swap(mgf, '$&$&'), 'ENC_ALG'],
  ['A-139', 'a label', swap(digest, '<xenc:OAEPparams>AAAA</xenc:OAEPparams>$&'), 'ENC_ALG'],
]

const encryptedKey = /<xenc:EncryptedKey.*<\/xenc:EncryptedKey>/s
const keyMethod = /(<xenc:EncryptedKey>)(<xenc:EncryptionMethod.*?<\/xenc:EncryptionMethod>)/s
const dataMethod = /<xenc:EncryptionMethod Algorithm="[^"]*gcm"><\/xenc:EncryptionMethod>/
const keyValue = /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>/
const dataValue = /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>(?!.*CipherValue)/s
const XSLT =
  '<ds:Transform xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>'

const structures: readonly Attack[] = [
  ['A-140', 'CipherReference', swap(dataValue, '<xenc:CipherReference URI="http://attacker.example/"/>'), 'ENC_STRUCT'],
  ['A-140', 'CipherReference within', swap(dataValue, '<xenc:CipherReference URI="#_x"/>'), 'ENC_STRUCT'],
  [
    'A-140',
    'CipherReference for the key',
    swap(keyValue, '<xenc:CipherReference URI="file:///etc/passwd"/>'),
    'ENC_STRUCT',
  ],
  ['A-140', 'RetrievalMethod for the key', swap(encryptedKey, '<ds:RetrievalMethod URI="#_k"/>'), 'ENC_STRUCT'],
  [
    'A-140',
    'RetrievalMethod that leads to itself',
    (xml) => swap(encryptedKey, '<ds:RetrievalMethod URI="#_k"/>')(xml.replace('<ds:KeyInfo ', '<ds:KeyInfo Id="_k" ')),
    'ENC_STRUCT',
  ],
  [
    'A-140',
    'KeyInfoReference',
    swap(encryptedKey, '<ds11:KeyInfoReference xmlns:ds11="http://www.w3.org/2009/xmldsig11#" URI="#_k"/>'),
    'ENC_STRUCT',
  ],
  [
    'A-141',
    'XSLT in a CipherReference',
    swap(
      dataValue,
      `<xenc:CipherReference URI="#_x"><xenc:Transforms>${XSLT}</xenc:Transforms></xenc:CipherReference>`,
    ),
    'ENC_STRUCT',
  ],
  [
    'A-141',
    'XSLT in a RetrievalMethod',
    swap(encryptedKey, `<ds:RetrievalMethod URI="#_x"><ds:Transforms>${XSLT}</ds:Transforms></ds:RetrievalMethod>`),
    'ENC_STRUCT',
  ],
  ['A-145', 'two EncryptedKey', swap(encryptedKey, '$&$&'), 'ENC_STRUCT'],
  ['A-145', 'no EncryptedKey', swap(encryptedKey, '<ds:KeyName>x</ds:KeyName>'), 'ENC_STRUCT'],
  ['A-145', 'no KeyInfo', swap(/<ds:KeyInfo.*<\/ds:KeyInfo>/s, ''), 'ENC_STRUCT'],
  ['A-146', 'Type #Content', swap('xmlenc#Element', 'xmlenc#Content'), 'ENC_STRUCT'],
  ['A-146', 'a Type nobody knows', swap('http://www.w3.org/2001/04/xmlenc#Element', 'urn:x'), 'ENC_STRUCT'],
  ['A-146', 'no Type', swap(/ Type="[^"]*"/, ''), 'ENC_STRUCT'],
  ['A-146', 'an Encoding', swap(' Type=', ' Encoding="http://www.w3.org/2000/09/xmldsig#base64" Type='), 'ENC_STRUCT'],
  ['A-146', 'no EncryptionMethod', swap(dataMethod, ''), 'ENC_STRUCT'],
  ['A-146', 'no EncryptionMethod of the key', swap(keyMethod, '$1'), 'ENC_STRUCT'],
  ['A-146', 'two EncryptionMethod', swap(dataMethod, '$&$&'), 'XML_SCHEMA'],
  [
    'A-146',
    'a KeySize',
    swap(/(gcm">)(<\/xenc:EncryptionMethod>)/, '$1<xenc:KeySize>128</xenc:KeySize>$2'),
    'ENC_STRUCT',
  ],
  ['A-146', 'two EncryptedData', swap(/<xenc:EncryptedData.*<\/xenc:EncryptedData>/s, '$&$&'), 'XML_SCHEMA'],
  ['A-146', 'the key behind the data, as others have it', (xml) => keyBehind(xml), 'ENC_STRUCT'],
  [
    'A-146',
    'EncryptionProperties',
    swap(
      '</xenc:EncryptedData>',
      '<xenc:EncryptionProperties><xenc:EncryptionProperty><ds:KeyName xmlns:ds="http://www.w3.org/2000/09/xmldsig#">x</ds:KeyName></xenc:EncryptionProperty></xenc:EncryptionProperties>$&',
    ),
    'ENC_STRUCT',
  ],
]

/** The EncryptedKey out of the KeyInfo of the data, to the place behind it. */
function keyBehind(xml: string): string {
  const key = encryptedKey.exec(xml)?.[0] ?? ''
  const alone = key.replace(
    '<xenc:EncryptedKey',
    `$& xmlns:xenc="${XENC}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"`,
  )
  return xml
    .replace(/<ds:KeyInfo[^>]*><xenc:EncryptedKey.*<\/xenc:EncryptedKey><\/ds:KeyInfo>/s, '')
    .replace('</saml2:EncryptedAssertion>', (end) => alone + end)
}

test.each([...algorithms, ...structures])('%s at the connector acs: %s', async (_entry, _what, change, code) => {
  const flow = await openFlow(target)
  await isRefusedSealed(flow, change(await sealed(flow)), code)
})

/** What ordinary SAML software writes, and the identity provider of the country may. */
const nationalHabits = ['for nobody', 'the key behind the data, as others have it']
const refusedNationally = [...algorithms, ...structures].filter(([, what]) => !nationalHabits.includes(what))

test.each(refusedNationally)('%s at the proxy-service acs: %s', async (_entry, _what, change, code) => {
  const flow = await openFlow(target, 'proxy-service')
  await isRefusedSealed(flow, change(await sealed(flow)), code)
})

test('A-145 at the connector acs: sixty EncryptedKey cost no sixty decryptions', async () => {
  const flow = await openFlow(target)
  const many = (xml: string): string =>
    xml.replace(encryptedKey, (one) => one.replace(/<ds:KeyInfo>.*<\/ds:KeyInfo>/s, '').repeat(60))
  await isRefusedSealed(flow, many(await sealed(flow)), 'ENC_STRUCT')
})

const ownKeyInfo = /<ds:KeyInfo><ds:X509Data>.*?<\/ds:KeyInfo>/s
const serial = `<ds:X509IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName><ds:X509SerialNumber>1</ds:X509SerialNumber></ds:X509IssuerSerial>`

/** A hint is followed nowhere, and the key that fits is found without it. */
const hints: readonly (readonly [title: string, change: (xml: string) => string])[] = [
  [
    'A-284 RetrievalMethod beside the key',
    swap(encryptedKey, '$&<ds:RetrievalMethod URI="http://attacker.example/"/>'),
  ],
  [
    'A-284 RetrievalMethod for the recipient',
    swap(/<ds:X509Data>.*<\/ds:X509Data>/s, '<ds:RetrievalMethod URI="#_x"/>'),
  ],
  [
    'A-284 a list of what the key is for',
    swap('</xenc:EncryptedKey>', '<xenc:ReferenceList><xenc:KeyReference URI="#_x"/></xenc:ReferenceList>$&'),
  ],
  ['A-284 a name for the key', swap('</xenc:EncryptedKey>', '<xenc:CarriedKeyName>x</xenc:CarriedKeyName>$&')],
  ['A-284 another Recipient', swap('<xenc:EncryptedKey', '$& Recipient="https://other.example/"')],
  ['A-284 no recipient', swap(ownKeyInfo, '')],
  [
    'A-284 a serial number of another certificate',
    swap(/<ds:X509Data>.*<\/ds:X509Data>/s, `<ds:X509Data>${serial}</ds:X509Data>`),
  ],
  ['A-284 a certificate that is none', swap(/(<ds:X509Certificate>)[^<]*/, '$1*')],
]

test.each(hints)('at the connector acs: %s is passed over', async (_, change) => {
  const flow = await openFlow(target)
  const message = await signedAround(flow, change(await sealed(flow)))
  expect((await releasedIn(target, await complete(flow, message))).inResponseTo).toBe(flow.askedId)
})

const agreements: readonly Attack[] = [
  ['A-139', 'another agreement', swap('xmlenc11#ECDH-ES', 'xmlenc11#dh-es'), 'ENC_ALG'],
  ['A-139', 'static ECDH', swap('xmlenc11#ECDH-ES', 'xmlenc11#ECDH-SS'), 'ENC_ALG'],
  ['A-143', 'another derivation', swap('xmlenc11#ConcatKDF', 'xmlenc11#pbkdf2'), 'ENC_ALG'],
  ['A-143', 'SHA-1', swap(`${XENC}sha256`, 'http://www.w3.org/2000/09/xmldsig#sha1'), 'ENC_ALG'],
  ['A-143', 'padding bits', swap('AlgorithmID="0000"', 'AlgorithmID="0100"'), 'ENC_ALG'],
  ['A-143', 'padding bits of a party', swap('PartyUInfo="0000"', 'PartyUInfo="0780"'), 'ENC_ALG'],
  ['A-143', 'not hexadecimal', swap('PartyUInfo="0000"', 'PartyUInfo="00zz"'), 'ENC_ALG'],
  ['A-143', 'half an octet', swap('PartyVInfo="0000"', 'PartyVInfo="000"'), 'ENC_ALG'],
  ['A-143', 'empty', swap('PartyVInfo="0000"', 'PartyVInfo=""'), 'ENC_ALG'],
  ['A-143', 'missing', swap(' PartyVInfo="0000"', ''), 'ENC_ALG'],
  ['A-143', 'one more', swap('PartyVInfo="0000"', 'PartyVInfo="0000" SuppPubInfo="00"'), 'ENC_ALG'],
  ['A-143', 'huge', swap('PartyVInfo="0000"', `PartyVInfo="${'00'.repeat(4000)}"`), 'ENC_ALG'],
  ['A-143', 'no digest', swap(digest, ''), 'ENC_ALG'],
  ['A-143', 'no parameters', swap(/<xenc11:ConcatKDFParams.*<\/xenc11:ConcatKDFParams>/s, ''), 'ENC_STRUCT'],
  ['A-144', 'kw-aes192, which eIDAS does not name', swap('#kw-aes256', '#kw-aes192'), 'ENC_ALG'],
  ['A-144', 'kw-tripledes', swap('#kw-aes256', '#kw-tripledes'), 'ENC_ALG'],
  [
    'A-144',
    'key wrap with padding',
    swap(`${XENC}kw-aes256`, 'http://www.w3.org/2009/xmlenc11#kw-aes-256-pad'),
    'ENC_ALG',
  ],
]

test.each(agreements)('%s at the connector acs, by agreement: %s', async (_entry, _what, change, code) => {
  const flow = await openFlow(curves)
  await isRefusedSealed(flow, change(await sealed(flow)), code)
})
