import { writeXml } from '../../src/xml/writer.ts'
import { base64, openFlow, postAnswer, postRequest } from '../testkit/flow.ts'
import { mintRequest, mintResponse, sign } from '../testkit/mint.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { acsForms, type FormPlace, forms, send, ssoForms } from '../testkit/transport.ts'
import { expectAnswered, expectNotReusable, expectPage } from '../testkit/verdict.ts'
import { encodeForm } from '../testkit/wire.ts'

/* How a message may not come by HTTP-POST, at every place that takes forms. */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 30_000)
afterAll(() => target.stop())

const MALICE = base64(Buffer.from('<saml2p:Response/>'))

describe.each(forms)('at the %s', (_, open) => {
  let place: FormPlace
  beforeEach(async () => {
    place = await open(target)
  })
  /** Every refusal here is a page, and leaves the message and the flow as they were. */
  afterEach(() => place.expectIntact())

  const attack = async (body: string | Uint8Array, code: Parameters<typeof expectPage>[2], headers = {}) =>
    expectPage(target, await send(place, body, headers), code)
  const escaped = (name: string) => `SAML%52${name.slice(5)}`
  const pairs = () => place.body.split('&')

  test('A-001 a parameter that occurs twice is refused, in either order and however its name is written', async () => {
    const { parameter, body, relayState } = place
    const more = `${parameter}=${encodeURIComponent(MALICE)}`
    await attack(`${body}&${more}`, 'BIND_DUP_PARAM')
    await attack(`${more}&${body}`, 'BIND_DUP_PARAM')
    await attack(`${body}&${parameter}`, 'BIND_DUP_PARAM')
    await attack(`${body}&${body}`, 'BIND_DUP_PARAM')
    await attack(`${body}&${escaped(more)}`, 'BIND_DUP_PARAM')
    await attack(`${body}&RelayState=${encodeURIComponent(relayState)}`, 'BIND_DUP_PARAM')
    await attack(escaped(body), 'BIND_EXTRA_FIELD')
  })

  test('A-002 a request and a response in one form are refused, in either order', async () => {
    const other = place.parameter === 'SAMLRequest' ? 'SAMLResponse' : 'SAMLRequest'
    await attack(`${place.body}&${other}=${encodeURIComponent(MALICE)}`, 'BIND_BOTH')
    await attack(`${other}=${encodeURIComponent(MALICE)}&${place.body}`, 'BIND_BOTH')
    await attack(`${place.body}&${other}=`, 'BIND_BOTH')
  })

  test.each(['br', 'gzip', 'deflate', 'identity', 'x-gzip, br', ''])(
    'A-015 a Content-Encoding is refused: %j',
    async (encoding) => {
      await attack(place.body, 'BIND_ENCODING', { 'Content-Encoding': encoding })
    },
  )

  test('A-016 base64 is taken to the letter, but for line ends', async () => {
    const good = base64(padded(place.message))
    const changed = [
      `${good.slice(0, 40)} ${good.slice(40)}`,
      `${good.slice(0, 40)}\t${good.slice(40)}`,
      good.replace(/=+$/, ''),
      `${good}=`,
      `${good}====`,
      `${good}QQ==`,
      `${good.slice(0, 40)}!${good.slice(40)}`,
      good.replace(/.==$/, (end) => `${nextLetter(end.charAt(0))}==`),
      `${good.slice(0, 8)}=${good.slice(8)}`,
      Buffer.from(good, 'base64').toString('base64url'),
      `data:;base64,${good}`,
      `${good}\0`,
    ]
    for (const value of changed) {
      await attack(withMessage(value), 'BIND_B64')
    }
  })

  test('A-017 a message of more than 131072 characters is refused before it is decoded', async () => {
    await attack(withMessage('A'.repeat(131_073)), 'BIND_SIZE')
    await attack(withMessage('%'.repeat(131_073)), 'BIND_SIZE')
  })

  test('A-017 a body that does not end is cut off', async () => {
    await attack('A'.repeat(900_000), 'BIND_SIZE')
    const head = [
      `POST ${new URL(place.url).pathname} HTTP/1.1`,
      'Host: localhost',
      'Content-Type: application/x-www-form-urlencoded',
    ]
    const announced = await target.wire.raw([...head, 'Content-Length: 1073741824', '', 'a'].join('\r\n'))
    expect(announced).toMatch(/^HTTP\/1\.1 413 /)
    const chunk = `${(65_536).toString(16)}\r\n${'a'.repeat(65_536)}\r\n`
    const endless = await target.wire.raw([...head, 'Transfer-Encoding: chunked', '', chunk.repeat(60)].join('\r\n'))
    expect(endless).toMatch(/^HTTP\/1\.1 413 /)
  })

  test('A-018 many fields, or a name beyond measure, are refused', async () => {
    await attack(`${place.body}${'&a=b'.repeat(10_000)}`, 'BIND_SIZE')
    await attack(`${place.body}${'&a'.repeat(31)}`, 'BIND_SIZE')
    await attack(`${place.body}${'&'.repeat(31)}`, 'BIND_SIZE')
    await attack(`${place.body}&${'n'.repeat(65)}=`, 'BIND_SIZE')
    await attack(`${place.body}&${'n'.repeat(1_000_000)}=`, 'BIND_SIZE')
  })

  test.each([
    'application/x-www-form-urlencoded; charset=iso-8859-1',
    'application/x-www-form-urlencoded; charset=utf-16',
    'application/x-www-form-urlencoded; charset=utf-8; charset=utf-16',
    'application/x-www-form-urlencoded; charset="utf-8"',
    'application/x-www-form-urlencoded;',
    'application/x-www-form-urlencodedx',
    'multipart/form-data; boundary=x',
    'application/json',
    'text/plain',
    'application/xml',
    '*/*',
    '',
  ])('A-019 a body of another type is refused: %j', async (type) => {
    await attack(place.body, 'BIND_CTYPE', { 'Content-Type': type })
  })

  test('A-019 two types are refused, and so is none', async () => {
    const type = 'application/x-www-form-urlencoded'
    await attack(place.body, 'BIND_CTYPE', { 'Content-Type': [type, 'text/plain'] })
    const lines = [
      `POST ${new URL(place.url).pathname} HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      `Content-Length: ${place.body.length}`,
      ...(place.cookies === undefined ? [] : [`Cookie: ${place.cookies}`]),
      '',
      place.body,
    ]
    expect(await target.wire.raw(lines.join('\r\n'))).toMatch(/^HTTP\/1\.1 415 /)
  })

  test.each(['%zz', '%', '%4', '%ff', '%C0%BC', '%ED%A0%80', '%F4%90%80%80', 'é', ' ', '\0', '\r\n', '\x7f'])(
    'A-020 a bad escape or octet is refused: %j',
    async (bad) => {
      await attack(`${pairs()[0]}&RelayState=${bad}`, 'BIND_PCT')
      await attack(`${place.body}&x${bad}=`, 'BIND_PCT')
    },
  )

  test('A-021 a name of another spelling is refused', async () => {
    const { parameter, body, message } = place
    const value = encodeURIComponent(base64(message))
    const names = [
      `${parameter}[]`,
      `${parameter}%5B%5D`,
      `${parameter}[x]`,
      parameter.toLowerCase(),
      parameter.toUpperCase(),
      `${parameter}.x`,
      ` ${parameter}`.replace(' ', '+'),
      `${parameter}%00`,
      `%EF%BB%BF${parameter}`,
      `%EF%BC%B3${parameter.slice(1)}`,
    ]
    for (const name of names) {
      await attack(`${name}=${value}&${pairs()[1]}`, 'BIND_EXTRA_FIELD')
      await attack(`${body}&${name}=${value}`, 'BIND_EXTRA_FIELD')
    }
    await attack(body.replace('&', ';'), 'BIND_B64')
    await attack(body.replace('&', '%26'), 'BIND_B64')
  })

  test('A-022 a message in body and query is refused, and so is any query beside a form', async () => {
    for (const query of [`${place.parameter}=${MALICE}`, place.body, 'x=y', 'lang=fr']) {
      const answer = await target.wire.post(`${place.url}?${query}`, place.body, { cookies: place.cookies })
      expectPage(target, answer, 'BIND_SPLIT')
    }
  })

  test('A-307 a field of another name is no message', async () => {
    const value = encodeURIComponent(base64(place.message))
    for (const name of ['__proto__', '__proto__[x]', 'constructor', '', 'response', `${place.parameter}s`]) {
      await attack(`${name}=${value}&${pairs()[1]}`, 'BIND_MISSING')
    }
  })

  test.each(['_method=GET', 'X-HTTP-Method-Override=GET', '_charset_=utf-16'])(
    'A-023 a method, or a character set, is not taken from a field: %s',
    async (more) => {
      await attack(`${pairs()[1]}&${more}`, 'BIND_MISSING')
      await attack(`${pairs()[0]}&RelayState=%e9&${more}`, 'BIND_PCT')
    },
  )

  test('A-026 a RelayState of more than 80 octets, or not printable ASCII, is refused', async () => {
    const states = ['a'.repeat(81), 'a\r\nSet-Cookie: x=y', 'a\0', 'a\x7f', 'é', '‮', '\t']
    for (const state of states) {
      await attack(
        encodeForm([
          [place.parameter, base64(place.message)],
          ['RelayState', state],
        ]),
        'BIND_RELAY',
      )
    }
    await attack(`${pairs()[0]}&RelayState=${'a'.repeat(1_000_000)}`, 'BIND_SIZE')
  })

  test('A-030 an artifact is refused, alone or beside a message', async () => {
    await attack('SAMLart=AAQAAMFbLinlXaCM%2BFIxiDwGOLAy2T71gbpO7ZhNzAgEANlB90ECfpNEVLg%3D', 'BIND_UNSUPPORTED')
    await attack(`${place.body}&SAMLart=AAQA`, 'BIND_UNSUPPORTED')
  })

  test('A-030 a SOAP envelope is refused', async () => {
    const envelope = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>${Buffer.from(place.message)}</S:Body></S:Envelope>`
    await attack(envelope, 'BIND_CTYPE', { 'Content-Type': 'text/xml', SOAPAction: '"x"' })
  })

  test.each(['', 'RelayState=x', 'SAMLRequest=', 'SAMLResponse', '='])(
    'no message at all is told apart: %j',
    async (body) => {
      await attack(body, 'BIND_MISSING')
    },
  )

  /** The body with another message, its RelayState kept. */
  function withMessage(value: string): string {
    return encodeForm([
      [place.parameter, value],
      ['RelayState', place.relayState],
    ])
  }
})

describe.each(ssoForms)('at the %s', (_, open) => {
  test.each([
    'SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature=AAAA',
    'SigAlg=a&Signature=b&KeyInfo=PGRzOktleUluZm8vPg%3D%3D',
  ])('A-008 the fields of POST-SimpleSign sign nothing: %s', async (more) => {
    const place = await open(target)
    const unsigned = base64(writeXml(mintRequest(place.peer)))
    expectPage(target, await send(place, `SAMLRequest=${encodeURIComponent(unsigned)}&${more}`), 'DS_MISSING')
    await place.expectIntact()
  })

  test('A-009 a response is no request, whichever parameter it is in', async () => {
    const place = await open(target)
    expectPage(target, await send(place, `SAMLResponse=${encodeURIComponent(base64(place.message))}`), 'BIND_WRONG')
    await place.expectIntact()
  })
})

describe.each(acsForms)('at the %s', (_, open) => {
  test('A-009 a request is no answer: the right parameter is asked for, and nothing is lost', async () => {
    const place = await open(target)
    const request = await sign(mintRequest(place.peer), place.peer.signing)
    const body = encodeForm([
      ['SAMLRequest', base64(request)],
      ['RelayState', place.relayState],
    ])
    expectPage(target, await send(place, body), 'BIND_WRONG')
    await place.expectIntact()
  })
})

test.each(['connector', 'proxy-service'] as const)(
  'A-009 a message of another kind in the right parameter is no request and no answer: %s',
  async (half) => {
    const flow = await openFlow(target, half)
    const { asker, answerer } = flow
    const response = mintResponse({ answerer: { ...answerer, entityId: asker.entityId }, requestId: flow.requestId })
    expectPage(target, await postRequest(target, asker, await sign(response, asker.signing)), 'SAML_TYPE')
    const request = mintRequest({ ...asker, entityId: answerer.entityId })
    expectAnswered(flow, await postAnswer(flow, await sign(request, answerer.signing)), 'SAML_TYPE')
    await expectNotReusable(flow)
  },
)

/** White space after the root changes nothing, and lets the base64 end in two paddings. */
function padded(message: Uint8Array): Uint8Array {
  const spaces = [0, 1, 2].find((count) => (message.length + count) % 3 === 1) ?? 0
  return Buffer.concat([message, Buffer.from('\n'.repeat(spaces))])
}

function nextLetter(letter: string): string {
  return String.fromCharCode(letter.charCodeAt(0) + 1)
}
