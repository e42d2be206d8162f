import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import type { BindingInput } from '../../../../src/saml/bindings/message.ts'
import { receiveRedirect, redirectUrl } from '../../../../src/saml/bindings/redirect.ts'
import type { SigningKey } from '../../../../src/xmlsec/keys.ts'
import { texts } from '../arbitraries.ts'
import { ESCAPED, redirected, XML } from './inputs.ts'

const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })

const key: SigningKey = {
  algorithm: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
  certificates: [],
  sign: async (octets) => sign('sha256', octets, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }),
}

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

async function urlOf(relayState?: string): Promise<string> {
  return redirectUrl({ location: 'https://idp.example/sso', parameter: 'SAMLRequest', xml: XML, relayState }, key)
}

function queryOf(url: string): string {
  return url.slice(url.indexOf('?') + 1)
}

function verifies(query: string): boolean {
  const { detached } = receiveRedirect(redirected(query))
  if (detached === undefined) return false
  const { octets, signature } = detached
  return verify('sha256', octets, { key: pair.publicKey, dsaEncoding: 'ieee-p1363' }, signature)
}

describe('HTTP-Redirect', () => {
  test('what we send is received as it was sent, and its signature verifies over the octets received', async () => {
    const relayStates = fc.option(fc.stringMatching(/^[ -~]{1,80}$/), { nil: undefined })
    await fc.assert(
      fc.asyncProperty(texts, relayStates, async (text, relayState) => {
        const xml = Buffer.from(`<a>${text}</a>`)
        const message = { location: 'https://idp.example/sso', parameter: 'SAMLRequest', xml, relayState } as const
        const query = queryOf(await redirectUrl(message, key))
        expect(receiveRedirect(redirected(query))).toMatchObject({
          parameter: 'SAMLRequest',
          xml,
          detached: { algorithm: key.algorithm },
        })
        expect(receiveRedirect(redirected(query)).relayState).toBe(relayState)
        expect(verifies(query)).toBe(true)
      }),
    )
  })

  test('a location with a query keeps it', async () => {
    const message = { location: 'https://idp.example/sso?a=b', parameter: 'SAMLResponse', xml: XML } as const
    expect(await redirectUrl(message, key)).toMatch(/^https:\/\/idp\.example\/sso\?a=b&SAMLResponse=/)
  })

  test('A-004 the order in the query does not matter, for the signed octets are put in order', async () => {
    const pairs = queryOf(await urlOf('state')).split('&')
    expect(verifies([...pairs].reverse().join('&'))).toBe(true)
  })

  test.each([
    ['added', (query: string) => `${query}&RelayState=b`],
    ['added empty', (query: string) => `${query}&RelayState=`],
    ['added without value', (query: string) => `${query}&RelayState`],
  ])('A-004 with a RelayState %s the signature is over other octets', async (_, change) => {
    expect(verifies(change(queryOf(await urlOf())))).toBe(false)
  })

  test.each([
    ['dropped', ''],
    ['emptied', 'RelayState=&'],
    ['exchanged', 'RelayState=other&'],
  ])('A-004 with the RelayState %s the signature is over other octets', async (_, replacement) => {
    expect(verifies(queryOf(await urlOf('state')).replace('RelayState=state&', replacement))).toBe(false)
  })

  test('A-003 escaped in another way the signature is over other octets', async () => {
    const query = queryOf(await urlOf('a b'))
    expect(verifies(query)).toBe(true)
    expect(verifies(query.replace('a%20b', 'a+b'))).toBe(false)
    expect(verifies(query.replace('%3A', '%3a'))).toBe(false)
  })

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

  test('A-011 131072 octets are inflated, one more is BIND_INFLATE', () => {
    expect(codeOf(redirected(compressed(deflateRawSync(Buffer.alloc(131_072)))))).toBe('accepted')
    expect(codeOf(redirected(compressed(deflateRawSync(Buffer.alloc(131_073)))))).toBe('BIND_INFLATE')
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
    ['A-010 SAMLEncoding', `SAMLRequest=${ESCAPED}&SAMLEncoding=x`, 'BIND_EXTRA_FIELD'],
    ['A-016 a Signature that is not base64', compressed(stream).replace('QUFB', 'QUF'), 'BIND_B64'],
    ['A-020 a bad escape', `SAMLRequest=${ESCAPED}&RelayState=%zz`, 'BIND_PCT'],
    ['A-026 a long RelayState', `SAMLRequest=${ESCAPED}&RelayState=${'a'.repeat(81)}`, 'BIND_RELAY'],
    ['A-030 an artifact', 'SAMLart=AAQA', 'BIND_UNSUPPORTED'],
    ['no message', 'RelayState=a', 'BIND_MISSING'],
  ])('%s is refused', (_, query, code) => {
    expect(codeOf(redirected(query))).toBe(code)
  })

  test('A-015, A-022, A-023 a body, an encoding and other methods are refused', () => {
    const query = `SAMLRequest=${ESCAPED}`
    expect(codeOf(redirected(query, { body: Buffer.from('a') }))).toBe('BIND_SPLIT')
    expect(codeOf(redirected(query, { contentEncoding: 'gzip' }))).toBe('BIND_ENCODING')
    for (const method of ['POST', 'HEAD', 'PUT']) expect(codeOf(redirected(query, { method }))).toBe('BIND_METHOD')
  })
})
