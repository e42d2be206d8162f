import { gzipSync } from 'node:zlib'
import type { BindingInput } from '../../../../src/saml/bindings/message.ts'
import { postFields, receivePost } from '../../../../src/saml/bindings/post.ts'
import fc from '../../../testkit/properties.ts'
import { BASE64, ESCAPED, posted, XML } from './inputs.ts'

function codeOf(input: BindingInput): string {
  try {
    receivePost(input)
    return 'accepted'
  } catch (fault) {
    return fault instanceof Error && 'code' in fault ? String(fault.code) : String(fault)
  }
}

describe('HTTP-POST reception', () => {
  test('a form gives the octets of the XML and the RelayState', () => {
    expect(receivePost(posted(`SAMLResponse=${ESCAPED}&RelayState=a+b%21`))).toEqual({
      parameter: 'SAMLResponse',
      xml: XML,
      relayState: 'a b!',
    })
    expect(receivePost(posted(`RelayState=&SAMLRequest=${ESCAPED}`))).toEqual({
      parameter: 'SAMLRequest',
      xml: XML,
      relayState: undefined,
    })
  })

  test.each([
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded;charset=UTF-8',
    'application/x-www-form-urlencoded; charset=utf-8',
  ])('%s is a form in UTF-8', (contentType) => {
    expect(codeOf(posted(`SAMLResponse=${ESCAPED}`, { contentType }))).toBe('accepted')
  })

  test('line ends in the base64 are layout', () => {
    const folded = encodeURIComponent(BASE64.replace(/.{20}/g, '$&\r\n'))
    expect(receivePost(posted(`SAMLResponse=${folded}`)).xml).toEqual(XML)
  })

  test.each([
    [`SAMLResponse=${ESCAPED}&SAMLResponse=QQ==`],
    [`SAMLResponse=QQ==&SAMLResponse=${ESCAPED}`],
    [`SAMLResponse=${ESCAPED}&SAML%52esponse=QQ==`],
    [`SAML%52esponse=QQ==&SAMLResponse=${ESCAPED}`],
    [`SAMLResponse=${ESCAPED}&RelayState=a&RelayState=a`],
  ])('A-001 a parameter twice is BIND_DUP_PARAM: %s', (body) => {
    expect(codeOf(posted(body))).toBe('BIND_DUP_PARAM')
  })

  test('A-002 both messages are BIND_BOTH', () => {
    expect(codeOf(posted(`SAMLResponse=${ESCAPED}&SAMLRequest=${ESCAPED}`))).toBe('BIND_BOTH')
  })

  test.each(['', 'RelayState=a', 'SAMLResponse=', 'SAMLResponse'])('no message is BIND_MISSING: %j', (body) => {
    expect(codeOf(posted(body))).toBe('BIND_MISSING')
  })

  test.each([
    ['A-021', 'SAMLResponse[]=QQ=='],
    ['A-021', 'samlresponse=QQ=='],
    ['A-021', 'x;SAMLResponse=QQ=='],
    ['A-021', 'SAMLRESPONSE.x=QQ=='],
  ])('%s a field that looks like one of ours is BIND_EXTRA_FIELD: %j', (_, field) => {
    expect(codeOf(posted(`SAMLResponse=${ESCAPED}&${field}`))).toBe('BIND_EXTRA_FIELD')
  })

  test.each([
    ['A-008', 'SigAlg=a'],
    ['A-008', 'Signature=a'],
    ['A-008', 'KeyInfo=a'],
    ['A-010', 'SAMLEncoding=gzip'],
    ['A-307', '__proto__[x]=1'],
    ['A-307', '__proto__=1'],
    ['A-307', '=1'],
    ['A-307', ''],
    ['A-023', '_method=PUT'],
  ])('%s another field is ignored (Bindings 3.5.4): %j', (_, field) => {
    expect(receivePost(posted(`SAMLResponse=${ESCAPED}&${field}`))).toEqual(
      receivePost(posted(`SAMLResponse=${ESCAPED}`)),
    )
  })

  test('A-001, A-021 the one parameter with its name escaped is BIND_EXTRA_FIELD', () => {
    expect(codeOf(posted(`SAML%52esponse=${ESCAPED}`))).toBe('BIND_EXTRA_FIELD')
  })

  test('A-030 an artifact is BIND_UNSUPPORTED', () => {
    expect(codeOf(posted('SAMLart=AAQAAM'))).toBe('BIND_UNSUPPORTED')
  })

  test('A-015 any Content-Encoding is BIND_ENCODING', () => {
    const body = gzipSync(`SAMLResponse=${ESCAPED}`)
    for (const contentEncoding of ['gzip', 'br', 'deflate', 'identity', '']) {
      expect(codeOf(posted(body, { contentEncoding }))).toBe('BIND_ENCODING')
    }
  })

  test.each([
    ['a blank inside', `${BASE64.slice(0, 8)} ${BASE64.slice(8)}`],
    ['a tab inside', `${BASE64.slice(0, 8)}\t${BASE64.slice(8)}`],
    ['the URL alphabet', 'PGE-PC9hPg_8'],
    ['missing padding', 'QQ'],
    ['half a padding', 'QQ='],
    ['excess padding', 'QUFB='],
    ['junk', 'QQ==!'],
    ['spare bits', 'QR=='],
    ['data behind the padding', 'QQ==QQ=='],
    ['nothing but line ends', '\r\n'],
    ['a plus that was not escaped', 'QQ+Q'.replace('+', ' ')],
  ])('A-016 base64 with %s is BIND_B64', (_, value) => {
    expect(codeOf(posted(`SAMLResponse=${encodeURIComponent(value)}`))).toBe('BIND_B64')
  })

  test('A-017 131072 characters are taken, one group more is BIND_SIZE', () => {
    const longest = 'QUFB'.repeat(131_072 / 4)
    expect(receivePost(posted(`SAMLResponse=${longest}`)).xml).toHaveLength(98_304)
    expect(codeOf(posted(`SAMLResponse=${longest}QUFB`))).toBe('BIND_SIZE')
  })

  test('A-017, A-018 a body or a name beyond measure, or many fields, are BIND_SIZE', () => {
    expect(codeOf(posted(`SAMLResponse=${'%41'.repeat(131_072)}&RelayState=${'a'.repeat(9_000)}`))).toBe('BIND_SIZE')
    expect(codeOf(posted(`${'a'.repeat(65)}=1`))).toBe('BIND_SIZE')
    expect(codeOf(posted(Array.from({ length: 33 }, (_, i) => `f${i}=1`).join('&')))).toBe('BIND_SIZE')
    expect(codeOf(posted(`${'a=1&'.repeat(10_000)}a=1`))).toBe('BIND_SIZE')
  })

  test.each([
    undefined,
    '',
    'text/plain',
    'application/json',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded; charset=iso-8859-1',
    'application/x-www-form-urlencoded; charset=utf-16',
    'application/x-www-form-urlencoded; charset=utf-8; charset=utf-16',
    'application/x-www-form-urlencoded, text/plain',
    'application/x-www-form-urlencoded\n',
  ])('A-019 %j is BIND_CTYPE', (contentType) => {
    expect(codeOf(posted(`SAMLResponse=${ESCAPED}`, { contentType }))).toBe('BIND_CTYPE')
  })

  test.each(['%zz', '%', '%4', '%ff', '%C0%BC', '%ED%A0%80', '%F4%90%80%80', 'ü', ' ', '\0', '\n'])(
    'A-020 %j in a value is BIND_PCT',
    (value) => {
      expect(codeOf(posted(`SAMLResponse=${ESCAPED}&RelayState=${value}`))).toBe('BIND_PCT')
    },
  )

  test('A-020 octets that are no UTF-8 are BIND_PCT', () => {
    expect(codeOf(posted(Buffer.from([...Buffer.from('RelayState='), 0xff])))).toBe('BIND_PCT')
  })

  test('A-022 a query beside the form is BIND_SPLIT', () => {
    expect(codeOf(posted(`SAMLResponse=${ESCAPED}`, { query: 'SAMLResponse=QQ==' }))).toBe('BIND_SPLIT')
    expect(codeOf(posted(`SAMLResponse=${ESCAPED}`, { query: 'a' }))).toBe('BIND_SPLIT')
  })

  test.each(['GET', 'HEAD', 'PUT', 'OPTIONS', 'TRACE', 'post'])('A-023 %s is BIND_METHOD', (method) => {
    expect(codeOf(posted(`SAMLResponse=${ESCAPED}`, { method }))).toBe('BIND_METHOD')
  })

  test.each([
    ['81 characters', 'a'.repeat(81)],
    ['CR LF', 'a%0D%0Ab'],
    ['NUL', 'a%00'],
    ['DEL', '%7F'],
    ['beyond ASCII', '%C3%BC'],
  ])('A-026 a RelayState with %s is BIND_RELAY', (_, relayState) => {
    expect(codeOf(posted(`SAMLResponse=${ESCAPED}&RelayState=${relayState}`))).toBe('BIND_RELAY')
  })

  test('A-026 a RelayState of 80 printable characters is taken to the letter', () => {
    const relayState = `//evil?${'~'.repeat(73)}`
    const body = `SAMLResponse=${ESCAPED}&RelayState=${encodeURIComponent(relayState)}`
    expect(receivePost(posted(body)).relayState).toBe(relayState)
  })

  test('A-026 where more is agreed it may be longer, and still nothing but printable ASCII', () => {
    const body = (relayState: string) => `SAMLRequest=${ESCAPED}&RelayState=${encodeURIComponent(relayState)}`
    expect(receivePost(posted(body('a'.repeat(200))), 200).relayState).toHaveLength(200)
    for (const relayState of ['a'.repeat(201), 'a\r\nb']) {
      expect(() => receivePost(posted(body(relayState)), 200)).toThrow(expect.objectContaining({ code: 'BIND_RELAY' }))
    }
  })
})

describe('HTTP-POST sending', () => {
  test('what a form of ours carries is received as it was sent', () => {
    const relayStates = fc.option(fc.stringMatching(/^[ -~]{1,80}$/), { nil: undefined })
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), relayStates, (xml, relayState) => {
        const fields = postFields('SAMLRequest', xml, relayState)
        const body = new URLSearchParams(fields.map(([name, value]) => [name, value])).toString()
        expect(receivePost(posted(body))).toEqual({ parameter: 'SAMLRequest', xml: Buffer.from(xml), relayState })
      }),
    )
  })

  test('without RelayState there is no such field', () => {
    expect(postFields('SAMLResponse', XML)).toEqual([['SAMLResponse', BASE64]])
  })

  test('A-026 a RelayState that would be refused is not sent', () => {
    expect(() => postFields('SAMLResponse', XML, 'a'.repeat(81))).toThrow(
      expect.objectContaining({ code: 'BIND_RELAY' }),
    )
    expect(postFields('SAMLResponse', XML, 'a'.repeat(81), 81)).toContainEqual(['RelayState', 'a'.repeat(81)])
  })
})
