import { connect } from 'node:net'
import { NodeFault } from '../../../src/errors/node-fault.ts'
import type { HttpInput, Reply } from '../../../src/relay/faces.ts'
import { type WebOptions, webApp } from '../../../src/web/app.ts'
import { type RunningServer, startServer } from '../../testkit/http.ts'

const seen: HttpInput[] = []
const told: { readonly fault: NodeFault; readonly supportCode: string }[] = []
const hostile = `"><script>alert(1)</script></form>'`

function receive(reply: Reply) {
  return async (input: HttpInput) => {
    seen.push(input)
    return reply
  }
}

function fails(thrown: () => unknown) {
  return async (): Promise<Reply> => {
    throw thrown()
  }
}

const formReply: Reply = {
  kind: 'form',
  method: 'post',
  action: 'https://peer.example/sso?x=1',
  fields: [
    ['SAMLResponse', 'QUJD+/=='],
    ['RelayState', hostile],
  ],
  cookies: [
    { name: '__Host-flow-a', value: 'secret', maxAgeSeconds: 600 },
    { name: '__Host-flow-b', value: undefined, maxAgeSeconds: 0 },
  ],
}
const country: Reply = {
  kind: 'page',
  page: { page: 'country', form: { action: '/step', flow: 'h' }, relyingParty: 'Ministry', countries: ['BE'] },
}
const metadata: Reply = {
  kind: 'document',
  contentType: 'application/samlmetadata+xml',
  body: Buffer.from('<md/>'),
  maxAgeSeconds: 60,
}

const options: WebOptions = {
  routes: [
    { methods: ['GET', 'POST'], path: '/sso', receive: receive(formReply) },
    {
      methods: ['GET'],
      path: '/link',
      receive: receive({ kind: 'link', location: 'https://idp.example/a?b=c&d=%2B' }),
    },
    { methods: ['GET'], path: '/country', receive: receive(country) },
    { methods: ['GET'], path: '/metadata', receive: receive(metadata) },
    { methods: ['GET'], path: '/forged', receive: receive({ kind: 'link', location: 'javascript:alert(1)' }) },
    { methods: ['GET'], path: '/untrusted', receive: fails(() => new NodeFault('DS_SIG', 'detail for the log')) },
    { methods: ['GET'], path: '/used', receive: fails(() => new NodeFault('ST_GONE')) },
    { methods: ['GET'], path: '/store', receive: fails(() => new NodeFault('ST_STORE')) },
    { methods: ['GET'], path: '/mistake', receive: fails(() => new Error('secret of /srv/node')) },
    { methods: ['GET'], path: '/odd', receive: fails(() => undefined) },
  ],
  onFault: (fault, supportCode) => told.push({ fault, supportCode }),
  newSupportCode: () => `CODE-${told.length}`,
  health: () => ({ healthy: true }),
  https: false,
  limits: { bodyOctets: 1000, bodyMilliseconds: 300 },
}

let server: RunningServer
const others: RunningServer[] = []

async function another(changes: Partial<WebOptions>): Promise<RunningServer> {
  const running = await startServer(webApp({ ...options, ...changes }))
  others.push(running)
  return running
}

afterEach(async () => {
  for (const other of others.splice(0)) await other.close()
})

beforeAll(async () => {
  server = await startServer(webApp(options))
})

afterAll(() => server.close())

beforeEach(() => {
  seen.length = 0
  told.length = 0
})

const policy = (response: Response) => response.headers.get('content-security-policy')

describe('what a face gets', () => {
  it('is the request as it came: raw query, raw body, nothing decoded', async () => {
    await server.fetch('/sso?SAMLRequest=%2b+%2B&SAMLRequest=2&a[b]=?c', { headers: { Cookie: 'a=1; a=2' } })
    expect(seen).toEqual([
      {
        method: 'GET',
        path: '/sso',
        query: 'SAMLRequest=%2b+%2B&SAMLRequest=2&a[b]=?c',
        contentType: undefined,
        contentEncoding: undefined,
        body: Buffer.alloc(0),
        cookies: 'a=1; a=2',
        language: 'en',
      },
    ])
  })

  it('is a body in its octets, whatever its type and encoding say (A-015, A-019)', async () => {
    const body = 'SAMLResponse=%zz&x=\u00ff'
    await server.post('/sso', body, { 'Content-Type': 'text/plain; charset=utf-16', 'Content-Encoding': 'br' })
    expect(seen).toMatchObject([
      { method: 'POST', contentType: 'text/plain; charset=utf-16', contentEncoding: 'br', body: Buffer.from(body) },
    ])
  })

  it('is in a language of the closed list (A-245)', async () => {
    await server.fetch('/sso', { headers: { 'Accept-Language': 'de-AT' } })
    await server.fetch('/sso?lang=../../fr', { headers: { 'Accept-Language': '../../etc' } })
    expect(seen.map(({ language }) => language)).toEqual(['de', 'en'])
  })

  it('does not depend on Host or X-Forwarded fields (A-024)', async () => {
    const text = await server.raw(
      'GET /country HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n' +
        'X-Forwarded-Proto: https\r\nForwarded: host=evil.example\r\nConnection: close\r\n\r\n',
    )
    expect(text).toMatch(/^HTTP\/1.1 200 /)
    expect(text).not.toContain('evil.example')
  })

  it('never comes from a request with two Content-Type fields', async () => {
    const text = await server.raw(
      'POST /sso HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n' +
        'Content-Type: text/plain\r\nContent-Length: 1\r\n\r\na',
    )
    expect(text).toMatch(/^HTTP\/1.1 415 /)
    expect(told).toMatchObject([{ fault: { code: 'BIND_CTYPE' } }])
    expect(seen).toEqual([])
  })

  it('never comes from a request in absolute form (A-024)', async () => {
    for (const target of ['http://evil.example/sso', 'https://evil.example', 'http://[/sso']) {
      const text = await server.raw(`GET ${target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`)
      expect(text).toMatch(/^HTTP\/1.1 421 /)
      expect(text).toContain('Content-Security-Policy')
      expect(text).not.toContain('evil.example')
    }
    expect(told.map(({ fault }) => fault.code)).toEqual(['BIND_HOST', 'BIND_HOST', 'BIND_HOST'])
    expect(seen).toEqual([])
  })
})

describe('the table of paths', () => {
  it.each([
    '/',
    '/SSO',
    '/sso/',
    '//sso',
    '/s%73o',
    '/sso%2F',
    '/%',
    '/%zz',
    '/%ff',
    '/../sso',
    '/sso;a',
    '/__proto__',
  ])('does not know %s', async (path) => {
    const text = await server.raw(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1.1 404 /)
    expect(text).toContain('data-support-code')
    expect(text).toContain('Content-Security-Policy')
    expect(told).toMatchObject([{ fault: { code: 'WEB_UNKNOWN' } }])
    expect(seen).toEqual([])
  })

  it.each(['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    'has no %s, and says what it has (A-023)',
    async (method) => {
      const text = await server.raw(`${method} /sso HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
      expect(text).toMatch(/^HTTP\/1.1 405 /)
      expect(text).toMatch(/\r\nAllow: GET, POST\r\n/)
      expect(told).toMatchObject([{ fault: { code: 'BIND_METHOD' } }])
      expect(seen).toEqual([])
    },
  )

  it('says GET and HEAD alone where that is all there is', async () => {
    const response = await server.post('/metadata', 'a=b')
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD')
  })

  it.each(['/metadata', '/assets/style.css', '/health'])(
    'answers HEAD of %s as GET, without the document',
    async (path) => {
      const [whole, head] = [await server.fetch(path), await server.fetch(path, { method: 'HEAD' })]
      expect(head.status).toBe(whole.status)
      expect(head.status).toBe(200)
      for (const name of ['content-type', 'content-length', 'cache-control', 'content-security-policy']) {
        expect(head.headers.get(name)).toBe(whole.headers.get(name))
      }
      expect(await head.text()).toBe('')
    },
  )

  it('tells whoever opens a step by its address what it is, and where to go', async () => {
    const response = await server.post('/country', 'flow=a')
    expect(response.status).toBe(405)
    const text = await response.text()
    expect(text).toContain('belongs to one step of a sign-in')
    expect(text).toContain('Go back to the service where you started')
    expect(text).toContain('data-support-code')
  })

  it('is not moved by a method override (A-023)', async () => {
    const response = await server.post('/country', '_method=GET', { 'X-HTTP-Method-Override': 'GET' })
    expect(response.status).toBe(405)
    await server.fetch('/sso?_method=POST', { headers: { 'X-HTTP-Method-Override': 'POST' } })
    expect(seen).toMatchObject([{ method: 'GET' }])
  })

  it('is asked for no options of the whole server', async () => {
    expect(await server.raw('OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 404 /)
  })

  it('cannot have two answers for one method and path', () => {
    const route = { methods: ['GET'], path: '/a', receive: receive(country) } as const
    expect(() => webApp({ ...options, routes: [route, route] })).toThrow(TypeError)
    expect(() => webApp({ ...options, routes: [{ ...route, path: '/health' }] })).toThrow(TypeError)
  })
})

describe('a fault', () => {
  it.each([
    ['/untrusted', 403, 'DS_SIG'],
    ['/used', 410, 'ST_GONE'],
    ['/store', 503, 'ST_STORE'],
    ['/mistake', 500, 'INTERNAL'],
    ['/odd', 500, 'INTERNAL'],
    ['/forged', 500, 'INTERNAL'],
  ])('of %s is a page of status %i, told as %s', async (path, status, code) => {
    const response = await server.fetch(path)
    const text = await response.text()
    expect(response.status).toBe(status)
    expect(told).toMatchObject([{ fault: { code }, supportCode: 'CODE-0' }])
    expect(text).toContain('<code data-support-code="">CODE-0</code>')
  })

  it('shows no detail, code, stack or path', async () => {
    for (const path of ['/untrusted', '/mistake', '/forged']) {
      const text = await (await server.fetch(path)).text()
      expect(text).not.toMatch(/detail for|DS_SIG|INTERNAL|secret|srv|Error| at |node_modules|javascript:/)
    }
  })

  it('is told in the citizen’s language', async () => {
    const response = await server.fetch('/used', { headers: { 'Accept-Language': 'fr' } })
    expect(await response.text()).toContain('Cette étape a déjà été utilisée')
  })

  it('of the telling itself still has no words and every header field', async () => {
    const broken = await another({
      onFault: () => {
        throw new Error('secret')
      },
    })
    const response = await broken.fetch('/nowhere')
    expect(response.status).toBe(500)
    expect(await response.text()).toBe('')
    expect(policy(response)).toContain("default-src 'none'")
    expect(await broken.raw('GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1.1 500 /,
    )
  })
})

describe('a body', () => {
  it('may be as large as the limit', async () => {
    expect((await server.post('/sso', 'a'.repeat(1000))).status).toBe(200)
    expect(seen[0]?.body).toHaveLength(1000)
  })

  it.each([1001, 7000])('of %i octets is too large (A-017)', async (octets) => {
    const response = await server.post('/sso', 'a'.repeat(octets))
    expect(response.status).toBe(413)
    expect(told).toMatchObject([{ fault: { code: 'BIND_SIZE' } }])
    expect(seen).toEqual([])
  })

  it('that announces far too much is refused before it comes', async () => {
    const text = await server.raw('POST /sso HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n')
    expect(text).toMatch(/^HTTP\/1.1 413 /)
    expect(text).toMatch(/\r\nConnection: close\r\n/)
  })

  it('in chunks is cut off when it does not end', async () => {
    const chunk = `400\r\n${'a'.repeat(1024)}\r\n`
    const text = await server.raw(
      'POST /sso HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n',
      ...Array.from({ length: 9 }, () => chunk),
    )
    expect(text).toMatch(/^HTTP\/1.1 413 /)
    expect(told).toMatchObject([{ fault: { code: 'BIND_SIZE' } }])
  })

  it('that takes its time is not waited for (A-028)', async () => {
    const text = await server.raw('POST /sso HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
    expect(text).toMatch(/^HTTP\/1.1 408 /)
    expect(text).toMatch(/\r\nConnection: close\r\n/)
    expect(told).toMatchObject([{ fault: { code: 'BIND_BODY' } }])
    expect(seen).toEqual([])
  })

  it('that breaks off is told once, and harms nobody else', async () => {
    const socket = connect(server.port, '127.0.0.1')
    socket.write('POST /sso HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.resetAndDestroy()
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(told).toMatchObject([{ fault: { code: 'BIND_BODY' } }])
    expect((await server.fetch('/country')).status).toBe(200)
  })

  it('with two lengths, or a length and chunks, is no request (A-025)', async () => {
    const head = 'POST /sso HTTP/1.1\r\nHost: a\r\n'
    for (const fields of [
      'Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc',
      'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'X: a\r\n b\r\nContent-Length : 3\r\n\r\nabc',
    ]) {
      expect(await server.raw(head + fields)).toMatch(/^HTTP\/1.1 400 /)
    }
    expect(seen).toEqual([])
  })
})

describe('every response', () => {
  const paths = ['/sso', '/link', '/country', '/metadata', '/untrusted', '/mistake', '/nowhere', '/assets/style.css']

  it.each([...paths, '/health'])(
    '%s loads nothing from elsewhere, is framed by nobody, tells nobody (A-240, A-242)',
    async (path) => {
      const { headers } = await server.fetch(path)
      const directives = (headers.get('content-security-policy') ?? '').split(';')
      expect(directives.filter((directive) => !directive.startsWith('form-action'))).toEqual([
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ])
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-powered-by')).toBeNull()
      expect(headers.get('etag')).toBeNull()
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    },
  )

  it('is stored nowhere, but for assets and documents (A-236)', async () => {
    const cached = await Promise.all(paths.map(async (path) => (await server.fetch(path)).headers.get('cache-control')))
    expect(cached).toEqual([
      'no-store',
      'no-store',
      'no-store',
      'public, max-age=60',
      'no-store',
      'no-store',
      'no-store',
      'public, max-age=3600',
    ])
  })

  it('answers no preflight and names no origin (A-244)', async () => {
    const response = await server.fetch('/sso', {
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
    })
    expect(response.status).toBe(405)
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('keeps browsers to https when that is how the node is reached, and only then (R-IA-10, A-031)', async () => {
    expect((await server.fetch('/country')).headers.get('strict-transport-security')).toBeNull()
    const secure = await another({ https: true })
    expect((await secure.fetch('/country')).headers.get('strict-transport-security')).toBe('max-age=31536000')
  })
})

describe('a form reply', () => {
  it('escapes every field and lets the form go to its target alone (A-237)', async () => {
    const response = await server.fetch('/sso')
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(text).toContain('<form method="post" action="https://peer.example/sso?x=1" data-submit="">')
    expect(text).toContain('<input type="hidden" name="SAMLResponse" value="QUJD+/==">')
    expect(text).toContain(
      '<input type="hidden" name="RelayState" value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;/form&gt;&#39;">',
    )
    expect(text.match(/<script[^>]*>/g)).toEqual(['<script src="/assets/submit.js" defer>'])
    expect(policy(response)).toContain(';form-action https://peer.example/sso;')
  })

  it('has a button for those without JavaScript', async () => {
    expect(await (await server.fetch('/sso')).text()).toContain('<button>Continue</button>')
  })

  it('sets and removes cookies', async () => {
    expect((await server.fetch('/sso')).headers.getSetCookie()).toEqual([
      '__Host-flow-a=secret; Path=/; Max-Age=600; Secure; HttpOnly; SameSite=None',
      '__Host-flow-b=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None',
    ])
  })

  it('may be redirected by the peer only where the node was told', async () => {
    const lenient = await another({ formRedirects: ['https:'] })
    expect(policy(await lenient.fetch('/sso'))).toContain(';form-action https://peer.example/sso https:;')
    expect(policy(await lenient.fetch('/country'))).toContain(";form-action 'self';")
  })
})

describe('a link reply', () => {
  it('leads on by a link and a refresh, never by a redirect', async () => {
    const response = await server.fetch('/link')
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(response.headers.get('location')).toBeNull()
    expect(text).toContain('<meta http-equiv="refresh" content="0; url=https://idp.example/a?b=c&amp;d=%2B">')
    expect(text).toContain('<a class="button" href="https://idp.example/a?b=c&amp;d=%2B">')
    expect(policy(response)).toContain(";form-action 'none';")
  })
})

describe('other replies', () => {
  it('a page posts to us alone', async () => {
    const response = await server.fetch('/country')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(policy(response)).toContain(";form-action 'self';")
  })

  it('a document goes out in its octets', async () => {
    const response = await server.fetch('/metadata')
    expect(response.headers.get('content-type')).toBe('application/samlmetadata+xml')
    expect(await response.text()).toBe('<md/>')
  })

  it.each([
    ['/assets/style.css', 'text/css; charset=utf-8'],
    ['/assets/once.js', 'text/javascript; charset=utf-8'],
    ['/assets/submit.js', 'text/javascript; charset=utf-8'],
    ['/assets/icon.svg', 'image/svg+xml; charset=utf-8'],
  ])('%s comes from memory', async (path, type) => {
    const response = await server.fetch(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe(type)
  })

  it('health says one word and no more (A-256)', async () => {
    expect(await (await server.fetch('/health')).json()).toEqual({ status: 'ok' })
    const ill = await another({ health: async () => ({ healthy: false }) })
    const response = await ill.fetch('/health')
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ status: 'unavailable' })
  })
})

describe('A-303: when more is asked than can be done', () => {
  /** A clock that goes on by this much each time it is read. */
  const clockOf = (step: number) => {
    let now = 0
    return () => {
      now += step
      return now
    }
  }
  const routes: WebOptions['routes'] = [
    { methods: ['GET', 'POST'], path: '/sso', work: 'begins', receive: receive(country) },
    { methods: ['GET', 'POST'], path: '/step', work: 'goes on', receive: receive(country) },
    { methods: ['GET'], path: '/metadata', receive: receive(metadata) },
  ]

  it.each([
    ['the event loop is late', { isLate: () => true }],
    ['its turn came too late', { monotonic: clockOf(2_501) }],
  ])('WEB_BUSY: a new sign-in is put off with 503 and Retry-After when %s', async (_, changes) => {
    const busy = await another({ ...changes, routes })
    for (const ask of [() => busy.fetch('/sso?SAMLRequest=x'), () => busy.post('/sso', 'SAMLRequest=x')]) {
      const response = await ask()
      expect(response.status).toBe(503)
      expect(response.headers.get('retry-after')).toBe('30')
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await response.text()).toContain(`CODE-${told.length - 1}`)
    }
    expect(told.map(({ fault }) => fault.code)).toEqual(['WEB_BUSY', 'WEB_BUSY'])
    expect(seen).toEqual([])
  })

  it.each([
    ['the event loop is late', { isLate: () => true }],
    ['turns come late', { monotonic: clockOf(5_000) }],
  ])('one under way goes on, and metadata and /health are answered, when %s', async (_, changes) => {
    const busy = await another({ ...changes, routes })
    expect((await busy.post('/step', 'flow=x')).status).toBe(200)
    for (const path of ['/metadata', '/health']) expect((await busy.fetch(path)).status).toBe(200)
  })

  it('a body that arrives slowly is no waiting', async () => {
    const calm = await another({ routes, limits: { bodyMilliseconds: 5_000, patienceMilliseconds: 200 } })
    const head = 'POST /sso HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\nab'
    const socket = connect(calm.port, '127.0.0.1', () => socket.write(head))
    setTimeout(() => socket.write('cd'), 400)
    let said = ''
    for await (const part of socket) said += String(part)
    expect(said).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('requests that one connection sends at once are served one by one, in their order', async () => {
    let [atOnce, most] = [0, 0]
    const order: string[] = []
    const slow = async (input: HttpInput): Promise<Reply> => {
      atOnce += 1
      most = Math.max(most, atOnce)
      await new Promise((resolve) => setTimeout(resolve, 5))
      order.push(input.query)
      atOnce -= 1
      return country
    }
    const one = await another({ routes: [{ methods: ['GET'], path: '/sso', work: 'begins', receive: slow }] })
    const pipelined = Array.from({ length: 10 }, (_, at) => {
      const last = at === 9 ? 'Connection: close\r\n' : ''
      return `GET /sso?${at} HTTP/1.1\r\nHost: a\r\n${last}\r\n`
    })
    expect((await one.raw(pipelined.join(''))).match(/^HTTP\/1\.1 200 /gm)).toHaveLength(10)
    expect(order).toEqual(Array.from({ length: 10 }, (_, at) => String(at)))
    expect(most).toBe(1)
  })
})
