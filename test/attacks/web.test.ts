import { readForms, readMarked } from '../../demo/html-reader.ts'
import { redirectUrl } from '../../src/saml/bindings/redirect.ts'
import type { EntityDescriptor } from '../../src/saml/metadata/entity.ts'
import { languages } from '../../src/web/i18n/languages.ts'
import { writeXml } from '../../src/xml/writer.ts'
import { askProxyService } from '../testkit/asked.ts'
import {
  complete,
  fieldsOf,
  openFlow,
  partiesOf,
  postAnswer,
  postRequest,
  signedAnswer,
  stepFormOf,
  submitStep,
} from '../testkit/flow.ts'
import { testKey } from '../testkit/keys.ts'
import { citizen, cut, freshId, mintAttributes, mintRequest, sign } from '../testkit/mint.ts'
import type { PeerName } from '../testkit/peers.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectPage, expectRefused, refusalOf, supportCodeOf } from '../testkit/verdict.ts'
import { type Answer, cookiesOf } from '../testkit/wire.ts'

/* Pages and header fields, with neighbours whose verified metadata tries everything it may hold. */

const MARKUP = '"><script>alert(1)</script><img src=x onload=alert(2)>&amp;'
const HOME = 'https://portal.xa.example/"onmouseover="alert(1)'

/** Names are whatever an operator signed; nothing in them may become more than a name. */
function hostile(metadata: EntityDescriptor, name: PeerName): EntityDescriptor {
  const texts = (value: string) => [{ lang: 'en', value }]
  const displayName = name === 'portal' ? `Portal ${MARKUP}` : `\u05d0\u05d1\u05d2 ${MARKUP}`
  const organization = { names: texts(MARKUP), displayNames: texts(displayName), urls: texts(HOME) }
  return { ...metadata, organization }
}

let target: Target
beforeAll(async () => {
  target = await startTarget({ describe: hostile })
}, 30_000)
afterAll(() => target.stop())

async function countryPage(overrides = {}): Promise<Answer> {
  const { portal } = target.peers
  return postRequest(target, portal, await sign(mintRequest(portal, overrides), portal.signing), 'state')
}

async function consentPage(facts: Readonly<Record<string, string>> = {}, overrides = {}): Promise<Answer> {
  const flow = await openFlow(target, 'proxy-service', overrides)
  const attributes = mintAttributes(flow.answerer, { ...citizen, ...facts })
  return postAnswer(flow, await signedAnswer(flow, { assertion: { attributeStatements: [attributes] } }))
}

/** One of every kind of page, by its name. */
const pages: readonly (readonly [name: string, open: () => Promise<Answer>, formAction: () => string])[] = [
  ['the country page', () => countryPage(), () => "'self'"],
  [
    'the form to a proxy service',
    async () => submitStep(target, await countryPage(), [['country', 'XB']]),
    () => target.peers.proxyService.endpoint,
  ],
  ['the consent page', () => consentPage(), () => "'self'"],
  ['the form to an identity provider', formToProvider, () => target.peers.identityProvider.endpoint],
  ['the form to a portal', async () => complete(await openFlow(target)), () => target.peers.portal.endpoint],
  [
    'the form to a connector',
    async () => complete(await openFlow(target, 'proxy-service')),
    () => target.peers.connector.endpoint,
  ],
  [
    'a status for a portal',
    async () => submitStep(target, await countryPage(), [['action', 'cancel']]),
    () => target.peers.portal.endpoint,
  ],
  ['a page about a fault', () => target.wire.get(target.connector.sso), () => "'none'"],
  ['a page about a used step', usedStep, () => "'none'"],
  ['a page that is not there', () => target.wire.get('/nowhere'), () => "'none'"],
]

async function formToProvider(): Promise<Answer> {
  const { connector } = target.peers
  return postRequest(target, connector, await sign(mintRequest(connector), connector.signing), 'state')
}

async function usedStep(): Promise<Answer> {
  const page = await countryPage()
  await submitStep(target, page, [['country', 'XB']])
  return submitStep(target, page, [['country', 'XB']])
}

/** A page of ours loads what stops a second press, one that leads on what presses its button, one about a fault nothing. */
function scriptsWhere(formAction: string): readonly string[] {
  if (formAction === "'none'") return []
  return [`<script src="/assets/${formAction === "'self'" ? 'once' : 'submit'}.js" defer>`]
}

describe.each(pages)('on %s', (_, open, formAction) => {
  let page: Answer
  beforeEach(async () => {
    page = await open()
  })

  test('A-237, A-238 there is no script but ours, no handler, no style in place', () => {
    expect(page.body).toMatch(/^<!doctype html>/)
    const scripts = page.body.match(/<script[^>]*>/g) ?? []
    expect(scripts).toEqual(scriptsWhere(formAction()))
    for (const [tag] of page.body.matchAll(/<[a-z][^>]*>/gi)) {
      expect(tag).not.toMatch(/\son[a-z]+\s*=|\sstyle\s*=|javascript:|data:/i)
    }
    expect(page.body).not.toMatch(/<(iframe|object|embed|base|svg|template|style)\b/i)
  })

  test('A-237 forms may go to the one place they are for', () => {
    const policy = String(page.headers['content-security-policy']).split(';')
    expect(policy).toContain(`form-action ${formAction()}`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("base-uri 'none'")
    expect(policy.join(';')).not.toMatch(/unsafe|\*|nonce/)
  })

  test('A-240 it stands in no frame', () => {
    expect(String(page.headers['content-security-policy']).split(';')).toContain("frame-ancestors 'none'")
    expect(page.headers['x-frame-options']).toBe('DENY')
  })

  test('A-241 it leads nowhere by itself', () => {
    expect(page.headers.location).toBeUndefined()
    expect(page.headers['refresh']).toBeUndefined()
    expect(page.body).not.toMatch(/http-equiv/i)
  })

  test('A-242 nothing of it goes elsewhere', () => {
    expect(page.headers['referrer-policy']).toBe('no-referrer')
    expect(page.headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(page.headers['cross-origin-resource-policy']).toBe('same-origin')
    expect(page.headers['x-content-type-options']).toBe('nosniff')
    for (const [, place] of page.body.matchAll(/<(?:script|link|img)[^>]*\s(?:src|href)="([^"]*)"/g)) {
      expect(place).toMatch(/^\/assets\/[a-z]+\.(js|css|svg)$/)
    }
    for (const { method } of readForms(page.body)) expect(method).toBe('post')
    expect(page.body).not.toMatch(/serviceWorker|manifest/)
  })

  test('A-244 it names no other origin', () => {
    expect(Object.keys(page.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

test.each([
  '"><script>alert(1)</script>',
  '</form><form action=//evil.example>',
  "' onfocus=alert(1) autofocus='",
  '&quot;&#34;&#x22;',
  '<!--',
  `\`\${x}\`\\`,
])('A-237 a RelayState goes back as text: %s', async (relayState) => {
  const { portal, connector } = target.peers
  for (const peer of [portal, connector]) {
    const message = await sign(mintRequest(peer, { destination: 'https://elsewhere.example/' }), peer.signing)
    const answer = await postRequest(target, peer, message, relayState)
    expect(fieldsOf(answer, peer.endpoint).get('RelayState')).toBe(relayState)
    expect(readForms(answer.body)).toHaveLength(1)
    const url = await redirectUrl(
      {
        location: peer.destination,
        parameter: 'SAMLRequest',
        xml: writeXml(mintRequest(peer, { destination: 'https://elsewhere.example/' })),
        relayState,
      },
      peer.signing,
    )
    expect(fieldsOf(await target.wire.get(url), peer.endpoint).get('RelayState')).toBe(relayState)
  }
})

describe('A-238 what others are called and say', () => {
  test('is text on the country page', async () => {
    const page = await countryPage()
    expect(page.body).toContain('Portal &quot;&gt;&lt;script&gt;')
    const named = await countryPage({ providerName: 'Tax office' })
    expect(named.body).not.toContain('Tax office')
  })

  test('is text on the consent page, value by value', async () => {
    const page = await consentPage({ CurrentFamilyName: MARKUP, PersonIdentifier: '"><svg/onload=alert(1)>' })
    const text = page.body.replace(/<[^>]*>/g, '\n')
    expect(text).toContain(
      MARKUP.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;'),
    )
    expect(page.body).not.toMatch(/<svg|<script>|<img src=x/)
    const named = await consentPage({}, { providerName: MARKUP })
    expect(named.body).toContain('&lt;script&gt;alert(1)')
    expect(named.body).not.toContain('<script>alert')
  })

  test('is text on the page about a used step, and a home that is no plain URL is no link', async () => {
    const page = await usedStep()
    expectPage(target, page, 'ST_GONE')
    expect(page.body).toContain('Portal &quot;&gt;&lt;script&gt;')
    expect(page.body).not.toContain('onmouseover')
    expect(page.body).not.toMatch(/<a /)
  })
})

test.each([
  'javascript:alert(1)//',
  'data:text/html,x',
  'http://portal.xa.example/acs',
  'https://portal.xa.example/acs?x={y}',
  'https://portal.xa.example/"><script>',
  'https://a@evil.example/',
  '//evil.example/',
])('A-239 a node does not send anybody to %s', async (location) => {
  const describe = (metadata: EntityDescriptor, name: PeerName): EntityDescriptor => {
    const { sp } = metadata.roles
    if (name !== 'portal' || sp === undefined) return metadata
    const assertionConsumer = sp.assertionConsumer.map((endpoint) => ({ ...endpoint, location }))
    return { ...metadata, roles: { sp: { ...sp, assertionConsumer } } }
  }
  await expect(startTarget({ describe })).rejects.toThrow(/MD_URL/)
})

describe('A-241 an address to go back to', () => {
  const places = [
    '//evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https://us@evil.example',
    'https://ｅvil.com/',
  ]
  const names = ['return', 'returnTo', 'redirect_uri', 'url', 'next', 'target', 'RelayState', 'entityID']

  test.each(places)('is taken from no query: %s', async (place) => {
    const { portal } = target.peers
    for (const name of names) {
      const query = `${name}=${encodeURIComponent(place)}`
      const answers = [
        await target.wire.get(`${target.connector.sso}?${query}`),
        await target.wire.get(`/?${query}`),
        await target.wire.get(`/nowhere?${query}`),
        await target.wire.post(`${target.connector.step}?${query}`, [['flow', 'x']]),
        await target.wire.post(`${target.connector.acs}?${query}`, [['SAMLResponse', 'PHg+']]),
        await target.wire.post(portal.destination, [
          ['SAMLRequest', 'PHg+'],
          [name, place],
        ]),
      ]
      for (const answer of answers) {
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(answer.headers.location).toBeUndefined()
        expect(answer.body).not.toContain('evil')
      }
    }
  })
})

test('A-243 whatever is wrong with a message that cannot be trusted, the page is the same', async () => {
  for (const half of ['connector', 'proxy-service'] as const) {
    const { asker } = partiesOf(target, half)
    const right = await sign(mintRequest(asker), asker.signing)
    const mallory = await testKey('mallory')
    const stranger = { issuer: { value: 'https://stranger.example/metadata' } }
    const messages = [
      [writeXml(mintRequest(asker)), 'DS_MISSING'],
      [await sign(mintRequest(asker), mallory.signing()), 'DS_KEY'],
      [await sign(mintRequest(asker, stranger), asker.signing), 'SAML_ISSUER'],
      [await sign(mintRequest(asker, stranger), mallory.signing()), 'SAML_ISSUER'],
      [cut(right, ' Version="2.0"', ' Consent="urn:oasis:names:tc:SAML:2.0:consent:prior" Version="2.0"'), 'DS_DIGEST'],
      [cut(right, /<ds:SignatureValue>[^<]{8}/, '<ds:SignatureValue>AAAAAAAA'), 'DS_SIG'],
      [cut(right, 'xmldsig-more#ecdsa-sha256', 'xmldsig-more#hmac-sha256'), 'DS_ALG'],
    ] as const
    const seen = new Set<string>()
    for (const [message, code] of messages) {
      // On a connection of its own: the last answer on one says so, whatever it answers.
      const answer = await postRequest(target, asker, message, undefined, { headers: { connection: 'close' } })
      expectPage(target, answer, code)
      const { date: _, ...headers } = answer.headers
      seen.add(JSON.stringify([answer.status, headers, answer.body.replace(supportCodeOf(answer) ?? '', '')]))
    }
    expect(seen.size).toBe(1)
  }
})

describe('A-244 another origin', () => {
  test.each(['null', 'https://evil.example'])('is not told that it may read: %s', async (origin) => {
    const headers = { Origin: origin, 'Access-Control-Request-Method': 'POST', 'Sec-Fetch-Site': 'cross-site' }
    for (const path of [
      '/connector/step',
      '/proxy-service/step',
      '/connector/sso',
      '/health',
      '/connector/metadata/eidas',
    ]) {
      for (const method of ['OPTIONS', 'GET']) {
        const answer = await target.wire.get(path, { method, headers })
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      }
    }
  })

  test('cannot press a button of a page it has not seen', async () => {
    const page = await consentPage()
    const mine = await consentPage()
    const handle = stepFormOf(mine).controls.find(({ name }) => name === 'flow')?.value ?? ''
    const fields = [['flow', handle] as const, ['action', 'continue'] as const]
    const headers = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    const sending = { cookies: cookiesOf(page), headers }
    expectPage(target, await target.wire.post(target.proxyService.step, fields, sending), 'ST_SESSION')
    expectPage(target, await target.wire.post(target.proxyService.step, [['action', 'continue']], sending), 'ST_GONE')
    expect(refusalOf(target, await submitStep(target, page, [['action', 'continue']]))).toBeUndefined()
  })
})

describe('A-245 a language', () => {
  test.each([
    '../../x',
    'xx',
    '__proto__',
    'constructor',
    '*',
    'fr;q=x',
    ';;,,',
    'de-DE-1996,en',
    `${'a,'.repeat(5_000)}fr`,
  ])('is one of a closed list, whatever the browser says: %j', async (language) => {
    const answer = await target.wire.get('/nowhere', { headers: { 'Accept-Language': language } })
    expectPage(target, answer, 'WEB_UNKNOWN')
    expect(answer.body).toMatch(new RegExp(`<html lang="(${languages.join('|')})">`))
  })

  test.each(['lang=../../etc/passwd', 'lang[]=fr', 'lang=fr', 'hl=de'])('is in no query: %s', async (query) => {
    expectPage(target, await target.wire.get(`${target.connector.sso}?${query}`), 'BIND_MISSING')
    expectPage(target, await target.wire.post(`${target.connector.acs}?${query}`, ''), 'BIND_SPLIT')
    expectPage(target, await target.wire.post(`${target.connector.step}?${query}`, ''), 'STEP_INPUT')
  })
})

test('A-246 nothing that was sent comes back in a header field', async () => {
  const crlf = '%0d%0aX-Injected:%20yes'
  const host = 'Host: localhost\r\nConnection: close\r\n'
  const answers = await Promise.all([
    target.wire.raw(`GET /connector/sso?RelayState=${crlf} HTTP/1.1\r\n${host}\r\n`),
    target.wire.raw(`GET /${crlf} HTTP/1.1\r\n${host}\r\n`),
    target.wire.raw(`GET /connector/sso HTTP/1.1\r\n${host}Cookie: __Host-flow-AAAAAAAAAAAAAAAA=${crlf}\r\n\r\n`),
    target.wire.raw(`GET / HTTP/1.1\r\n${host}Accept-Language: ${crlf}\r\nOrigin: ${crlf}\r\n\r\n`),
    target.wire.raw(`X-INJECTED /connector/sso HTTP/1.1\r\n${host}\r\n`),
  ])
  for (const answer of answers) {
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect(answer).not.toMatch(/X-Injected/i)
  }
})

describe('A-247 a name that wants to look like another', () => {
  const bidi = 'Tax office \u202egro.live'

  test('is not shown: at home the name is that of the metadata, from abroad the request is refused', async () => {
    const country = await countryPage({ providerName: bidi })
    expect(country.body).not.toContain(bidi)
    const id = freshId()
    expectRefused(target, await askProxyService(target, { id, providerName: bidi }), 'EID_TEXT', id)
  })

  test('A-302 is none when nobody sees it: the citizen reads who asks all the same', async () => {
    const consent = await consentPage({}, { providerName: '\u3164' })
    expect(consent.body).toMatch(/<strong><bdi>אבג /)
  })

  test('is no name that metadata may hold', async () => {
    const describe = (metadata: EntityDescriptor, name: PeerName): EntityDescriptor => {
      if (name !== 'portal' || metadata.organization === undefined) return metadata
      const organization = { ...metadata.organization, displayNames: [{ lang: 'en', value: bidi }] }
      return { ...metadata, organization }
    }
    await expect(startTarget({ describe })).rejects.toThrow(/MD_TEXT/)
  })

  test('is not the only thing a form says of where it leads', async () => {
    const answer = await complete(await openFlow(target))
    expect(answer.body).toContain('<strong dir="ltr">portal.xa.example</strong>')
  })
})

describe('A-248 consent', () => {
  test('is a button that was pressed, and nothing else', async () => {
    for (const fields of [
      [],
      [['action', '']],
      [['action', 'Continue']],
      [['action', 'continue ']],
      [['country', 'XB']],
    ] as const) {
      const id = freshId()
      const page = await consentPage({}, { id })
      const asked = { ...(await openFlow(target, 'proxy-service')), askedId: id, relayState: `state-${id.slice(1, 9)}` }
      expectAnswered(asked, await submitStep(target, page, fields), 'STEP_INPUT')
    }
  })

  test('that was refused is not asked for again', async () => {
    const page = await consentPage()
    await submitStep(target, page, [['action', 'cancel']])
    expectPage(target, await submitStep(target, page, [['action', 'continue']]), 'ST_GONE')
  })

  test('shows what leaves: the same values, and no others', async () => {
    const page = await consentPage()
    const shown = readMarked(page.body, 'scope').map(({ text }) => text)
    expect(shown.length).toBeGreaterThan(4)
    expect(page.body).toContain(`XA/XB/${citizen.PersonIdentifier}`)
    expect(page.body).toContain(citizen.CurrentFamilyName)
  })
})

test('A-202 a country that is not offered is not asked, whatever the page was told', async () => {
  const id = freshId()
  expectRefused(
    target,
    await submitStep(target, await countryPage({ id }), [['country', '../../NO']]),
    'EID_COUNTRY',
    id,
  )
})
