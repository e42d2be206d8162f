import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import type { FaultCode } from '../../src/errors/faults.ts'
import { redirectUrl } from '../../src/saml/bindings/redirect.ts'
import type { SigningKey } from '../../src/xmlsec/keys.ts'
import { base64 } from '../testkit/flow.ts'
import { testKey } from '../testkit/keys.ts'
import { freshId, mintRequest, mintResponse, sign } from '../testkit/mint.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectTaken, pairsOf, plainQueries, type QueryPlace, queries, signedQueries } from '../testkit/transport.ts'
import { expectPage } from '../testkit/verdict.ts'

/* How a request may not come by HTTP-Redirect (A-001 to A-030), in both forms, at both places that take it. */

let target: Target
let place: QueryPlace
beforeAll(async () => {
  target = await startTarget()
}, 30_000)
afterAll(() => target.stop())

const attack = async (pairs: readonly string[], code: FaultCode, headers = {}) =>
  expectPage(target, await place.get(pairs, headers), code)

const valueIn = (name: string): string => pairOf(name).slice(name.length + 1)
const pairOf = (name: string): string => place.pairs.find((pair) => pair.startsWith(`${name}=`)) ?? ''
const without = (...names: readonly string[]) =>
  place.pairs.filter((pair) => !names.some((name) => pair.startsWith(`${name}=`)))
const replaced = (name: string, change: (value: string) => string) =>
  place.pairs.map((pair) => (pair.startsWith(`${name}=`) ? `${name}=${change(valueIn(name))}` : pair))
const withMessage = (octets: Uint8Array) => replaced('SAMLRequest', () => encodeURIComponent(base64(octets)))

/** Signs these pairs as they stand. */
async function signedPairs(pairs: readonly string[], key: SigningKey = place.peer.signing): Promise<readonly string[]> {
  const value = await key.sign(Buffer.from(pairs.join('&'), 'latin1'))
  return [...pairs, `Signature=${encodeURIComponent(base64(value))}`]
}

describe.each(queries)('at the %s', (_, open) => {
  beforeEach(async () => {
    place = await open(target)
  })
  afterEach(() => place.expectIntact())

  test('A-001 a parameter that occurs twice is refused, in either order and however its name is written', async () => {
    for (const pair of place.pairs) {
      await attack([...place.pairs, pair], 'BIND_DUP_PARAM')
      await attack([pair.replace(/=.*/, '='), ...place.pairs], 'BIND_DUP_PARAM')
      await attack([...place.pairs, pair.replace('S', '%53').replace('R', '%52')], 'BIND_DUP_PARAM')
    }
    await attack(
      place.pairs.map((pair) => pair.replace('SAMLR', 'SAML%52')),
      'BIND_EXTRA_FIELD',
    )
  })

  test('A-002 a request and a response in one query are refused, in either order', async () => {
    const response = `SAMLResponse=${valueIn('SAMLRequest')}`
    await attack([...place.pairs, response], 'BIND_BOTH')
    await attack([response, ...place.pairs], 'BIND_BOTH')
  })

  test('A-009 a response by redirect is refused', async () => {
    await attack(
      place.pairs.map((pair) => pair.replace('SAMLRequest=', 'SAMLResponse=')),
      'BIND_WRONG',
    )
  })

  test('A-010 another SAMLEncoding than DEFLATE is refused, and so are two', async () => {
    const encoding = 'SAMLEncoding=urn%3Aoasis%3Anames%3Atc%3ASAML%3A2.0%3Abindings%3AURL-Encoding%3ADEFLATE'
    for (const other of [
      'SAMLEncoding=gzip',
      'SAMLEncoding=',
      'SAMLEncoding',
      `${encoding}%20`,
      encoding.toUpperCase(),
    ]) {
      await attack([...place.pairs, other], other === encoding.toUpperCase() ? 'BIND_EXTRA_FIELD' : 'BIND_UNSUPPORTED')
    }
    await attack([...place.pairs, encoding, encoding], 'BIND_DUP_PARAM')
  })

  test('A-015 a Content-Encoding is refused', async () => {
    await attack(place.pairs, 'BIND_ENCODING', { 'Content-Encoding': 'gzip' })
  })

  test('A-016 base64 is taken to the letter', async () => {
    const changes: readonly ((value: string) => string)[] = [
      (value) => `${value.slice(0, 40).replace(/%.?$/, '')}%20${value.slice(40)}`,
      (value) => `${value}%3D%3D%3D`,
      (value) => `${value}QQ%3D%3DQQ%3D%3D`,
      (value) => `!${value}`,
      (value) => `-_${value.slice(2)}`,
      (value) => value.replace(/%2B/g, '+'),
    ]
    for (const change of changes) {
      const pairs = replaced('SAMLRequest', change)
      if (pairs.join('&') !== place.pairs.join('&')) await attack(pairs, 'BIND_B64')
    }
  })

  test('A-017 a message of more than 131072 characters does not get this far', async () => {
    const answer = await place.get(replaced('SAMLRequest', () => 'A'.repeat(131_073)))
    expect(answer.status).toBe(431)
  })

  test('A-018 many parameters, or a name beyond measure, are refused', async () => {
    await attack([...place.pairs, ...Array.from({ length: 33 }, (_, i) => `p${i}=`)], 'BIND_SIZE')
    await attack([...place.pairs, `${'n'.repeat(65)}=`], 'BIND_SIZE')
  })

  test.each(['%zz', '%', '%ff', '%C0%BC', '%ED%A0%80'])('A-020 a bad escape is refused: %s', async (bad) => {
    await attack([...without('RelayState'), `RelayState=${bad}`], 'BIND_PCT')
  })

  test('A-021 a name of another spelling is refused', async () => {
    for (const name of ['SAMLRequest[]', 'SAMLRequest[x]', 'samlrequest', 'SAMLRequest%00', 'Relaystate', 'SIGALG']) {
      await attack([...place.pairs, `${name}=x`], 'BIND_EXTRA_FIELD')
      await attack([`${name}=${valueIn('SAMLRequest')}`, ...without('SAMLRequest')], 'BIND_EXTRA_FIELD')
    }
  })

  test('A-307 a parameter of another binding or of nobody is no message', async () => {
    for (const name of ['__proto__', '', 'request', 'TARGET', 'SAMLRequests']) {
      await attack([`${name}=${valueIn('SAMLRequest')}`, ...without('SAMLRequest')], 'BIND_MISSING')
    }
  })

  test('A-022 a body beside the query is refused', async () => {
    const url = `${place.url}?${place.pairs.join('&')}`
    const answer = await target.wire.post(url, `SAMLRequest=${valueIn('SAMLRequest')}`, { method: 'GET' })
    expectPage(target, answer, 'BIND_SPLIT')
    expectPage(target, await target.wire.post(url, place.pairs.join('&')), 'BIND_SPLIT')
  })

  test('A-026 a RelayState of more than 80 octets, or not printable ASCII, is refused', async () => {
    for (const state of ['a'.repeat(81), 'a%0D%0ASet-Cookie%3A%20x%3Dy', '%00', '%C3%A9', '%E2%80%AE']) {
      await attack([...without('RelayState'), `RelayState=${state}`], 'BIND_RELAY')
    }
  })

  test('A-029 a request line of more than 32 KiB is refused', async () => {
    const answer = await place.get([...place.pairs, `x=${'y'.repeat(33_000)}`])
    expect(answer).toMatchObject({ status: 431, body: '' })
  })

  test('A-030 an artifact is refused, alone or beside a message', async () => {
    await attack(['SAMLart=AAQAAMFbLinlXaCM'], 'BIND_UNSUPPORTED')
    await attack([...place.pairs, 'SAMLart=AAQA'], 'BIND_UNSUPPORTED')
  })

  test('A-030 what an enhanced client says of itself changes nothing', async () => {
    const paos = { Accept: 'text/html; application/vnd.paos+xml', PAOS: 'ver="urn:liberty:paos:2003-08"' }
    await attack([], 'BIND_MISSING', paos)
    await attack(['RelayState=x'], 'BIND_MISSING', paos)
  })
})

describe.each(signedQueries)('at the %s', (_, open) => {
  beforeEach(async () => {
    place = await open(target)
  })
  afterEach(() => place.expectIntact())

  test('A-003 the signature is over the octets as received, escape by escape', async () => {
    const lower = (value: string) => value.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
    await attack(replaced('SigAlg', lower), 'BIND_SIG')
    await attack(replaced('SAMLRequest', lower), 'BIND_SIG')
    await attack(
      replaced('RelayState', (value) => value.replace('%20', '+')),
      'BIND_SIG',
    )
    await attack(
      replaced('RelayState', (value) => value.replace('s', '%73')),
      'BIND_SIG',
    )
    await attack(
      replaced('SigAlg', (value) => value.replace('http', '%68ttp')),
      'BIND_SIG',
    )
    await attack(
      replaced('SAMLRequest', (value) => `%${value.charCodeAt(0).toString(16)}${value.slice(1)}`),
      'BIND_SIG',
    )
    await attack(
      replaced('SAMLRequest', (value) => value.replace(/%(2[BF]|3D)/, '%25$1')),
      'BIND_B64',
    )
  })

  test('A-004 RelayState cannot be added, dropped, emptied or changed', async () => {
    await attack(without('RelayState'), 'BIND_SIG')
    await attack(
      replaced('RelayState', () => ''),
      'BIND_SIG',
    )
    await attack(
      replaced('RelayState', () => 'another'),
      'BIND_SIG',
    )
    const order = { location: place.url, parameter: 'SAMLRequest', xml: place.xml } as const
    const stateless = pairsOf(await redirectUrl(order, place.peer.signing))
    for (const pair of ['RelayState=another', 'RelayState=', 'RelayState']) {
      await attack([...stateless, pair], 'BIND_SIG')
    }
  })

  test('A-004 parameters that are signed in another order are refused', async () => {
    const [message = '', state = '', algorithm = ''] = place.pairs
    for (const pairs of [
      [state, message, algorithm],
      [message, algorithm, state],
      [algorithm, message, state],
    ]) {
      await attack(await signedPairs(pairs), 'BIND_SIG')
    }
    await attack([...(await signedPairs([message, state])), algorithm], 'BIND_SIG')
    await attack([...(await signedPairs([message, algorithm])), state], 'BIND_SIG')
  })

  test('R-MF-40, A-004 where the parameters stand in the query changes nothing', async () => {
    expectTaken(target, await place.get(place.pairs.toReversed()))
    place = await open(target)
  })

  test.each([
    '',
    'http%3A%2F%2Fwww.w3.org%2F2000%2F09%2Fxmldsig%23rsa-sha1',
    'http%3A%2F%2Fwww.w3.org%2F2000%2F09%2Fxmldsig%23dsa-sha1',
    'http%3A%2F%2Fwww.w3.org%2F2000%2F09%2Fxmldsig%23hmac-sha1',
    'http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23hmac-sha256',
    'http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23ecdsa-sha1',
    'HTTP%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23ecdsa-sha256',
    'http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23ecdsa-sha256%20',
    '%20http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23ecdsa-sha256',
    'http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23ECDSA-SHA256',
    'ecdsa-sha256',
    'none',
    'toString',
    '__proto__',
    'urn%3Aunknown',
  ])('A-005 an algorithm that is not allowed is refused, though the key signed just this: %j', async (algorithm) => {
    await attack(await signedPairs([pairOf('SAMLRequest'), pairOf('RelayState'), `SigAlg=${algorithm}`]), 'BIND_SIGALG')
  })

  test('A-005 an allowed algorithm that is not the key’s does not verify', async () => {
    const pairs = [pairOf('SAMLRequest'), pairOf('RelayState')]
    for (const algorithm of ['ecdsa-sha384', 'ecdsa-sha512']) {
      const named = `SigAlg=${encodeURIComponent(`http://www.w3.org/2001/04/xmldsig-more#${algorithm}`)}`
      await attack(await signedPairs([...pairs, named]), 'BIND_SIG')
    }
    const pss = `SigAlg=${encodeURIComponent('http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1')}`
    await attack(await signedPairs([...pairs, pss]), 'BIND_SIG')
  })

  test('A-006 without a whole signature nothing is accepted', async () => {
    await attack(without('Signature'), 'BIND_UNSIGNED')
    await attack(without('SigAlg'), 'BIND_UNSIGNED')
    await attack(without('Signature', 'SigAlg'), 'BIND_UNSIGNED')
    await attack(
      replaced('Signature', () => ''),
      'BIND_B64',
    )
    await attack(
      replaced('Signature', () => 'AAAA'),
      'BIND_SIG',
    )
    await attack(await signedPairs(without('Signature'), (await testKey('mallory')).signing()), 'BIND_SIG')
  })

  test('A-007 a message that is signed in the query and inside is refused', async () => {
    const inside = await sign(mintRequest(place.peer), place.peer.signing)
    const pairs = withMessage(deflateRawSync(inside)).slice(0, 3)
    await attack(await signedPairs(pairs), 'BIND_TWO_SIGS')
  })

  test('A-011, A-303 a bomb is not inflated beyond 32768 octets', async () => {
    await attack(withMessage(deflateRawSync(Buffer.alloc(10_000_000))), 'BIND_INFLATE')
    await attack(withMessage(deflateRawSync(Buffer.alloc(32_769, ' '))), 'BIND_INFLATE')
    const twice = deflateRawSync(deflateRawSync(Buffer.alloc(20_000_000)))
    await attack(await signedPairs(withMessage(twice).slice(0, 3)), 'XML_UTF8')
  })

  test('A-012 octets behind the stream, or a second stream, are refused', async () => {
    const stream = Buffer.from(decodeURIComponent(valueIn('SAMLRequest')), 'base64')
    for (const octets of [
      Buffer.concat([stream, Buffer.from('GARBAGE')]),
      Buffer.concat([stream, Buffer.alloc(1)]),
      Buffer.concat([stream, stream]),
    ]) {
      await attack(await signedPairs(withMessage(octets).slice(0, 3)), 'BIND_INFLATE')
    }
  })

  test('A-013 another wrapper than none is refused, and so is a stored block', async () => {
    for (const octets of [
      deflateSync(place.xml),
      gzipSync(place.xml),
      deflateRawSync(place.xml, { level: 0 }),
      Buffer.from(place.xml),
    ]) {
      await attack(await signedPairs(withMessage(octets).slice(0, 3)), 'BIND_INFLATE')
    }
  })

  test('A-014 a stream that is cut off is refused', async () => {
    const stream = Buffer.from(decodeURIComponent(valueIn('SAMLRequest')), 'base64')
    for (const end of [1, 2, 10, stream.length - 1]) {
      await attack(await signedPairs(withMessage(stream.subarray(0, stream.length - end)).slice(0, 3)), 'BIND_INFLATE')
    }
  })

  test('A-009 a response in the place of a request is another kind of message', async () => {
    const asked = { answerer: place.peer, requestId: freshId() }
    const response = Buffer.from(await sign(mintResponse(asked), place.peer.signing)).toString()
    const unsigned = Buffer.from(response.replace(/<ds:Signature.*<\/ds:Signature>/, ''))
    await attack(await signedPairs(withMessage(deflateRawSync(unsigned)).slice(0, 3)), 'SAML_TYPE')
  })
})

describe.each(plainQueries)('at the %s', (_, open) => {
  beforeEach(async () => {
    place = await open(target)
  })
  afterEach(() => place.expectIntact())

  test('A-006 XML that is not signed inside is refused', async () => {
    await attack(withMessage(place.xml), 'DS_MISSING')
  })

  test('A-006, A-007 half a signature or a whole one beside XML that is signed inside is refused', async () => {
    const algorithm = `SigAlg=${encodeURIComponent(place.peer.signing.algorithm)}`
    await attack([...place.pairs, algorithm], 'BIND_UNSIGNED')
    await attack([...place.pairs, 'Signature=AAAA'], 'BIND_UNSIGNED')
    await attack(await signedPairs([...place.pairs, algorithm]), 'BIND_INFLATE')
  })

  test('A-013 what is signed inside may be deflated, but not wrapped or stored', async () => {
    await attack(withMessage(gzipSync(place.xml)), 'BIND_INFLATE')
    await attack(withMessage(deflateSync(place.xml)), 'BIND_INFLATE')
    await attack(withMessage(deflateRawSync(place.xml, { level: 0 })), 'BIND_INFLATE')
  })

  test('A-011, A-012, A-014 what is signed inside and deflated is one whole stream within the limit', async () => {
    const stream = deflateRawSync(place.xml)
    await attack(withMessage(Buffer.concat([stream, stream])), 'BIND_INFLATE')
    await attack(withMessage(stream.subarray(0, -1)), 'BIND_INFLATE')
    await attack(withMessage(deflateRawSync(Buffer.alloc(1_000_000, '<'))), 'BIND_INFLATE')
  })

  test('A-006 a deflated message that only looks as if it were signed is refused', async () => {
    const message = Buffer.from(decodeURIComponent(valueIn('SAMLRequest')), 'base64').toString()
    const unsigned = message.replace(/<ds:Signature.*<\/ds:Signature>/, '')
    await attack(withMessage(deflateRawSync(Buffer.from(unsigned))), 'BIND_UNSIGNED')
    const disguised = unsigned.replace(/(<saml2p?:Issuer[^>]*>)/, '$1SignatureValue')
    await attack(withMessage(deflateRawSync(Buffer.from(disguised))), 'DS_MISSING')
  })

  test('A-009 a response in the place of a request is another kind of message', async () => {
    const asked = { answerer: place.peer, requestId: freshId() }
    await attack(withMessage(await sign(mintResponse(asked), place.peer.signing)), 'SAML_TYPE')
  })
})
