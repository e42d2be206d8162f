import { randomBytes } from 'node:crypto'
import type { FaultCode } from '../../../src/errors/faults.ts'
import { NodeFault } from '../../../src/errors/node-fault.ts'
import type { Identified, IdentityOutcome } from '../../../src/identity/outcome.ts'
import type { IdentityRequest } from '../../../src/identity/request.ts'
import type { RelayEvent } from '../../../src/relay/events.ts'
import type { Downstream, HttpInput, JudgedAnswer, ReceivedAnswer, Reply, Upstream } from '../../../src/relay/faces.ts'
import { createRelay, type RelayParts } from '../../../src/relay/relay.ts'
import type { AnsweringStep, AskingStep } from '../../../src/relay/steps.ts'
import type { ExchangeStore } from '../../../src/relay/store.ts'
import { memoryStores } from '../../../src/store/memory.ts'

/* The relay over the simplest faces there can be: requests and answers are words in the body of the input. */

const loa = 'http://eidas.europa.eu/LoA/substantial'
const name = 'http://eidas.europa.eu/attributes/naturalperson/CurrentFamilyName'

const request: IdentityRequest = {
  relyingParty: { type: 'public', name: 'Library' },
  attributes: [{ name, required: true }],
  loa: { comparison: 'minimum', levels: [loa] },
  nameIdFormat: 'persistent',
}

const identified: Identified = {
  kind: 'identified',
  loa,
  attributes: [{ name, values: [{ value: 'Quill', latin: true }] }],
  identifier: 'XA/XB/1',
  authenticatedAt: 0,
}

const input = (body: string, cookies?: string, relayState = ''): HttpInput => ({
  method: 'POST',
  path: '/x',
  query: relayState,
  contentType: 'application/x-www-form-urlencoded',
  contentEncoding: undefined,
  body: Buffer.from(body),
  cookies,
  language: 'en',
})

const step = (body: string, cookies?: string): HttpInput => input(body, cookies)

function faultIn(words: string, at: string): void {
  const [where, code] = words.split(':')
  if (where === at) throw new NodeFault(code as FaultCode)
}

const downstream: Downstream = {
  async receive({ body }) {
    const words = Buffer.from(body).toString()
    faultIn(words, 'receive')
    return {
      requester: { entityId: 'portal', name: 'Portal', home: 'https://portal.example/' },
      back: () => ({ entityId: 'portal', source: 'portals', acs: 'https://portal.example/acs', inResponseTo: words }),
      claim: { issuer: 'portal', id: words, until: Date.now() + 60_000 },
      read() {
        faultIn(words, 'read')
        return words.includes('XB') ? { ...request, country: 'XB' } : request
      },
    }
  },
  async answer(_back, _request, outcome) {
    const fields = [['outcome', JSON.stringify(outcome)]] as const
    const status = outcome.kind === 'identified' ? 'Success' : (outcome.status ?? []).join('/')
    return { messageId: '_r', status, reply: { kind: 'form', method: 'post', action: 'portal', fields } }
  },
}

/** An answer that verified; its words may break a rule. */
function judgedAs(judged: JudgedAnswer, words = ''): ReceivedAnswer {
  return {
    facts: { entityId: 'proxy', messageId: words, inResponseTo: '_q', status: 'Success' },
    async read() {
      faultIn(words, 'answer')
      return judged
    },
  }
}

const upstream: Upstream = {
  async ask({ country = '' }, handle) {
    if (country === 'XZ') throw new NodeFault('EID_COUNTRY')
    const reply = { kind: 'form', method: 'post', action: 'abroad', fields: [['RelayState', handle]] } as const
    return { reply, asked: { messageId: '_q', at: 0, entityId: `proxy-${country}`, country } }
  },
  handleIn: ({ query }) => query,
  async receive({ body }) {
    const words = Buffer.from(body).toString()
    faultIn(words, 'verify')
    const outcome: IdentityOutcome = words.startsWith('refused')
      ? { kind: 'refused', code: 'USER_CANCELLED', status: ['Responder', 'AuthnFailed'] }
      : identified
    return judgedAs({ claims: [{ issuer: 'proxy', id: words, until: Date.now() + 60_000 }], outcome }, words)
  },
}

const country: AskingStep = {
  name: 'country',
  pose: ({ country }, { name }, form) =>
    country === undefined ? { page: 'country', form, relyingParty: name, countries: ['XB', 'XZ'] } : undefined,
  apply(asked, fields) {
    if (fields.country === undefined) throw new NodeFault('EID_COUNTRY')
    return { ...asked, country: fields.country }
  },
}

const consent: AnsweringStep = {
  name: 'consent',
  pose: (_asked, _requester, { loa }, form) => ({
    page: 'consent',
    form,
    relyingParty: '',
    destination: 'XB',
    loa,
    values: [],
  }),
}

function relayOf(parts: Partial<RelayParts> = {}) {
  const stores = memoryStores({ monotonic: () => performance.now(), now: Date.now, random: randomBytes })
  const events: RelayEvent[] = []
  let codes = 0
  const relay = createRelay({
    half: 'connector',
    downstream,
    upstream,
    beforeAsking: [country],
    beforeAnswering: [],
    store: stores.exchanges('connector'),
    traces: stores.traces('connector'),
    replay: stores.replay('connector'),
    listen: (event) => events.push(event),
    random: randomBytes,
    newSupportCode: () => `code-${++codes}`,
    pageStatus: () => 400,
    stepPath: '/step',
    flowSeconds: 600,
    ...parts,
  })
  return { relay, events }
}

/** What the browser holds after a reply: its cookies and the handle in the form. */
function held(reply: Reply) {
  if (reply.kind === 'document') throw new TypeError('no flow in a document')
  const cookies = (reply.cookies ?? []).filter(({ value }) => value !== undefined)
  const header = cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ')
  if (reply.kind === 'page') return { header, handle: 'form' in reply.page ? reply.page.form.flow : '' }
  return { header, handle: reply.kind === 'form' ? (reply.fields[0]?.[1] ?? '') : '' }
}

/** Of what a browser holds, the cookies of one kind. */
function kept(header: string, kind: 'flow' | 'trace'): string {
  return header
    .split('; ')
    .filter((pair) => pair.startsWith(`__Host-${kind}-`))
    .join('; ')
}

/** Stores whose clock is the test's. */
function timedStores() {
  let passed = 0
  const stores = memoryStores({ monotonic: () => passed, now: Date.now, random: randomBytes })
  const letTimePass = (seconds: number) => {
    passed += seconds * 1000
  }
  return {
    store: {
      store: stores.exchanges('connector'),
      traces: stores.traces('connector'),
      replay: stores.replay('connector'),
    },
    letTimePass,
  }
}

function outcomeIn(reply: Reply): IdentityOutcome {
  if (reply.kind !== 'form' || reply.action !== 'portal') throw new TypeError(`not an answer: ${JSON.stringify(reply)}`)
  return JSON.parse(reply.fields[0]?.[1] ?? '')
}

async function asked(relay: ReturnType<typeof relayOf>['relay'], id = '_1 XB') {
  const reply = await relay.begin(input(id))
  return held(reply)
}

describe('a sign-in through the relay', () => {
  test('goes from request over country choice and answer to the portal, and each reply is bound to its browser', async () => {
    const { relay, events } = relayOf()
    const page = held(await relay.begin(input('_1')))
    const question = held(await relay.resume(step(`flow=${page.handle}&country=XB`, page.header)))
    const reply = await relay.finish(input('_a', question.header, question.handle))
    expect(outcomeIn(reply)).toEqual(identified)
    expect(events.map(({ event }) => event)).toEqual(['received', 'step', 'asked', 'answer-received', 'answered'])
    expect(new Set(events.map(({ flow }) => flow)).size).toBe(1)
  })

  test('skips the country page when the portal named the country', async () => {
    const reply = await relayOf().relay.begin(input('_1 XB'))
    expect(reply).toMatchObject({ kind: 'form', action: 'abroad' })
  })

  test('asks for consent before anything is answered, and answers what was agreed to', async () => {
    const { relay } = relayOf({ beforeAnswering: [consent] })
    const question = await asked(relay)
    const page = held(await relay.finish(input('_a', question.header, question.handle)))
    const reply = await relay.resume(step(`flow=${page.handle}&action=continue`, page.header))
    expect(outcomeIn(reply)).toEqual(identified)
  })

  test('runs in two tabs of one browser without one disturbing the other', async () => {
    const { relay } = relayOf()
    const [one, two] = [await asked(relay, '_1 XB'), await asked(relay, '_2 XB')]
    const both = `${one.header}; ${two.header}`
    expect(outcomeIn(await relay.finish(input('_b', both, two.handle))).kind).toBe('identified')
    expect(outcomeIn(await relay.finish(input('_a', both, one.handle))).kind).toBe('identified')
  })

  test('removes the cookie of a handle that was taken', async () => {
    const { relay } = relayOf()
    const { header, handle } = await asked(relay)
    const reply = await relay.finish(input('_a', header, handle))
    expect(reply).toMatchObject({ cookies: [{ name: header.split('=')[0], value: undefined, maxAgeSeconds: 0 }] })
  })
})

describe('who hears of a fault', () => {
  test('before the requester is verified it is a page with a support code', async () => {
    const reply = await relayOf().relay.begin(input('receive:DS_SIG'))
    expect(reply).toMatchObject({
      kind: 'page',
      page: { page: 'fault', sentence: 'notTrusted', supportCode: 'code-1' },
    })
  })

  test('after that the requester gets the status pair of the table', async () => {
    const reply = await relayOf().relay.begin(input('read:EID_LOA_REQ'))
    expect(outcomeIn(reply)).toEqual({
      kind: 'refused',
      code: 'EID_LOA_REQ',
      status: ['Requester', 'NoAuthnContext'],
    })
  })

  test('what the asked party did wrong is never blamed on the requester', async () => {
    const { relay } = relayOf()
    const { header, handle } = await asked(relay)
    const reply = await relay.finish(input('answer:DS_SIG', header, handle))
    expect(outcomeIn(reply)).toEqual({ kind: 'refused', code: 'DS_SIG', status: ['Responder', 'AuthnFailed'] })
  })

  test('R-LAW-7 an answer that verified is told of before it is judged, another is not', async () => {
    const { relay, events } = relayOf()
    const one = await asked(relay, '_1 XB')
    await relay.finish(input('answer:SAML_IRT', one.header, one.handle))
    const told = { event: 'answer-received', entityId: 'proxy', messageId: 'answer:SAML_IRT', inResponseTo: '_q' }
    expect(events).toContainEqual(expect.objectContaining(told))
    const two = await asked(relay, '_2 XB')
    const before = events.length
    await relay.finish(input('verify:DS_SIG', two.header, two.handle))
    expect(events.slice(before)).toMatchObject([
      { event: 'fault', code: 'DS_SIG' },
      { event: 'answered', messageId: '_r', inResponseTo: '_2 XB' },
    ])
  })

  test('a refusal of the asked party is passed on', async () => {
    const { relay } = relayOf()
    const { header, handle } = await asked(relay)
    const reply = await relay.finish(input('refused', header, handle))
    expect(outcomeIn(reply)).toMatchObject({ code: 'USER_CANCELLED', status: ['Responder', 'AuthnFailed'] })
  })

  test('cancelling on a page of ours is told to the requester', async () => {
    const { relay } = relayOf()
    const page = held(await relay.begin(input('_1')))
    const reply = await relay.resume(step(`flow=${page.handle}&action=cancel`, page.header))
    expect(outcomeIn(reply)).toMatchObject({ kind: 'refused', code: 'USER_CANCELLED' })
  })

  test('a country that was not offered, and one that cannot be asked, are told to the requester', async () => {
    const { relay } = relayOf()
    const page = held(await relay.begin(input('_1')))
    const reply = await relay.resume(step(`flow=${page.handle}&country=XZ`, page.header))
    expect(outcomeIn(reply)).toMatchObject({ kind: 'refused', code: 'EID_COUNTRY' })
  })

  test('a mistake of our own is told without its text', async () => {
    const broken: Downstream = { ...downstream, receive: () => Promise.reject(new RangeError('secret')) }
    const { relay, events } = relayOf({ downstream: broken })
    const reply = await relay.begin(input('_1'))
    expect(JSON.stringify([reply, events])).not.toContain('secret')
    expect(events).toMatchObject([
      { event: 'fault', code: 'INTERNAL', detail: expect.stringMatching(/^RangeError at /) },
    ])
  })
})

describe('a flow is used once, by the browser that began it', () => {
  test('A-222 an answer in another browser is a page, and the flow is still there for its own', async () => {
    const { relay } = relayOf()
    const { header, handle } = await asked(relay)
    const foreign = await relay.finish(input('_a', undefined, handle))
    expect(foreign).toMatchObject({ kind: 'page', page: { sentence: 'sessionLost' } })
    expect(outcomeIn(await relay.finish(input('_a', header, handle))).kind).toBe('identified')
  })

  test('A-229 of two parallel answers one is passed on', async () => {
    const { relay } = relayOf()
    const { header, handle } = await asked(relay)
    const replies = await Promise.all([1, 2, 3].map((n) => relay.finish(input(`_a${n}`, header, handle))))
    expect(replies.filter(({ kind }) => kind === 'form')).toHaveLength(1)
  })

  test('the back button leads to a page that says where to start again', async () => {
    const { relay } = relayOf()
    const { header, handle } = await asked(relay)
    await relay.finish(input('_a', header, handle))
    expect(await relay.finish(input('_b', header, handle))).toMatchObject({
      kind: 'page',
      page: { sentence: 'usedAlready', back: { name: 'Portal', url: 'https://portal.example/' } },
    })
  })

  test('a page that was kept and sent again, when its flow cookie is gone, says so as well', async () => {
    const { relay } = relayOf()
    const { header, handle } = await asked(relay)
    const trace = kept(header, 'trace')
    await relay.finish(input('_a', header, handle))
    for (const _ of [1, 2]) {
      expect(await relay.finish(input('_b', trace, handle))).toMatchObject({
        kind: 'page',
        page: { sentence: 'usedAlready', back: { name: 'Portal', url: 'https://portal.example/' } },
      })
    }
  })

  test('whoever comes too late learns where to start again', async () => {
    const { store, letTimePass } = timedStores()
    const { relay } = relayOf(store)
    const { header, handle } = await asked(relay)
    letTimePass(601)
    const late = { page: { sentence: 'usedAlready', back: { name: 'Portal' } } }
    expect(await relay.finish(input('_a', kept(header, 'trace'), handle))).toMatchObject(late)
    letTimePass(1801)
    const later = await relay.finish(input('_a', kept(header, 'trace'), handle))
    expect(later).toMatchObject({ page: { sentence: 'sessionLost' } })
    expect(later).not.toHaveProperty('page.back')
  })

  test('A-223 a trace completes nothing, not even its own open flow, and takes nothing from it', async () => {
    const { relay, events } = relayOf()
    const [one, other] = [await asked(relay, '_1 XB'), await asked(relay, '_2 XB')]
    const before = events.length
    expect(await relay.finish(input('_a', kept(one.header, 'trace'), one.handle))).toMatchObject({ kind: 'page' })
    const crossed = await relay.finish(input('_a', kept(other.header, 'trace'), one.handle))
    expect(crossed).toMatchObject({ page: { sentence: 'sessionLost' } })
    expect(crossed).not.toHaveProperty('page.back')
    expect(events.slice(before).map(({ event }) => event)).toEqual(['fault', 'fault'])
    expect(outcomeIn(await relay.finish(input('_a', kept(one.header, 'flow'), one.handle))).kind).toBe('identified')
  })

  test('from abroad the citizen is told of the service, which she knows, and not of the connector', async () => {
    const { relay } = relayOf({ half: 'proxy-service' })
    const { header, handle } = await asked(relay)
    await relay.finish(input('_a', header, handle))
    const reply = await relay.finish(input('_b', header, handle))
    expect(reply).toMatchObject({ page: { sentence: 'usedAlready', back: { name: 'Library' } } })
    expect(reply).not.toHaveProperty('page.back.url')
  })

  test('so she is where an answer cannot be written', async () => {
    const mute: Downstream = { ...downstream, answer: () => Promise.reject(new NodeFault('OUT_SELFCHECK')) }
    const { relay } = relayOf({ half: 'proxy-service', downstream: mute })
    const { header, handle } = await asked(relay)
    const reply = await relay.finish(input('_a', header, handle))
    expect(reply).toMatchObject({ page: { sentence: 'internal', back: { name: 'Library' } } })
    expect(reply).not.toHaveProperty('page.back.url')
  })

  test('where a trace cannot be kept the sign-in goes on', async () => {
    const full: ExchangeStore = {
      put: () => Promise.reject(new NodeFault('ST_STORE')),
      take: async () => undefined,
    }
    const { relay } = relayOf({ traces: full })
    const { header, handle } = await asked(relay)
    expect(outcomeIn(await relay.finish(input('_a', header, handle))).kind).toBe('identified')
    expect(await relay.finish(input('_b', header, handle))).toMatchObject({ page: { sentence: 'usedAlready' } })
  })

  test('A-170 a request that comes again is told to its requester', async () => {
    const { relay } = relayOf()
    await relay.begin(input('_1 XB'))
    expect(outcomeIn(await relay.begin(input('_1 XB')))).toMatchObject({ code: 'SAML_REPLAY' })
  })

  test('A-170 an answer that comes again in another flow is refused', async () => {
    const { relay } = relayOf()
    const [one, two] = [await asked(relay, '_1 XB'), await asked(relay, '_2 XB')]
    await relay.finish(input('_a', one.header, one.handle))
    expect(outcomeIn(await relay.finish(input('_a', two.header, two.handle)))).toMatchObject({ code: 'SAML_REPLAY' })
  })

  test('a handle at the wrong door is refused and kept for the right one', async () => {
    const { relay } = relayOf()
    const { header, handle } = await asked(relay)
    expect(await relay.resume(step(`flow=${handle}&action=cancel`, header))).toMatchObject({
      page: { sentence: 'usedAlready' },
    })
    expect(outcomeIn(await relay.finish(input('_a', header, handle))).kind).toBe('identified')
  })

  test('an unknown handle and a malformed form are pages', async () => {
    const { relay } = relayOf()
    expect(await relay.finish(input('_a', undefined, 'nope'))).toMatchObject({ page: { sentence: 'usedAlready' } })
    expect(await relay.resume(step('flow=x&flow=y'))).toMatchObject({ page: { sentence: 'notUnderstood' } })
  })
})

describe('what is passed on', () => {
  test('a level below the one asked is refused', async () => {
    const low: Upstream = {
      ...upstream,
      receive: async () => judgedAs({ claims: [], outcome: { ...identified, loa: 'http://eidas.europa.eu/LoA/low' } }),
    }
    const { relay } = relayOf({ upstream: low })
    const { header, handle } = await asked(relay)
    expect(outcomeIn(await relay.finish(input('_a', header, handle)))).toMatchObject({
      code: 'EID_LOA',
      status: ['Responder', 'NoAuthnContext'],
    })
  })

  test('R-AP-55 somebody acting for another is refused, unless that is agreed', async () => {
    const name = 'http://eidas.europa.eu/attributes/naturalperson/representative/CurrentFamilyName'
    const acting: Upstream = {
      ...upstream,
      receive: async () =>
        judgedAs({
          claims: [],
          outcome: { ...identified, attributes: [...identified.attributes, { name, values: [] }] },
        }),
    }
    const through = async (parts: Partial<RelayParts>) => {
      const { relay } = relayOf({ upstream: acting, ...parts })
      const { header, handle } = await asked(relay)
      return outcomeIn(await relay.finish(input('_a', header, handle)))
    }
    expect(await through({})).toMatchObject({ code: 'EID_REPR' })
    const told: string[] = []
    const representation = ({ entityId }: { readonly entityId: string }) => {
      told.push(entityId)
      return 'accept' as const
    }
    expect(await through({ representation })).toMatchObject({ attributes: [{}, { name }] })
    expect(new Set(told).size).toBe(1)
  })

  test('A-191 an attribute that was not asked for stays behind', async () => {
    const chatty: Upstream = {
      ...upstream,
      receive: async () =>
        judgedAs({
          claims: [],
          outcome: { ...identified, attributes: [...identified.attributes, { name: 'urn:more', values: [] }] },
        }),
    }
    const { relay } = relayOf({ upstream: chatty })
    const { header, handle } = await asked(relay)
    expect(outcomeIn(await relay.finish(input('_a', header, handle)))).toEqual(identified)
  })
})
