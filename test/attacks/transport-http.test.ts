import { connect } from 'node:net'
import { base64, openFlow, postRequest } from '../testkit/flow.ts'
import { freshId, mintRequest, sign } from '../testkit/mint.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectTaken, type FormPlace, forms, queries, send } from '../testkit/transport.ts'
import { expectPage, expectRefused } from '../testkit/verdict.ts'
import { encodeForm } from '../testkit/wire.ts'

/* What a request line and header fields may not do. */

let target: Target
/** Begun first and judged last, for these take their time. */
let slowHeaders: Promise<string>
let slowBody: Promise<string>
beforeAll(async () => {
  target = await startTarget()
  slowHeaders = trickle('POST /connector/sso HTTP/1.1\r\nHost: localhost\r\n', 'X-Y: z\r\n', 2_000)
  slowBody = trickle('POST /connector/acs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n', 'a', 2_000)
}, 30_000)
afterAll(() => target.stop())

/** Writes the start, and then a little more every so often until the other side has had enough. */
function trickle(start: string, more: string, milliseconds: number): Promise<string> {
  return new Promise((resolve) => {
    const received: Buffer[] = []
    const socket = connect(target.port, 'localhost', () => socket.write(start))
    const timer = setInterval(() => socket.writable && socket.write(more), milliseconds)
    socket.on('data', (chunk) => received.push(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(timer)
      resolve(Buffer.concat(received).toString('latin1'))
    })
  })
}

const paths = [
  '/connector/sso',
  '/connector/acs',
  '/connector/step',
  '/proxy-service/sso',
  '/proxy-service/acs/national',
  '/proxy-service/step',
]

describe.each(paths)('%s', (path) => {
  test.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'CONNECTS', 'post'])(
    'A-023 takes no %s',
    async (method) => {
      const raw = await target.wire.raw(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
      expect(raw).toMatch(/^HTTP\/1\.1 40[05] /)
      expect(raw).not.toMatch(/Access-Control|Set-Cookie/i)
      if (raw.startsWith('HTTP/1.1 405')) expect(target.faults().at(-1)).toMatchObject({ code: 'BIND_METHOD' })
    },
  )
})

test.each(['/connector/acs', '/proxy-service/acs/national', '/connector/step', '/proxy-service/step'])(
  'A-009 %s takes no GET, whatever it carries',
  async (path) => {
    for (const query of ['', '?SAMLResponse=PHg%2B&RelayState=x', '?flow=x&country=XB']) {
      const answer = await target.wire.get(target.origin + path + query)
      expectPage(target, answer, 'BIND_METHOD')
      expect(answer.headers.allow).toBe('POST')
    }
  },
)

describe.each(forms)('at the %s', (_, open) => {
  let place: FormPlace
  beforeEach(async () => {
    place = await open(target)
  })

  test.each(['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method'])(
    'A-023 %s changes nothing',
    async (name) => {
      expectPage(target, await send(place, 'x=y', { [name]: 'GET' }), 'BIND_MISSING')
      await place.expectIntact()
    },
  )

  test('A-024 an absolute target, of another host or of ours, is refused', async () => {
    const { pathname } = new URL(place.url)
    for (const host of ['evil.example', new URL(target.origin).host]) {
      const head = `POST http://${host}${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`
      const type = 'Content-Type: application/x-www-form-urlencoded\r\n'
      const raw = await target.wire.raw(`${head}${type}Content-Length: ${place.body.length}\r\n\r\n${place.body}`)
      expect(raw).toMatch(/^HTTP\/1\.1 421 /)
      expect(target.faults().at(-1)).toMatchObject({ code: 'BIND_HOST' })
    }
    await place.expectIntact()
  })

  test('A-025 a message that two parsers could cut differently is no request at all', async () => {
    const before = target.events.length
    const { pathname } = new URL(place.url)
    const start = [`POST ${pathname} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/x-www-form-urlencoded']
    const length = `Content-Length: ${place.body.length}`
    const hidden = `0\r\n\r\nGET /connector/metadata/eidas HTTP/1.1\r\nHost: localhost\r\n\r\n`
    const heads: readonly (readonly string[])[] = [
      [length, 'Transfer-Encoding: chunked'],
      ['Transfer-Encoding: chunked', length],
      [length, 'Content-Length: 5'],
      [`Content-Length: ${place.body.length}, 5`],
      [`Content-Length: +${place.body.length}`],
      [`Content-Length: 0x10`],
      ['Content-Length : 5'],
      ['Transfer-Encoding: xchunked'],
      ['Transfer-Encoding: chunked, identity'],
      [length, 'X-Folded: a', ' b'],
      [length, 'X-Null: a\0b'],
    ]
    for (const head of heads) {
      const raw = await target.wire.raw([...start, ...head, '', hidden].join('\r\n'))
      expect([head, raw.slice(0, 12)]).toEqual([head, 'HTTP/1.1 400'])
      expect(raw).not.toContain('EntityDescriptor')
    }
    expect(target.events.length).toBe(before)
    await place.expectIntact()
  })
})

describe.each(queries)('at the %s', (_, open) => {
  test('A-024 Host and X-Forwarded fields are not asked where the message should have gone', async () => {
    const place = await open(target)
    const forged = {
      Host: 'evil.example',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      'X-Original-URL': '/admin',
      'X-Rewrite-URL': '/admin',
      Forwarded: 'host=evil.example;proto=https',
    }
    expectTaken(target, await place.get(place.pairs, forged))
    const destination = `https://evil.example${new URL(place.url).pathname}`
    const id = freshId()
    const message = await sign(mintRequest(place.peer, { id, destination }), place.peer.signing)
    const answer = await target.wire.post(place.url, encodeForm([['SAMLRequest', base64(message)]]), {
      headers: forged,
    })
    expectRefused(target, answer, 'SAML_DEST', id)
    expect(answer.body).not.toContain('evil.example')
  })
})

test.each([
  '/connector/artifact',
  '/connector/soap',
  '/connector/ecp',
  '/connector/slo',
  '/connector/sso/',
  '/connector//sso',
  '/connector/./sso',
  '/connector/sso%00',
  '/connector/%73so',
  '/Connector/sso',
  '/connector/sso;x=y',
  '/metrics',
  '/debug',
  '/.git/config',
  '/node.json',
])('A-030, A-256 there is nothing at %s', async (path) => {
  expectPage(target, await target.wire.get(path), 'WEB_UNKNOWN')
  expectPage(target, await target.wire.post(path, 'SAMLResponse=PHg%2B'), 'WEB_UNKNOWN')
})

test('A-027 a RelayState of the requester goes back as it came and leads nowhere', async () => {
  const states = [
    '//evil.example',
    'javascript:alert(1)',
    'https:evil.example',
    'https://evil.example/?a=b&c',
    '\\\\evil',
  ]
  for (const relayState of states) {
    const { asker } = await openFlow(target, 'proxy-service')
    const id = freshId()
    const message = await sign(mintRequest(asker, { id, destination: 'https://wrong.example/' }), asker.signing)
    const answer = await postRequest(target, asker, message, relayState)
    expectRefused(target, answer, 'SAML_DEST', id)
    expect(answer.headers.location).toBeUndefined()
    const value = relayState.replace(/&/g, '&amp;')
    expect(answer.body.split(value)).toHaveLength(2)
    expect(answer.body).toContain(`<input type="hidden" name="RelayState" value="${value}">`)
  }
})

test.each(['connector', 'proxy-service'] as const)(
  'A-027 a RelayState that is no handle of ours is looked up nowhere: %s acs',
  async (half) => {
    const flow = await openFlow(target, half)
    for (const state of [
      '//evil.example',
      'javascript:alert(1)',
      '../../etc/passwd',
      `${flow.handle}x`,
      'a'.repeat(43),
    ]) {
      const fields = [['SAMLResponse', 'PHg+'] as const, ['RelayState', state] as const]
      const answer = await target.wire.post(flow.answerer.destination, fields, { cookies: flow.cookies })
      expectPage(target, answer, state.length === 43 ? 'ST_SESSION' : 'ST_GONE')
      expect(answer.body).not.toContain(state)
    }
  },
)

test('A-028 header fields that trickle in are not waited for', async () => {
  expect(await slowHeaders).toMatch(/^HTTP\/1\.1 408 /)
}, 20_000)

test('A-028 a body that trickles in is not waited for', async () => {
  expect(await slowBody).toMatch(/^HTTP\/1\.1 408 /)
  expect(target.faults()).toContainEqual(expect.objectContaining({ code: 'BIND_BODY' }))
}, 25_000)
