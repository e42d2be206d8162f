import { deflateRawSync } from 'node:zlib'
import type { AuthnRequest } from '../../src/saml/authn-request.ts'
import { redirectUrl } from '../../src/saml/bindings/redirect.ts'
import { clark } from '../../src/xml/element.ts'
import { samlp } from '../../src/xml/names.ts'
import { el, writeXml, type XmlPart } from '../../src/xml/writer.ts'
import { base64, chooseCountry, openFlow, partiesOf, postRequest, signedAnswer } from '../testkit/flow.ts'
import { mintRequest, sign } from '../testkit/mint.ts'
import { appended, at } from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectTaken, pairsOf } from '../testkit/transport.ts'
import { expectPage, refusalOf } from '../testkit/verdict.ts'
import { type Answer, encodeForm } from '../testkit/wire.ts'
import { inspected } from '../unit/inspect/samples.ts'

/* Requests as products in the field write and send them, at both halves. */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const halves = ['connector', 'proxy-service'] as const
type Half = (typeof halves)[number]

const LEVELS = 'http://eidas.europa.eu/LoA/'
const LOA_ATTRIBUTE = 'urn:oasis:names:tc:SAML:attribute:assurance-certification'

const DEFLATE = 'SAMLEncoding=urn%3Aoasis%3Anames%3Atc%3ASAML%3A2.0%3Abindings%3AURL-Encoding%3ADEFLATE'

async function signedQuery(half: Half) {
  const { asker } = partiesOf(target, half)
  const xml = writeXml(mintRequest(asker))
  const url = await redirectUrl(
    { location: asker.destination, parameter: 'SAMLRequest', xml, relayState: 'state' },
    asker.signing,
  )
  const get = (pairs: readonly string[], headers: Readonly<Record<string, string>> = {}) =>
    target.wire.get(`${asker.destination}?${pairs.join('&')}`, { headers })
  return { asker, pairs: pairsOf(url), get }
}

describe.each(halves)('at the %s', (half) => {
  test.each([
    ['in front', (pairs: readonly string[]) => [DEFLATE, ...pairs]],
    ['behind', (pairs: readonly string[]) => [...pairs, DEFLATE]],
    ['in between', ([first = '', ...rest]: readonly string[]) => [first, DEFLATE, ...rest]],
    ['with colons as they are', (pairs: readonly string[]) => [decodeURIComponent(DEFLATE), ...pairs]],
  ])('Bindings 3.4.4: SAMLEncoding of its default means what none means: %s', async (_, change) => {
    const { pairs, get } = await signedQuery(half)
    expectTaken(target, await get(change(pairs)))
  })

  test.each([
    'lang=fr',
    'utm_source=letter&utm_source=poster',
    'x',
    '=',
    'KeyInfo=x&TARGET=y',
    'name=%E9%zz',
    '__proto__=x',
  ])('Bindings 3.4.4: another query parameter is ignored, and not signed over: %s', async (more) => {
    for (const change of [
      (pairs: readonly string[]) => [...pairs, more],
      (pairs: readonly string[]) => [more, ...pairs],
    ]) {
      const { pairs, get } = await signedQuery(half)
      expectTaken(target, await get(change(pairs)))
    }
  })

  test.each([
    'submit=Continue',
    'button=',
    'csrf=a%2Bb&csrf=c',
    'AuthenticatedIdPs=eyJ&TARGET=y',
    'b=Envoy%E9',
    '_method=GET',
  ])('Bindings 3.5.4: another form control is ignored, with a request and with an answer: %s', async (more) => {
    const { asker } = partiesOf(target, half)
    const message = base64(await sign(mintRequest(asker), asker.signing))
    const form = encodeForm([['SAMLRequest', message]])
    expectTaken(target, await target.wire.post(asker.destination, `${more}&${form}`))
    const flow = await openFlow(target, half)
    const answer = encodeForm([
      ['SAMLResponse', base64(await signedAnswer(flow))],
      ['RelayState', flow.handle],
    ])
    const { cookies } = flow
    const taken = await target.wire.post(flow.answerer.destination, `${answer}&${more}`, { cookies })
    expect(refusalOf(target, taken)).toBeUndefined()
  })

  test('what a query has beside its message is not what was signed: A-307', async () => {
    const { asker, pairs, get } = await signedQuery(half)
    const [message = '', ...rest] = pairs
    const evil = encodeURIComponent(base64(deflateRawSync(writeXml(mintRequest(asker)))))
    expectPage(target, await get([`SAMLRequest=${evil}`, `lang=${message.slice(12)}`, ...rest]), 'BIND_SIG')
    expectTaken(target, await get(pairs))
  })

  test.each([
    { 'Sec-Purpose': 'prefetch' },
    { 'Sec-Purpose': 'prefetch;prerender' },
    { 'Sec-Purpose': 'prefetch;anonymous-client-ip' },
    { Purpose: 'prefetch' },
    { 'X-Moz': 'prefetch' },
    { 'X-Purpose': 'preview' },
  ])('A-308 a link fetched ahead uses nothing up: %j', async (headers) => {
    const { pairs, get } = await signedQuery(half)
    const ahead = await get(pairs, headers)
    expect(ahead).toMatchObject({ status: 503, body: '' })
    expect(ahead.headers['set-cookie']).toBeUndefined()
    expect(ahead.headers['cache-control']).toBe('no-store')
    expectTaken(target, await get(pairs))
  })

  test('A-308 a HEAD of a link uses nothing up', async () => {
    const { pairs, get, asker } = await signedQuery(half)
    const head = await target.wire.get(`${asker.destination}?${pairs.join('&')}`, { method: 'HEAD' })
    expect(head.status).toBe(405)
    expectTaken(target, await get(pairs))
  })
})

describe('extensions that nobody here knows', () => {
  const other = (local: string, ...content: readonly (XmlPart | string)[]) =>
    el({ namespace: 'urn:example:extension', local, prefix: 'other' }, {}, ...content)
  const requestedElsewhere = el({
    namespace: 'urn:oasis:names:tc:SAML:protocol:ext:req-attr',
    local: 'RequestedAttributes',
    prefix: 'req-attr',
  })

  describe.each(halves)('at the %s', (half) => {
    test.each<readonly [string, readonly XmlPart[]]>([
      ['RequestedAttributes of another namespace', [requestedElsewhere]],
      ['with text and elements', [other('Trace', 'text', other('SPType', 'private'))]],
      ['the same twice', [other('Hint', 'a'), other('Hint', 'b')]],
      ['empty, with an SPType of another namespace', [other('SPType', 'private'), other('Empty')]],
    ])('Implementation Annex 1.3: passed over, and told by an inspection: %s', async (_, unknown) => {
      const { asker } = partiesOf(target, half)
      const plain = mintRequest(asker)
      const has = plain.children.some((child) => typeof child === 'object' && child.name.local === 'Extensions')
      const extended = has
        ? at('Extensions', appended(...unknown))(plain)
        : {
            ...plain,
            children: plain.children.flatMap((one, index) =>
              index === 0 ? [one, el(samlp('Extensions'), {}, ...unknown)] : [one],
            ),
          }
      const message = await sign(extended, asker.signing)
      expectTaken(target, await postRequest(target, asker, message))
      const { findings } = await inspected(message, { trust: [asker.signingKey] })
      const told = findings.filter(({ severity, code }) => severity === 'note' && code === 'IGNORED')
      const texts = unknown.map(({ name }) => `${clark(name)} in Extensions is passed over`)
      expect(new Set(told.map(({ text }) => text))).toEqual(new Set(texts))
    })
  })
})

describe('what a portal suggests in an IDPList', () => {
  /** A request with this list in its Scoping, and perhaps more. */
  async function suggesting(entries: readonly XmlPart[], overrides: Partial<AuthnRequest<XmlPart>> = {}) {
    const { portal } = target.peers
    const scoping = el(samlp('Scoping'), { ProxyCount: '1' }, el(samlp('IDPList'), {}, ...entries))
    const request = appended(scoping)(mintRequest(portal, overrides))
    return postRequest(target, portal, await sign(request, portal.signing))
  }
  const entry = (ProviderID: string, more: Readonly<Record<string, string>> = {}) =>
    el(samlp('IDPEntry'), { ProviderID, ...more })
  const asksTheCitizen = ({ body }: Answer) => body.includes('name="country"')
  const complete = el(samlp('GetComplete'), {}, 'https://portal.xa.example/list')

  test.each<readonly [string, (known: string) => readonly XmlPart[]]>([
    ['alone', (known) => [entry(known)]],
    ['with a name and a location', (known) => [entry(known, { Name: 'Beeland', Loc: 'https://evil.example/sso' })]],
    ['beside one that is not known', (known) => [entry('urn:other'), entry(known)]],
    ['twice, and with GetComplete', (known) => [entry(known), entry(known), complete]],
  ])('SAML Core 3.4.1.3: a trusted proxy service preselects its country: %s', async (_, list) => {
    const { entityId, endpoint } = target.peers.otherProxyService
    const asked = await suggesting(list(entityId))
    expect(asked.body).toContain(endpoint)
    expect(asksTheCitizen(asked)).toBe(false)
  })

  test.each<readonly [string, (peers: Target['peers']) => readonly XmlPart[]]>([
    ['one that is not known', () => [entry('https://proxy.xz.example/metadata')]],
    ['an identity provider of this country', ({ identityProvider }) => [entry(identityProvider.entityId)]],
    ['a connector', ({ connector }) => [entry(connector.entityId)]],
    ['two countries', (peers) => [entry(peers.proxyService.entityId), entry(peers.otherProxyService.entityId)]],
    ['an empty one', () => [entry('')]],
  ])('SAML Core 3.4.1.3: other suggestions are ignored: %s', async (_, list) => {
    const page = await suggesting(list(target.peers))
    expect(refusalOf(target, page)).toBeUndefined()
    expect(['XB', 'XC'].map((country) => page.body.includes(`value="${country}"`))).toEqual([true, true])
  })
})

describe('A-305 a country that cannot give what is asked', () => {
  let modest: Target
  beforeAll(async () => {
    modest = await startTarget({
      describe: (metadata, name) => {
        if (name !== 'proxyService') return metadata
        const entityAttributes = new Map([...metadata.entityAttributes, [LOA_ATTRIBUTE, [`${LEVELS}low`]]])
        return { ...metadata, entityAttributes }
      },
    })
  }, 60_000)
  afterAll(() => modest.stop())

  test.each([
    ['low', true],
    ['substantial', false],
    ['high', false],
  ] as const)('is not preselected by a suggestion, at level %s: %s', async (level, preselected) => {
    const { portal, proxyService } = modest.peers
    const requestedAuthnContext = { comparison: 'minimum', classRefs: [LEVELS + level], declRefs: [] } as const
    const list = el(samlp('IDPList'), {}, el(samlp('IDPEntry'), { ProviderID: proxyService.entityId }))
    const request = appended(el(samlp('Scoping'), {}, list))(mintRequest(portal, { requestedAuthnContext }))
    const { body } = await postRequest(modest, portal, await sign(request, portal.signing))
    expect([body.includes(proxyService.endpoint), body.includes('name="country"')]).toEqual([preselected, !preselected])
    expect(body).not.toContain('value="XB"')
  })
})

describe('two proxy services of one country', () => {
  let pair: Target
  beforeAll(async () => {
    const source = (name: string, role: string, country?: string) => ({
      files: [`peers/${name}.xml`],
      anchors: [`peers/${name}.pem`],
      roles: [role],
      ...(country === undefined ? {} : { country }),
    })
    pair = await startTarget({
      describe: (metadata, name) => {
        if (name !== 'proxyService' && name !== 'otherProxyService') return metadata
        const levels = [name === 'proxyService' ? 'low' : 'high'].map((level) => LEVELS + level)
        const { roles } = metadata
        const idp = roles.idp && { ...roles.idp, nodeCountry: 'XB' }
        const entityAttributes = new Map([...metadata.entityAttributes, [LOA_ATTRIBUTE, levels]])
        return { ...metadata, entityAttributes, roles: { ...roles, ...(idp === undefined ? {} : { idp }) } }
      },
      config: {
        trust: {
          sources: [
            source('portal', 'service-provider'),
            source('identityProvider', 'identity-provider'),
            source('connector', 'connector', 'XB'),
            source('proxyService', 'proxy-service', 'XB'),
            source('otherProxyService', 'proxy-service', 'XB'),
          ],
        },
      },
    })
  }, 60_000)
  afterAll(() => pair.stop())

  test.each([
    ['high', 'otherProxyService'],
    ['substantial', 'otherProxyService'],
    ['low', 'either'],
  ] as const)('the one that can give what is asked is asked, the first where both can: %s', async (level, name) => {
    const { portal } = pair.peers
    const requestedAuthnContext = { comparison: 'minimum', classRefs: [LEVELS + level], declRefs: [] } as const
    const message = await sign(mintRequest(portal, { requestedAuthnContext }), portal.signing)
    const asked = await chooseCountry(pair, await postRequest(pair, portal, message))
    const names = ['proxyService', 'otherProxyService'] as const
    const found = names.filter((one) => asked.body.includes(pair.peers[one].endpoint))
    const [first] = [...names].sort((a, b) => (pair.peers[a].entityId < pair.peers[b].entityId ? -1 : 1))
    expect(found).toEqual([name === 'either' ? first : name])
  })
})
