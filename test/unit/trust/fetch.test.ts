import { getDiffieHellman } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import { createFetch, type FetchOptions } from '../../../src/trust/fetch.ts'
import { integer, sequence } from '../../../src/xmlsec/der.ts'
import { type LocalServer, startPlain, startTls, type TlsAuthority, tlsAuthority } from '../../testkit/tls.ts'

let authority: TlsAuthority
let server: LocalServer
let plain: LocalServer
let rsaSigning: ReturnType<TlsAuthority['issue']>
let rsaEncryption: ReturnType<TlsAuthority['issue']>

beforeAll(async () => {
  authority = await tlsAuthority()
  server = await startTls(await authority.issue('localhost'))
  plain = await startPlain()
  rsaSigning = authority.issue('localhost', { kind: 'RSA-3072' })
  rsaEncryption = authority.issue('localhost', { kind: 'RSA-3072', usage: 'encryption' })
  await Promise.all([rsaSigning, rsaEncryption])
})
afterAll(async () => {
  await server.close()
  await plain.close()
})

/** This machine may be fetched from, as in the demo. */
const fetchHere = (options: FetchOptions = {}) =>
  createFetch({ authorities: [authority.certificate], allowHttpForDemo: true, ...options })

const text = (octets: Uint8Array) => Buffer.from(octets).toString()

const refusal = (reason: string) => ({ code: 'MD_FETCH', detail: expect.stringContaining(reason) })

/** A name that has these addresses. */
const resolvingTo =
  (...addresses: readonly string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

test('the body of a 200, asked for without compression', async () => {
  server.answer = ({ method, headers, url }, response) =>
    response.end(`${method} ${url} ${headers['accept-encoding']} ${headers.host}`)
  const { host } = new URL(server.origin)
  expect(text(await fetchHere()({ url: `${server.origin}/metadata?x=1` }))).toBe(`GET /metadata?x=1 identity ${host}`)
})

test('a body is posted with its type', async () => {
  server.answer = (request, response) => {
    response.write(`${request.method} ${request.headers['content-type']} `)
    request.pipe(response)
  }
  const post = { contentType: 'application/ocsp-request', body: Buffer.from('ask') }
  expect(text(await fetchHere()({ url: server.origin, post }))).toBe('POST application/ocsp-request ask')
})

describe('A-213: MD_FETCH for', () => {
  beforeAll(() => {
    server.answer = (_, response) => response.end('secret')
    plain.answer = (_, response) => response.end('secret')
  })

  const closed = createFetch({ resolve: resolvingTo('8.8.8.8') })

  test.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[fe80::1]/',
    'https://0.0.0.0/',
  ])('an address that is not public: %s', async (url) => {
    await expect(closed({ url })).rejects.toMatchObject(refusal('is not a public address'))
    await expect(closed({ url, plain: 'allowed' })).rejects.toMatchObject(refusal('is not a public address'))
  })

  test('a name that resolves to such an address, even as one among others', async () => {
    for (const addresses of [['127.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['2a00:1450::1', '::ffff:7f00:1']]) {
      const fetch = createFetch({ resolve: resolvingTo(...addresses) })
      await expect(fetch({ url: 'https://peer.example/' })).rejects.toMatchObject(refusal('is not a public address'))
    }
    await expect(fetchHere({ resolve: resolvingTo('10.0.0.1') })({ url: server.origin })).rejects.toMatchObject(
      refusal('is not a public address'),
    )
  })

  test('what rebinds: a name is resolved once, and the address that was judged is the one that is connected to', async () => {
    const { port } = new URL(server.origin)
    const own = await tlsAuthority()
    const rebound = await startTls(await own.issue('rebinding.example'))
    const asked: string[] = []
    const resolve = async (host: string) => {
      asked.push(host)
      return [{ address: '127.0.0.1', family: 4 }]
    }
    const fetch = fetchHere({ resolve, authorities: [authority.certificate, own.certificate] })
    // The server at the judged address has another name than the one asked for, so TLS ends it.
    await expect(fetch({ url: `https://rebinding.example:${port}/` })).rejects.toMatchObject({ code: 'MD_FETCH' })
    expect(asked).toEqual(['rebinding.example'])
    await rebound.close()
  })

  test('this machine, unless the demo allows it', async () => {
    const strict = createFetch({ authorities: [authority.certificate] })
    await expect(strict({ url: server.origin })).rejects.toMatchObject(refusal('is not a public address'))
  })

  test.each(['file:///etc/passwd', 'ftp://peer.example/', 'data:,x', 'http://peer.example/', 'gopher://x/', '//x', ''])(
    'a URL that is not https: %j',
    async (url) => {
      await expect(fetchHere()({ url })).rejects.toMatchObject({ code: 'MD_FETCH' })
    },
  )

  test('a URL with a user', async () => {
    await expect(closed({ url: 'https://peer.example@evil.example/' })).rejects.toMatchObject(refusal('with a user'))
  })

  test('http here without the demo; with it, and for the status of certificates, it is taken', async () => {
    await expect(createFetch()({ url: plain.origin })).rejects.toMatchObject(refusal('not https'))
    expect(text(await fetchHere()({ url: plain.origin }))).toBe('secret')
    expect(text(await fetchHere()({ url: plain.origin, plain: 'allowed' }))).toBe('secret')
  })

  test.each([301, 302, 303, 307, 308])('a redirect (%d), wherever it leads', async (status) => {
    let asked = 0
    server.answer = (_, response) => {
      asked += 1
      response.writeHead(status, { location: `${server.origin}/elsewhere` }).end('x')
    }
    await expect(fetchHere()({ url: server.origin })).rejects.toMatchObject(refusal(`status ${status}`))
    expect(asked).toBe(1)
  })
})

describe('A-214: MD_FETCH for', () => {
  test('more than 1 MiB, whether it is announced or not', async () => {
    const octets = Buffer.alloc(1024 * 1024 + 1, 'x')
    server.answer = (_, response) => response.end(octets)
    await expect(fetchHere()({ url: server.origin })).rejects.toMatchObject(refusal('more than 1048576 octets'))
    server.answer = (_, response) => {
      response.write(octets.subarray(9))
      response.end(octets.subarray(0, 9))
    }
    await expect(fetchHere()({ url: server.origin })).rejects.toMatchObject(refusal('more than'))
    server.answer = (_, response) => response.end(octets.subarray(1))
    expect(await fetchHere()({ url: server.origin })).toHaveLength(1024 * 1024)
  })

  test('what comes octet by octet, or not at all, or has a name that never resolves', async () => {
    const hurried = fetchHere({ timeoutMilliseconds: 150 })
    server.answer = (_, response) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    }
    await expect(hurried({ url: server.origin })).rejects.toMatchObject(refusal('not within its time'))
    server.answer = () => undefined
    await expect(hurried({ url: server.origin })).rejects.toMatchObject(refusal('not within its time'))
    const forever = fetchHere({ timeoutMilliseconds: 50, resolve: () => new Promise(() => undefined) })
    await expect(forever({ url: server.origin })).rejects.toMatchObject(refusal('not within its time'))
  })

  test.each([
    [
      'that becomes another protocol',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nxxxx',
      'status 101',
    ],
    ['that goes on for ever', 'HTTP/1.1 200 OK\r\n\r\nwithout a length', 'not within its time'],
    ['that never begins', 'HTTP/1.1 100 Continue\r\n\r\n', 'not within its time'],
    ['that is no HTTP', 'SSH-2.0-x\r\n', 'HPE_INVALID_CONSTANT'],
  ])('an answer %s, and whoever is next has its turn', async (_, answer, reason) => {
    const hurried = fetchHere({ timeoutMilliseconds: 1_500, parallel: 1 })
    server.answer = ({ url, socket }, response) => {
      if (url === '/good') response.end('good')
      else socket.write(answer)
    }
    const bad = [{}, { post: { contentType: 'application/ocsp-request', body: Buffer.from('ask') } }]
    const asked = bad.map((more) => hurried({ url: `${server.origin}/bad`, ...more }))
    const good = hurried({ url: `${server.origin}/good` })
    for (const one of asked) await expect(one).rejects.toMatchObject(refusal(reason))
    expect(text(await good)).toBe('good')
  })

  test('an encoding nobody asked for', async () => {
    server.answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')
    await expect(fetchHere()({ url: server.origin })).rejects.toMatchObject(refusal('encoding'))
  })

  test.each([204, 206, 404, 500])('status %d', async (status) => {
    server.answer = (_, response) => response.writeHead(status).end()
    await expect(fetchHere()({ url: server.origin })).rejects.toMatchObject(refusal(`status ${status}`))
  })

  test('a body that breaks off', async () => {
    server.answer = (_, response) => {
      response.writeHead(200, { 'content-length': '9' }).write('x')
      setTimeout(() => response.destroy(), 20)
    }
    await expect(fetchHere()({ url: server.origin })).rejects.toMatchObject({ code: 'MD_FETCH' })
  })
})

describe('TLS: MD_FETCH for', () => {
  test('an authority nobody knows', async () => {
    await expect(createFetch({ allowHttpForDemo: true })({ url: server.origin })).rejects.toMatchObject({
      code: 'MD_FETCH',
    })
  })

  test.each([
    ['another name', async () => authority.issue('other.example')],
    ['yesterday', async () => authority.issue('localhost', { days: 0.5 })],
  ])('a certificate for %s', async (_, issue) => {
    const wrong = await startTls(await issue())
    const fetched = fetchHere()({ url: wrong.origin }).finally(wrong.close)
    await expect(fetched).rejects.toMatchObject(refusal('CERT'))
  })

  test('R-CR-1: TLS 1.1', async () => {
    const old = await startTls({ ...(await authority.issue('localhost')), maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })
    await expect(fetchHere()({ url: old.origin })).rejects.toMatchObject({ code: 'MD_FETCH' })
    await old.close()
  })

  test.each([
    ['R-CR-2: a key exchange that is not forward secret', 'AES256-GCM-SHA384', 'encryption'],
    ['R-CR-2, R-CR-8: a suite of CBC', 'ECDHE-RSA-AES256-SHA384', 'signing'],
    ['R-CR-3: a suite with a MAC of SHA-1', 'ECDHE-RSA-AES256-SHA', 'signing'],
    ['R-CR-5: Diffie-Hellman of 2048 bits', 'DHE-RSA-AES256-GCM-SHA384', 'signing'],
  ] as const)('%s', async (_, ciphers, usage) => {
    const server = await oneSuite(ciphers, usage)
    await expect(fetchHere()({ url: server.origin })).rejects.toMatchObject({ code: 'MD_FETCH' })
    await server.close()
  })

  test.each([
    ['R-CR-4: a curve that the profile does not name, X25519', 'X25519', 'TLSv1.3'],
    ['R-CR-4: a curve that the profile does not name, secp256k1', 'secp256k1', 'TLSv1.2'],
    ['R-CR-4: a curve of 224 bits', 'secp224r1', 'TLSv1.2'],
    ['R-CR-5: Diffie-Hellman of 2048 bits', 'ffdhe2048', 'TLSv1.3'],
  ] as const)('%s', async (_, group, version) => {
    const server = await oneGroup(group, version)
    await expect(fetchHere()({ url: server.origin })).rejects.toMatchObject({ code: 'MD_FETCH' })
    await server.close()
  })

  test('R-CR-7: a server that renegotiates', async () => {
    const server = await oneGroup('prime256v1', 'TLSv1.2')
    server.answer = ({ socket }, response) => {
      if (socket instanceof TLSSocket) socket.renegotiate({}, () => response.end('renegotiated'))
    }
    await expect(fetchHere()({ url: server.origin })).rejects.toMatchObject({ code: 'MD_FETCH' })
    await server.close()
  })
})

/** A server of this version of TLS that agrees on keys in this group and in no other. */
async function oneGroup(group: string, version: 'TLSv1.2' | 'TLSv1.3') {
  const order = { ecdhCurve: group, minVersion: version, maxVersion: version }
  return startTls({ ...(await authority.issue('localhost')), ...order })
}

test.each([
  ['prime256v1', 'TLSv1.2'],
  ['prime256v1', 'TLSv1.3'],
  ['secp384r1', 'TLSv1.3'],
  ['secp521r1', 'TLSv1.3'],
  ['brainpoolP256r1', 'TLSv1.2'],
  ['brainpoolP384r1', 'TLSv1.2'],
  ['brainpoolP512r1', 'TLSv1.2'],
  ['ffdhe3072', 'TLSv1.3'],
] as const)('R-CR-1, R-CR-4, R-CR-5: %s in %s is taken', async (group, version) => {
  const server = await oneGroup(group, version)
  server.answer = (_, response) => response.end('taken')
  expect(text(await fetchHere()({ url: server.origin }))).toBe('taken')
  await server.close()
})

/** A server of TLS 1.2 that has this suite and no other, and a Diffie-Hellman group of so many bits. */
async function oneSuite(ciphers: string, usage: 'signing' | 'encryption', group = 'modp14') {
  const { key, cert } = await (usage === 'signing' ? rsaSigning : rsaEncryption)
  const prime = getDiffieHellman(group).getPrime()
  const parameters = sequence(integer(prime), integer(Buffer.from([2]))).toString('base64')
  const dhparam = `-----BEGIN DH PARAMETERS-----\n${parameters.match(/.{1,64}/g)?.join('\n')}\n-----END DH PARAMETERS-----\n`
  return startTls({ key, cert, ciphers, dhparam, maxVersion: 'TLSv1.2' })
}

test.each([
  ['ECDHE-RSA-AES128-GCM-SHA256', 'modp14'],
  ['ECDHE-RSA-CHACHA20-POLY1305', 'modp14'],
  ['DHE-RSA-AES256-GCM-SHA384', 'modp15'],
])('R-CR-2, R-CR-5: %s is taken', async (ciphers, group) => {
  const server = await oneSuite(ciphers, 'signing', group)
  server.answer = (_, response) => response.end('taken')
  expect(text(await fetchHere()({ url: server.origin }))).toBe('taken')
  await server.close()
})

test('no more than so many at once', async () => {
  let open = 0
  let most = 0
  server.answer = async (_, response) => {
    open += 1
    most = Math.max(most, open)
    await pause(30)
    open -= 1
    response.end('x')
  }
  const fetch = fetchHere({ parallel: 2 })
  await Promise.all(Array.from({ length: 7 }, () => fetch({ url: server.origin })))
  expect(most).toBe(2)
})
