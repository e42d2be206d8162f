import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { writeAuthnRequest } from '../../../../src/saml/authn-request.ts'
import type { BindingInput } from '../../../../src/saml/bindings/message.ts'
import { receiveRedirect, redirectUrl } from '../../../../src/saml/bindings/redirect.ts'
import { messageLimits } from '../../../../src/xml/limits.ts'
import { ns, samlp } from '../../../../src/xml/names.ts'
import { writeXml } from '../../../../src/xml/writer.ts'
import { withVerifiedOctets } from '../../../../src/xmlsec/octets.ts'
import { testKey } from '../../../testkit/keys.ts'
import fc from '../../../testkit/properties.ts'
import { texts } from '../arbitraries.ts'
import { request } from '../samples.ts'
import { ESCAPED, redirected, XML } from './inputs.ts'

const SIGNED = 'SigAlg=urn%3Aa&Signature=QUFB'

function codeOf(input: BindingInput): string {
  try {
    receiveRedirect(input)
    return 'accepted'
  } catch (fault) {
    return fault instanceof Error && 'code' in fault ? String(fault.code) : String(fault)
  }
}

function compressed(octets: Uint8Array): string {
  return `SAMLRequest=${encodeURIComponent(Buffer.from(octets).toString('base64'))}&${SIGNED}`
}

const xml = writeXml(writeAuthnRequest(request))

async function queryOf(relayState?: string): Promise<string> {
  const key = (await testKey()).signing()
  const url = await redirectUrl({ location: 'https://idp.example/sso', parameter: 'SAMLRequest', xml, relayState }, key)
  return url.slice(url.indexOf('?') + 1)
}

/** 'verified', or the code of the refusal. */
async function verdict(query: string): Promise<string> {
  const key = await testKey()
  const trusted = { keys: [key.verification], algorithms: [key.signing().algorithm] }
  const expected = {
    root: [samlp('AuthnRequest')],
    schema: 'protocol',
    limits: messageLimits,
    keysFor: () => trusted,
  } as const
  try {
    const bound = receiveRedirect(redirected(query))
    if (bound.detached === undefined) return 'unsigned'
    return withVerifiedOctets(bound.xml, expected, bound.detached, () => 'verified')
  } catch (fault) {
    return fault instanceof Error && 'code' in fault ? String(fault.code) : String(fault)
  }
}

describe('HTTP-Redirect', () => {
  test('what we send is received as it was sent', async () => {
    const key = (await testKey()).signing()
    const relayStates = fc.option(fc.stringMatching(/^[ -~]{1,80}$/), { nil: undefined })
    await fc.assert(
      fc.asyncProperty(texts, relayStates, async (text, relayState) => {
        // With as much that repeats itself as any message has: what is too short to be made shorter is not deflated.
        const xml = Buffer.from(`<samlp:AuthnRequest xmlns:samlp="${ns.samlp}">${text}</samlp:AuthnRequest>`)
        const message = { location: 'https://idp.example/sso', xml }
        const url = await redirectUrl({ ...message, parameter: 'SAMLRequest', relayState }, key)
        const bound = receiveRedirect(redirected(url.slice(url.indexOf('?') + 1)))
        expect(bound).toMatchObject({
          parameter: 'SAMLRequest',
          xml: message.xml,
          detached: { algorithm: key.algorithm },
        })
        expect(bound.relayState).toBe(relayState)
      }),
    )
  })

  test.each([undefined, 'state', 'a b&c=d'])(
    'what we send verifies over the octets received, RelayState %j',
    async (state) => {
      expect(await verdict(await queryOf(state))).toBe('verified')
    },
  )

  test('a location with a query keeps it', async () => {
    const message = { location: 'https://idp.example/sso?a=b', parameter: 'SAMLResponse', xml: XML } as const
    const url = await redirectUrl(message, (await testKey()).signing())
    expect(url).toMatch(/^https:\/\/idp\.example\/sso\?a=b&SAMLResponse=/)
  })

  test('A-004 the order in the query does not matter, for the signed octets are put in order', async () => {
    const pairs = (await queryOf('state')).split('&')
    expect(await verdict([...pairs].reverse().join('&'))).toBe('verified')
  })

  test.each(['RelayState=b', 'RelayState=', 'RelayState'])('A-004 with %s added it is BIND_SIG', async (pair) => {
    expect(await verdict(`${await queryOf()}&${pair}`)).toBe('BIND_SIG')
  })

  test.each([
    ['dropped', ''],
    ['emptied', 'RelayState=&'],
    ['exchanged', 'RelayState=other&'],
  ])('A-004 with the RelayState %s it is BIND_SIG', async (_, replacement) => {
    expect(await verdict((await queryOf('state')).replace('RelayState=state&', replacement))).toBe('BIND_SIG')
  })

  test.each([
    ['a plus for a blank', 'a%20b', 'a+b'],
    ['small hexadecimal digits', '%3A', '%3a'],
    ['an escape that was not needed', 'SigAlg=h', 'SigAlg=%68'],
  ])('A-003 escaped in another way, %s, it is BIND_SIG', async (_, from, to) => {
    const query = await queryOf('a b')
    expect(query).toContain(from)
    expect(await verdict(query.replace(from, to))).toBe('BIND_SIG')
  })

  test.each(['', 'http%3A%2F%2Fwww.w3.org%2F2000%2F09%2Fxmldsig%23rsa-sha1', 'urn%3Aunknown'])(
    'A-005 with SigAlg %j it is BIND_SIGALG',
    async (algorithm) => {
      expect(await verdict((await queryOf()).replace(/SigAlg=[^&]*/, `SigAlg=${algorithm}`))).toBe('BIND_SIGALG')
    },
  )

  test('A-003 escaped twice the message is BIND_B64', () => {
    expect(codeOf(redirected(`SAMLRequest=QQ%253D%253D&${SIGNED}`))).toBe('BIND_B64')
  })

  test('R-MF-40 without SigAlg and Signature the XML is there as it is', () => {
    expect(receiveRedirect(redirected(`SAMLRequest=${ESCAPED}&RelayState=a`))).toEqual({
      parameter: 'SAMLRequest',
      xml: XML,
      relayState: 'a',
    })
  })

  test.each([
    ['both', ''],
    ['SigAlg', '&Signature=QUFB'],
    ['Signature', '&SigAlg=urn%3Aa'],
  ])('A-006 a deflated message without %s is BIND_UNSIGNED', (_, rest) => {
    const value = encodeURIComponent(deflateRawSync(XML).toString('base64'))
    expect(codeOf(redirected(`SAMLRequest=${value}${rest}`))).toBe('BIND_UNSIGNED')
  })

  test('A-007 plain XML is not taken where the query is signed', () => {
    expect(codeOf(redirected(`SAMLRequest=${ESCAPED}&${SIGNED}`))).toBe('BIND_INFLATE')
  })

  test('A-011, A-303 32768 octets of a request are inflated, one more is BIND_INFLATE', () => {
    expect(codeOf(redirected(compressed(deflateRawSync(Buffer.alloc(32_768)))))).toBe('accepted')
    expect(codeOf(redirected(compressed(deflateRawSync(Buffer.alloc(32_769)))))).toBe('BIND_INFLATE')
    expect(codeOf(redirected(compressed(deflateRawSync(Buffer.alloc(10_000_000)))))).toBe('BIND_INFLATE')
  })

  const stream = deflateRawSync(XML)
  test.each([
    ['A-012 octets behind the stream', Buffer.concat([stream, Buffer.from('GARBAGE')])],
    ['A-012 one octet behind the stream', Buffer.concat([stream, Buffer.alloc(1)])],
    ['A-012 two streams', Buffer.concat([stream, stream])],
    ['A-013 a zlib wrapper', deflateSync(XML)],
    ['A-013 a gzip wrapper', gzipSync(XML)],
    ['A-013 a stored block', deflateRawSync(XML, { level: 0 })],
    ['A-014 a stream cut short', stream.subarray(0, -2)],
    ['A-014 nothing but a block type', Buffer.from([0x03 | 0x04])],
  ])('%s is BIND_INFLATE', (_, octets) => {
    expect(codeOf(redirected(compressed(octets)))).toBe('BIND_INFLATE')
  })

  test.each([
    ['A-001 SAMLRequest twice', `SAMLRequest=${ESCAPED}&SAMLRequest=${ESCAPED}`, 'BIND_DUP_PARAM'],
    ['A-001 SigAlg twice', `SAMLRequest=${ESCAPED}&${SIGNED}&SigAlg=b`, 'BIND_DUP_PARAM'],
    ['A-001 Signature twice, once escaped', `SAMLRequest=${ESCAPED}&${SIGNED}&%53ignature=b`, 'BIND_DUP_PARAM'],
    ['A-002 both messages', `SAMLRequest=${ESCAPED}&SAMLResponse=${ESCAPED}`, 'BIND_BOTH'],
    ['A-010 another SAMLEncoding', `SAMLRequest=${ESCAPED}&SAMLEncoding=x`, 'BIND_UNSUPPORTED'],
    ['A-016 a Signature that is not base64', compressed(stream).replace('QUFB', 'QUF'), 'BIND_B64'],
    ['A-020 a bad escape', `SAMLRequest=${ESCAPED}&RelayState=%zz`, 'BIND_PCT'],
    ['A-026 a long RelayState', `SAMLRequest=${ESCAPED}&RelayState=${'a'.repeat(81)}`, 'BIND_RELAY'],
    ['A-030 an artifact', 'SAMLart=AAQA', 'BIND_UNSUPPORTED'],
    ['no message', 'RelayState=a', 'BIND_MISSING'],
  ])('%s is refused', (_, query, code) => {
    expect(codeOf(redirected(query))).toBe(code)
  })

  test('A-026 a RelayState may be longer where more is agreed', () => {
    const query = `SAMLRequest=${ESCAPED}&RelayState=${'a'.repeat(81)}`
    expect(receiveRedirect(redirected(query), 81).relayState).toHaveLength(81)
  })

  test('A-015, A-022, A-023 a body, an encoding and other methods are refused', () => {
    const query = `SAMLRequest=${ESCAPED}`
    expect(codeOf(redirected(query, { body: Buffer.from('a') }))).toBe('BIND_SPLIT')
    expect(codeOf(redirected(query, { contentEncoding: 'gzip' }))).toBe('BIND_ENCODING')
    for (const method of ['POST', 'HEAD', 'PUT']) expect(codeOf(redirected(query, { method }))).toBe('BIND_METHOD')
  })
})
