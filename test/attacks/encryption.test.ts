import type { FaultCode } from '../../src/errors/faults.ts'
import { saml } from '../../src/xml/names.ts'
import { el, writeText, writeXml, type XmlPart } from '../../src/xml/writer.ts'
import { encryptElement } from '../../src/xmlsec/encrypt.ts'
import { signElement } from '../../src/xmlsec/sign.ts'
import { type Flow, openFlow, postAnswer, recipientOf, signedAnswer } from '../testkit/flow.ts'
import { testKey } from '../testkit/keys.ts'
import { citizen, encryptFor, mintAssertion, mintAttributes, mintResponse, sign } from '../testkit/mint.ts'
import { flipped, isRefusedSealed, partOf, sealed, signedAround, valuesOf, withDataValue } from '../testkit/sealed.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectNotReusable, expectPage, expectStillOpen } from '../testkit/verdict.ts'
import { swap } from '../unit/xmlsec/forge.ts'

/* What a Response may carry, in which order it is opened, and what may come out of it. */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

async function isRefused(flow: Flow, message: Uint8Array, code: FaultCode): Promise<void> {
  expectAnswered(flow, await postAnswer(flow, message), code)
  await expectNotReusable(flow)
}

const signed = (flow: Flow, part: XmlPart) => sign(part, flow.answerer.signing)
const evilAssertion = (flow: Flow): XmlPart =>
  mintAssertion(flow, {
    attributeStatements: [mintAttributes(flow.answerer, { ...citizen, PersonIdentifier: '66666666E' })],
  })

describe('A-127: across borders an assertion is encrypted', () => {
  test('R-IA-13, R-MF-56, A-127: in the clear', async () => {
    const flow = await openFlow(target)
    await isRefused(flow, await signed(flow, mintResponse(flow, { assertions: [mintAssertion(flow)] })), 'ENC_REQUIRED')
  })

  test('A-127: in the clear, signed itself', async () => {
    const flow = await openFlow(target)
    const assertion = await signElement(mintAssertion(flow), flow.answerer.signing)
    await isRefused(flow, await signed(flow, mintResponse(flow, { assertions: [assertion] })), 'ENC_REQUIRED')
  })
})

describe('A-128, A-129: exactly one assertion', () => {
  test.each(['first', 'last'] as const)(
    'A-128: a signed one in the clear beside it, the encrypted one %s',
    async (place) => {
      for (const [isSigned, code] of [
        [true, 'SAML_COUNT'],
        [false, 'DS_MISSING'],
      ] as const) {
        const flow = await openFlow(target)
        const clear = await signElement(evilAssertion(flow), flow.answerer.signing)
        const both = [partOf(await sealed(flow)), clear]
        const message = mintResponse(flow, { assertions: place === 'first' ? both : both.toReversed() })
        await isRefused(flow, isSigned ? await signed(flow, message) : writeXml(message), code)
      }
    },
  )

  test('A-129: two encrypted ones', async () => {
    const flow = await openFlow(target)
    await isRefused(flow, await signedAround(flow, await sealed(flow), await sealed(flow)), 'SAML_COUNT')
  })

  test('A-129: none', async () => {
    const flow = await openFlow(target)
    await isRefused(flow, await signed(flow, mintResponse(flow)), 'SAML_COUNT')
  })

  test('A-129: an encrypted one inside an encrypted one', async () => {
    const flow = await openFlow(target)
    await isRefusedSealed(flow, await sealed(flow, Buffer.from(await sealed(flow))), 'ENC_PLAINTEXT')
  })

  test('A-129: encrypted data inside an encrypted one', async () => {
    const flow = await openFlow(target)
    const inner = writeXml(await encryptElement(writeXml(mintAssertion(flow)), recipientOf(flow)))
    await isRefusedSealed(flow, await sealed(flow, inner), 'ENC_PLAINTEXT')
  })

  test('A-129: an encrypted one in Advice', async () => {
    const flow = await openFlow(target)
    const inner = await sealed(flow)
    const advised = swap('<saml2:AuthnStatement', `<saml2:Advice>${inner}</saml2:Advice>$&`)
    const plaintext = Buffer.from(advised(writeText(mintAssertion(flow))))
    await isRefusedSealed(flow, await sealed(flow, plaintext), 'XML_SCHEMA')
  })
})

describe('A-130, A-148: nothing is decrypted that the peer did not sign', () => {
  test('A-130: the attacker encrypts an assertion of its own and puts it in', async () => {
    const flow = await openFlow(target)
    const right = Buffer.from(await signedAnswer(flow)).toString()
    const evil = await sealed(flow, writeXml(evilAssertion(flow)))
    const swapped = swap(/<saml2:EncryptedAssertion.*<\/saml2:EncryptedAssertion>/s, evil)
    await isRefused(flow, Buffer.from(swapped(right)), 'DS_DIGEST')
  })

  test('A-130: the attacker signs the whole', async () => {
    const flow = await openFlow(target)
    const encrypted = await encryptFor(recipientOf(flow), evilAssertion(flow))
    const attacker = (await testKey('attacker')).signing()
    await isRefused(flow, await sign(mintResponse(flow, { encryptedAssertions: [encrypted] }), attacker), 'DS_KEY')
  })

  const ciphertexts: readonly (readonly [what: string, change: (xml: string) => string])[] = [
    ['that decrypts to something else', (xml) => withDataValue(flipped(valuesOf(xml).data, 30))(xml)],
    ['by an algorithm we refuse', swap('xmlenc11#aes256-gcm', 'xmlenc11#aes256-xyz')],
    ['of no length', withDataValue(Buffer.alloc(0))],
    ['for somebody else', swap(/(<xenc:RecipientKeyInfo>.*<ds:X509Certificate>)[^<]*/s, '$1AAAA')],
  ]

  test.each(ciphertexts)('A-148: an altered ciphertext %s is a matter of the signature', async (_, change) => {
    const flow = await openFlow(target)
    const right = Buffer.from(await signedAnswer(flow)).toString()
    await isRefused(flow, Buffer.from(change(right)), 'DS_DIGEST')
  })

  test.each(ciphertexts)('A-148: and without a signature it is not looked at, %s', async (_, change) => {
    const flow = await openFlow(target)
    const right = Buffer.from(await signedAnswer(flow)).toString()
    const unsigned = right.replace(/<ds:Signature .*?<\/ds:Signature>/s, '')
    await isRefused(flow, Buffer.from(change(unsigned)), 'DS_MISSING')
  })
})

const dummy =
  '<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"><xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>'

const within = (content: string): string =>
  `<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion">${content}</Assertion>`

type Plaintext = (assertion: string, flow: Flow) => string | Uint8Array

const plaintexts: readonly (readonly [entry: string, what: string, plaintext: Plaintext, code: FaultCode])[] = [
  ['A-131', 'two assertions', (one) => one + one.replace(/ ID="[^"]*"/, ' ID="_a2"'), 'ENC_PLAINTEXT'],
  ['A-131', 'text', () => 'text', 'ENC_PLAINTEXT'],
  ['A-131', 'text in front', (one) => `x${one}`, 'ENC_PLAINTEXT'],
  ['A-131', 'text behind', (one) => `${one}x`, 'ENC_PLAINTEXT'],
  ['A-131', 'a comment in front', (one) => `<!--x-->${one}`, 'ENC_PLAINTEXT'],
  ['A-131', 'a comment inside', swap('</saml2:NameID>', '<!--x-->$&'), 'ENC_PLAINTEXT'],
  ['A-131', 'a processing instruction', (one) => `<?x y?>${one}`, 'ENC_PLAINTEXT'],
  ['A-131', 'a document type', (one) => `<!DOCTYPE x [<!ENTITY e "x">]>${one}`, 'ENC_PLAINTEXT'],
  ['A-131', 'an entity', swap('</saml2:NameID>', '&e;$&'), 'ENC_PLAINTEXT'],
  ['A-131', 'UTF-16', (one) => Buffer.from(`\ufeff${one}`, 'utf16le'), 'ENC_PLAINTEXT'],
  ['A-131', 'ISO-8859-1', (one) => `<?xml version="1.0" encoding="ISO-8859-1"?>${one}`, 'ENC_PLAINTEXT'],
  ['A-131', 'malformed UTF-8', (one) => Buffer.concat([Buffer.from(one), Buffer.from([0xff])]), 'ENC_PLAINTEXT'],
  [
    'A-131',
    'another element',
    (_, { answerer }) => writeText(el(saml('Issuer'), {}, answerer.entityId)),
    'ENC_PLAINTEXT',
  ],
  [
    'A-131',
    'an Assertion of SAML 1',
    () => '<Assertion xmlns="urn:oasis:names:tc:SAML:1.0:assertion"/>',
    'ENC_PLAINTEXT',
  ],
  ['A-131', 'a Response', (_, flow) => writeText(mintResponse(flow)), 'ENC_PLAINTEXT'],
  ['A-131', 'one blank', () => ' ', 'ENC_PLAINTEXT'],
  ['A-131', 'not valid', swap(' Version="2.0"', ''), 'XML_SCHEMA'],
  ['A-132', 'a prefix that nothing around it declares', (one) => one.replaceAll('saml2:', 'other:'), 'ENC_PLAINTEXT'],
  ['A-149', 'more nodes than a message may have', () => within('<b/>'.repeat(4001)), 'XML_SIZE'],
  ['A-149', 'deeper than a message may be', () => within('<b>'.repeat(41) + '</b>'.repeat(41)), 'ENC_PLAINTEXT'],
  ['A-149', 'a longer name than a message may have', () => within(`<${'b'.repeat(129)}/>`), 'XML_SIZE'],
  [
    'A-150',
    'EncryptedID for NameID',
    (one) => one.replace(/<saml2:NameID.*?<\/saml2:NameID>/s, `<saml2:EncryptedID>${dummy}</saml2:EncryptedID>`),
    'XML_SCHEMA',
  ],
  [
    'A-150',
    'EncryptedAttribute for an Attribute',
    swap(/<saml2:Attribute .*?<\/saml2:Attribute>/s, `<saml2:EncryptedAttribute>${dummy}</saml2:EncryptedAttribute>`),
    'XML_SCHEMA',
  ],
]

test.each(plaintexts)(
  '%s at the connector acs, out of the ciphertext comes %s',
  async (_entry, _what, plaintext, code) => {
    const flow = await openFlow(target)
    const given = plaintext(writeText(mintAssertion(flow)), flow)
    await isRefusedSealed(flow, await sealed(flow, Buffer.from(given)), code)
  },
)

test('A-131 at the connector acs: the ID of the Response may not come again', async () => {
  const flow = await openFlow(target)
  const encrypted = await encryptFor(recipientOf(flow), mintAssertion(flow, { id: '_same' }))
  await isRefused(
    flow,
    await signed(flow, mintResponse(flow, { id: '_same', encryptedAssertions: [encrypted] })),
    'XML_DUP_ID',
  )
})

test('A-149 at the connector acs: a CipherValue of 10 MB is refused before it is read, and the flow stays open', async () => {
  const flow = await openFlow(target)
  const huge = swap(/(.*<xenc:CipherValue>)[^<]*/s, `$1${'A'.repeat(10_000_000)}`)
  const message = Buffer.from(
    huge(writeText(mintResponse(flow, { encryptedAssertions: [partOf(await sealed(flow))] }))),
  )
  expectPage(target, await postAnswer(flow, message), 'BIND_SIZE')
  await expectStillOpen(flow)
})

describe('A-115: a signature that the encrypted assertion has of its own must verify', () => {
  const swappedSubject = swap(/(<saml2:NameID[^>]*>)[^<]*/, '$1XB/XA/66666666E')
  const inner: readonly (readonly [what: string, change: (signed: string) => string, code: FaultCode])[] = [
    ['altered content', swappedSubject, 'DS_ASSERTION'],
    [
      'another digest',
      swap(/(<ds:DigestValue>)[^<]*/, '$147DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='),
      'DS_ASSERTION',
    ],
    ['no value', swap(/(<ds:SignatureValue>)[^<]*/, '$1'), 'DS_ASSERTION'],
    ['a reference elsewhere', swap(/ URI="[^"]*"/, ' URI="#_elsewhere"'), 'DS_URI'],
    ['an Object', swap('</ds:Signature>', '<ds:Object></ds:Object>$&'), 'DS_CHILDREN'],
    ['an algorithm we refuse', swap('#ecdsa-sha256', '#ecdsa-sha1'), 'DS_ALG'],
    ['another place', (xml) => displaced(xml), 'XML_SCHEMA'],
  ]

  function displaced(xml: string): string {
    const signature = /<ds:Signature .*<\/ds:Signature>/s.exec(xml)?.[0] ?? ''
    return xml.replace(signature, '').replace('</saml2:Subject>', (end) => signature + end)
  }

  test.each(inner)('A-115 at the connector acs: %s', async (_, change, code) => {
    const flow = await openFlow(target)
    const assertion = writeText(await signElement(mintAssertion(flow), flow.answerer.signing))
    await isRefusedSealed(flow, await sealed(flow, Buffer.from(change(assertion))), code)
  })

  test('A-115 at the connector acs: a signature of a stranger', async () => {
    const flow = await openFlow(target)
    const stranger = (await testKey('stranger')).signing()
    const assertion = await signElement(mintAssertion(flow), stranger)
    await isRefusedSealed(flow, await sealed(flow, writeXml(assertion)), 'DS_ASSERTION')
  })
})
