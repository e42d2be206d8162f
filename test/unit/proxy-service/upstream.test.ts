import { type OpenScheme, schemesUpstream } from '../../../src/proxy-service/upstream.ts'
import type { HttpInput, Upstream } from '../../../src/relay/faces.ts'
import { fault, identified, asked as request } from '../profiles/samples.ts'
import { app, card, suspended } from './samples.ts'

/** Schemes that say their names. */
function scheme(offer: typeof card, kind: OpenScheme['kind'] = 'saml'): OpenScheme {
  const { name } = offer
  const upstream: Upstream = {
    ask: async () => ({
      reply: { kind: 'link', location: `https://${name}.example/` },
      asked: { messageId: '_1', entityId: `https://${name}.example/`, country: 'XA' },
    }),
    handleIn: () => `handle by ${kind}`,
    receive: async (_input, { entityId, messageId }) => ({
      facts: { entityId, messageId: '_2', inResponseTo: messageId, status: 'Success' },
      read: async () => ({ claims: [], outcome: { ...identified, loa: name } }),
    }),
  }
  return { ...offer, kind, upstream }
}

const everybody = { ...app, mapping: card.mapping }
const two = schemesUpstream([scheme(card), scheme(everybody)])
const input: HttpInput = {
  method: 'POST',
  path: '/acs',
  query: '',
  contentType: undefined,
  contentEncoding: undefined,
  body: Buffer.of(),
  cookies: undefined,
  language: 'en',
}

describe('several schemes behind one proxy service', () => {
  test('the one that was chosen is asked, and that is kept', async () => {
    for (const name of ['card', 'app']) {
      const { asked } = await two.ask({ ...request, scheme: name }, 'handle')
      expect(asked).toMatchObject({ scheme: name, entityId: `https://${name}.example/` })
    }
  })

  test('the only one that fits is asked without a choice; nobody is picked among several', async () => {
    const upstream = schemesUpstream([scheme(card), scheme(suspended(everybody))])
    expect((await upstream.ask(request, 'handle')).asked.scheme).toBe('card')
    await expect(two.ask(request, 'handle')).rejects.toThrow(TypeError)
  })

  test('an answer is judged by the scheme that was asked, whatever the request says', async () => {
    for (const [scheme, other] of [
      ['card', 'app'],
      ['app', 'card'],
    ] as const) {
      const asked = { messageId: '_1', entityId: 'https://card.example/', country: 'XA', scheme }
      const { outcome } = await (await two.receive(input, asked, { ...request, scheme: other })).read()
      expect(outcome).toMatchObject({ loa: scheme })
    }
  })

  test('R-LAW-22: AUTHN_FAILED for the answer of a scheme that is suspended, or is not there any more', async () => {
    const upstream = schemesUpstream([scheme(suspended(card)), scheme(everybody)])
    for (const name of [{ scheme: 'card' }, { scheme: 'gone' }, {}]) {
      const asked = { messageId: '_1', entityId: 'https://card.example/', country: 'XA', ...name }
      await expect(upstream.receive(input, asked, request)).rejects.toEqual(fault('AUTHN_FAILED'))
    }
  })

  test('the handle is read as each of them reads it: two are none, and it counts as the asked one reads it', async () => {
    const reading = (offer: typeof card, handle: string, kind: OpenScheme['kind'] = 'passport'): OpenScheme => {
      const { upstream, ...one } = scheme(offer, kind)
      return { ...one, upstream: { ...upstream, handleIn: () => handle } }
    }
    const unlike = schemesUpstream([reading(card, 'one', 'saml'), reading(everybody, 'two')])
    expect(() => unlike.handleIn(input)).toThrow(fault('BIND_EXTRA_FIELD'))
    const alike = schemesUpstream([reading(card, 'one', 'saml'), reading(everybody, 'one')])
    expect(alike.handleIn(input)).toBe('one')
    expect(() => schemesUpstream([]).handleIn(input)).toThrow(TypeError)
  })
})
