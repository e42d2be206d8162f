import { proxyServiceAddresses } from '../../../src/proxy-service/addresses.ts'
import { type OpenScheme, schemesUpstream } from '../../../src/proxy-service/upstream.ts'
import type { HttpInput, Upstream } from '../../../src/relay/faces.ts'
import { fault, identified, asked as request } from '../profiles/samples.ts'
import { app, card, suspended } from './samples.ts'

/** Schemes that say their names. */
function scheme(offer: typeof card): OpenScheme {
  const { name } = offer
  const upstream: Upstream = {
    ask: async () => ({
      reply: { kind: 'link', location: `https://${name}.example/` },
      asked: { messageId: '_1', at: 0, entityId: `https://${name}.example/`, country: 'XA' },
    }),
    handleIn: () => `handle as ${name} reads it`,
    receive: async (_input, { entityId, messageId }) => ({
      facts: { entityId, messageId: '_2', inResponseTo: messageId, status: 'Success' },
      read: async () => ({ claims: [], outcome: { ...identified, loa: name } }),
    }),
  }
  return { ...offer, upstream }
}

const everybody = { ...app, mapping: card.mapping }
const addresses = proxyServiceAddresses('https://node.example')
const over = (...schemes: readonly OpenScheme[]) => schemesUpstream(schemes, addresses)
const two = over(scheme(card), scheme(everybody))

/** An answer at the address of this scheme. */
const inputAt = (name: string): HttpInput => ({
  method: 'POST',
  path: new URL(addresses.acsOf(name)).pathname,
  query: '',
  contentType: undefined,
  contentEncoding: undefined,
  body: Buffer.of(),
  cookies: undefined,
  language: 'en',
})

describe('several schemes behind one proxy service', () => {
  test('the one that was chosen is asked, and that is kept', async () => {
    for (const name of ['card', 'app']) {
      const { asked } = await two.ask({ ...request, scheme: name }, 'handle')
      expect(asked).toMatchObject({ scheme: name, entityId: `https://${name}.example/` })
    }
  })

  test('the only one that fits is asked without a choice; nobody is picked among several', async () => {
    const upstream = over(scheme(card), scheme(suspended(everybody)))
    expect((await upstream.ask(request, 'handle')).asked.scheme).toBe('card')
    await expect(two.ask(request, 'handle')).rejects.toThrow(TypeError)
  })

  test('an answer is judged by the scheme that was asked, whatever the request says', async () => {
    for (const [scheme, other] of [
      ['card', 'app'],
      ['app', 'card'],
    ] as const) {
      const asked = { messageId: '_1', at: 0, entityId: 'https://card.example/', country: 'XA', scheme }
      const { outcome } = await (await two.receive(inputAt(scheme), asked, { ...request, scheme: other })).read()
      expect(outcome).toMatchObject({ loa: scheme })
    }
  })

  test('R-LAW-22: AUTHN_FAILED for the answer of a scheme that is suspended', async () => {
    const upstream = over(scheme(suspended(card)), scheme(everybody))
    const asked = { messageId: '_1', at: 0, entityId: 'https://card.example/', country: 'XA', scheme: 'card' }
    await expect(upstream.receive(inputAt('card'), asked, request)).rejects.toEqual(fault('AUTHN_FAILED'))
  })

  test('A-300: SAML_MIXUP for an answer at the address of another scheme than was asked', async () => {
    for (const name of [{ scheme: 'app' }, { scheme: 'gone' }, {}]) {
      const asked = { messageId: '_1', at: 0, entityId: 'https://card.example/', country: 'XA', ...name }
      await expect(two.receive(inputAt('card'), asked, request)).rejects.toEqual(fault('SAML_MIXUP'))
    }
  })

  test('the handle is read as the scheme of that address reads it', () => {
    expect(two.handleIn(inputAt('card'))).toBe('handle as card reads it')
    expect(two.handleIn(inputAt('app'))).toBe('handle as app reads it')
    expect(() => two.handleIn(inputAt('ferry'))).toThrow(TypeError)
  })
})
