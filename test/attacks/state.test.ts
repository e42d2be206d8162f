import { saml } from '../../src/xml/names.ts'
import { el } from '../../src/xml/writer.ts'
import {
  base64,
  chooseCountry,
  complete,
  decoded,
  type Flow,
  fieldsOf,
  mintAnswer,
  openFlow,
  partiesOf,
  postAnswer,
  postRequest,
  signedAnswer,
  stepFormOf,
  submitStep,
} from '../testkit/flow.ts'
import { citizen, freshId, mintAttributes, mintRefusal, mintRequest, sign } from '../testkit/mint.ts'
import { OTHER_COUNTRY } from '../testkit/peers.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectTaken } from '../testkit/transport.ts'
import {
  expectAnswered,
  expectNotReusable,
  expectPage,
  expectRefused,
  expectStillOpen,
  refusalOf,
  releasedIn,
} from '../testkit/verdict.ts'
import { type Answer, cookiesOf, tracesOf } from '../testkit/wire.ts'

/* Flows, handles and cookies, in both halves. */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 30_000)
afterAll(() => target.stop())

const halves = ['connector', 'proxy-service'] as const

/** The page a half shows first: the country, or the values about to leave. */
async function stepPage(half: (typeof halves)[number]): Promise<Answer> {
  if (half === 'proxy-service') {
    const flow = await openFlow(target, half)
    return postAnswer(flow, await signedAnswer(flow))
  }
  const { asker } = partiesOf(target, half)
  return postRequest(target, asker, await sign(mintRequest(asker), asker.signing))
}

const goingOn = { connector: [['country', 'XB']], 'proxy-service': [['action', 'continue']] } as const

const handleOf = (page: Answer): string => stepFormOf(page).controls.find(({ name }) => name === 'flow')?.value ?? ''

function expectWentOn(answer: Answer): void {
  expect(refusalOf(target, answer)).toBeUndefined()
  expect(answer.body).toMatch(/name="SAMLRe(quest|sponse)"/)
}

describe.each(halves)('in the %s', (half) => {
  let flow: Flow
  let message: Uint8Array
  beforeEach(async () => {
    flow = await openFlow(target, half)
    message = await signedAnswer(flow)
  })

  test('A-222 a right answer in another browser is refused, and the flow stays open for its own', async () => {
    const other = await openFlow(target, half)
    const name = flow.cookies.split('=', 1)[0]
    for (const cookies of [
      undefined,
      '',
      'session=1',
      other.cookies,
      `${name}=`,
      `${name}=${other.cookies.split('=')[1]}`,
      `${name}=${flow.handle}`,
      flow.cookies.slice(0, -1),
      `${flow.cookies}A`,
      flow.cookies.toLowerCase(),
      flow.cookies.replace('__Host-', ''),
    ]) {
      expectPage(target, await postAnswer(flow, message, { cookies }), 'ST_SESSION')
    }
    await expectStillOpen(flow)
    await expectStillOpen(other)
  })

  test('A-222 a page of ours comes back from its own browser alone', async () => {
    const page = await stepPage(half)
    const fields = [['flow', handleOf(page)] as const, ...goingOn[half]]
    const action = target.origin + stepFormOf(page).action
    for (const cookies of [undefined, flow.cookies]) {
      expectPage(target, await target.wire.post(action, fields, { cookies }), 'ST_SESSION')
    }
    expectWentOn(await submitStep(target, page, goingOn[half]))
    expectPage(target, await submitStep(target, page, goingOn[half]), 'ST_GONE')
  })

  test('A-223 a cookie that was there before is never taken over, and each step has its own', async () => {
    const { asker } = flow
    const planted = `${flow.cookies}; __Host-flow-AAAAAAAAAAAAAAAA=planted`
    const request = await sign(mintRequest(asker), asker.signing)
    const first = await postRequest(target, asker, request, undefined, { cookies: planted })
    expectTaken(target, first)
    expect(cookiesOf(first)).toMatch(/^__Host-flow-[\w-]{16}=[\w-]{43}$/)
    expect(planted).not.toContain(cookiesOf(first))
    await expectStillOpen(flow)

    const page = await stepPage(half)
    const next = await submitStep(target, page, goingOn[half])
    expect(cookiesOf(next)).not.toBe(cookiesOf(page))
    expect(next.headers['set-cookie']).toContainEqual(
      `${cookiesOf(page).split('=', 1)[0]}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=None`,
    )
  })

  test('A-223 what outlives a flow completes nothing: it leads to a page about it, and to no other flow', async () => {
    const page = await stepPage(half)
    const trace = tracesOf(page)
    const action = target.origin + stepFormOf(page).action
    const again = (handle: string, cookies: string) =>
      target.wire.post(action, [['flow', handle] as const, ...goingOn[half]], { cookies })
    const early = await again(handleOf(page), trace)
    expectPage(target, early, 'ST_GONE')
    const planted = trace.replace('__Host-trace-', '__Host-flow-')
    expectPage(target, await again(handleOf(page), planted), 'ST_SESSION')
    const other = await stepPage(half)
    expectPage(target, await again(handleOf(other), trace), 'ST_SESSION')
    const renamed = `${tracesOf(other).split('=', 1)[0]}=${trace.split('=')[1]}`
    expectPage(target, await again(handleOf(other), renamed), 'ST_SESSION')
    expectWentOn(await submitStep(target, other, goingOn[half]))

    expectWentOn(await submitStep(target, page, goingOn[half]))
    for (const _ of [1, 2]) {
      const late = await again(handleOf(page), trace)
      expectPage(target, late, 'ST_GONE')
      expect(late.headers['set-cookie']).toBeUndefined()
    }
  })

  test('A-224 the cookie of a flow comes along with a post from another site, and to nobody else', async () => {
    const page = await stepPage(half)
    const given = (page.headers['set-cookie'] ?? []).filter((cookie) => !cookie.includes('Max-Age=0'))
    expect(given).toEqual([
      expect.stringMatching(/^__Host-flow-[\w-]{16}=[\w-]{43}; Path=\/; Max-Age=600; Secure; HttpOnly; SameSite=None$/),
      expect.stringMatching(
        /^__Host-trace-[\w-]{16}=[\w-]{22}; Path=\/; Max-Age=1800; Secure; HttpOnly; SameSite=None$/,
      ),
    ])
  })

  test('A-224 a post that came without the cookie is not led on to where it could be had', async () => {
    const answer = await postAnswer(flow, message, { cookies: undefined })
    expectPage(target, answer, 'ST_SESSION')
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.headers.location).toBeUndefined()
    expect(answer.body).not.toMatch(/http-equiv/)
    await expectStillOpen(flow)
  })

  test('A-225 two cookies of the name are refused, whichever is right', async () => {
    const [name, secret] = flow.cookies.split('=')
    for (const cookies of [
      `${flow.cookies}; ${name}=tossed`,
      `${name}=tossed; ${flow.cookies}`,
      `${flow.cookies}; ${flow.cookies}`,
      `${flow.cookies};${name}=`,
      `${name}=${secret};  ${name}=${secret}`,
    ]) {
      expectPage(target, await postAnswer(flow, message, { cookies }), 'ST_COOKIE')
    }
    await expectStillOpen(flow)
  })

  test('A-225 other cookies, however many and odd, disturb nothing', async () => {
    const odd = ['a', '=', '=b', ';;;', 'c="d', '__proto__=1', '%zz=%zz', 'é=é', `big=${'x'.repeat(8_000)}`, 'a=b=c']
    const cookies = [...odd, flow.cookies, ...odd].join('; ')
    expect(refusalOf(target, await postAnswer(flow, message, { cookies }))).toBeUndefined()
  })

  test('A-226 a handle that is none is not looked for', async () => {
    const { answerer, cookies } = flow
    const post = (state: string) =>
      target.wire.post(
        answerer.destination,
        [
          ['SAMLResponse', base64(message)],
          ['RelayState', state],
        ],
        { cookies },
      )
    for (const state of [
      '',
      '*',
      'a:b',
      '{tag}',
      `${flow.handle.slice(1)}*`,
      `${flow.handle} `,
      `exchange:${flow.handle}`.slice(0, 43),
    ]) {
      expectPage(target, await post(state), 'ST_GONE')
    }
    expectPage(target, await post(`${flow.handle.slice(2)}\r\n`), 'BIND_RELAY')
    expectPage(target, await post('x'.repeat(1_000_000)), 'BIND_SIZE')
    await expectStillOpen(flow)
  })

  test('A-226 a handle on a page of ours that is none is not looked for', async () => {
    const page = await stepPage(half)
    const action = target.origin + stepFormOf(page).action
    const cookies = cookiesOf(page)
    for (const handle of ['', '*', 'a\r\nb', '{tag}', `${handleOf(page)}\r\n`, 'x'.repeat(1_000), '\0', '../../etc']) {
      const answer = await target.wire.post(action, [['flow', handle], ...goingOn[half]], { cookies })
      expectPage(target, answer, 'ST_GONE')
    }
    expectWentOn(await submitStep(target, page, goingOn[half]))
  })

  test('A-226 an ID with characters that could end a key is no ID', async () => {
    const { asker } = flow
    for (const id of ['a:b', 'a*', '{tag}', '../a', "_'; DROP TABLE claims; --", '_a b']) {
      expectPage(
        target,
        await postRequest(target, asker, await sign(mintRequest(asker, { id }), asker.signing)),
        'XML_ID',
      )
      const answer = await mintAnswer(flow, { response: { id } })
      const again = await openFlow(target, half)
      expectAnswered(again, await postAnswer(again, await sign(answer, flow.answerer.signing)), 'XML_ID')
    }
  })

  test('A-228 names that every object has are names like others', async () => {
    const { asker } = flow
    for (const id of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then']) {
      const request = await sign(mintRequest(asker, { id, providerName: '{"__proto__":{"a":1}}' }), asker.signing)
      expectTaken(target, await postRequest(target, asker, request, '__proto__'))
      expectRefused(target, await postRequest(target, asker, request, '__proto__'), 'SAML_REPLAY', id)
    }
    const issuer = { value: '__proto__' }
    const stranger = await sign(mintRequest(asker, { issuer }), asker.signing)
    expectPage(target, await postRequest(target, asker, stranger), 'SAML_ISSUER')
    for (const classRef of ['__proto__', 'constructor']) {
      const one = await openFlow(target, half)
      const authnStatements = [
        {
          authnInstant: Date.now(),
          classRefs: [classRef],
          declRefs: [],
          hasDeclaration: false,
          authenticatingAuthorities: [],
        },
      ]
      expectAnswered(one, await postAnswer(one, await signedAnswer(one, { assertion: { authnStatements } })), 'EID_LOA')
    }
    expect(({} as Record<string, unknown>)['a']).toBeUndefined()
  })

  test('A-228 a status that is named like something every object has is unknown like any other', async () => {
    for (const sub of ['__proto__', 'constructor', 'toString', 'valueOf']) {
      const one = await openFlow(target, half)
      const refusal = await sign(mintRefusal(one, ['Responder', sub]), one.answerer.signing)
      expectAnswered(one, await postAnswer(one, refusal), 'UPSTREAM_REFUSED')
    }
  })

  test('A-228 a field of a page of ours that it does not have is refused', async () => {
    const page = await stepPage(half)
    for (const name of ['__proto__', 'constructor', '__proto__[country]', 'country[]', 'toString']) {
      expectPage(target, await submitStep(target, page, [[name, 'XB'], ...goingOn[half]]), 'STEP_INPUT')
    }
    expectWentOn(await submitStep(target, page, goingOn[half]))
  })

  test('A-229 of two right answers to one request that come at once, one counts', async () => {
    const messages = await Promise.all([signedAnswer(flow), signedAnswer(flow)])
    const answers = await Promise.all(messages.map((one) => postAnswer(flow, one)))
    const codes = answers.map((answer) => refusalOf(target, answer))
    expect(codes.toSorted()).toEqual(['ST_GONE', undefined])
    await expectNotReusable(flow)
  })

  test('A-233 IDs, handles and secrets are random', async () => {
    const flows = await Promise.all(Array.from({ length: 60 }, () => openFlow(target, half)))
    const ids = flows.map(({ requestId }) => requestId)
    for (const id of ids) expect(id).toMatch(/^_[0-9a-f]{40}$/)
    const secrets = flows.map(({ cookies }) => cookies.split('=')[1] ?? '')
    for (const texts of [ids.map((id) => id.slice(1)), flows.map(({ handle }) => handle), secrets]) {
      expect(new Set(texts).size).toBe(60)
      for (let at = 0; at < 40; at += 1) expect(new Set(texts.map((text) => text.charAt(at))).size).toBeGreaterThan(7)
    }
  })

  test('A-234 an answer to one flow does not count in another of the same browser', async () => {
    const other = await openFlow(target, half)
    const cookies = `${flow.cookies}; ${other.cookies}`
    expectAnswered(other, await postAnswer(other, message, { cookies }), 'SAML_IRT')
    await expectNotReusable(other)
    expect(refusalOf(target, await postAnswer(flow, message, { cookies }))).toBeUndefined()
  })

  test('A-234 a handle of one half means nothing to the other', async () => {
    const { answerer } = partiesOf(target, half === 'connector' ? 'proxy-service' : 'connector')
    const fields = [['SAMLResponse', base64(message)] as const, ['RelayState', flow.handle] as const]
    const answer = await target.wire.post(answerer.destination, fields, { cookies: flow.cookies })
    expectPage(target, answer, 'ST_GONE')
    await expectStillOpen(flow)
  })

  test('A-234 a handle at a stage it is not at is refused, and kept', async () => {
    const page = await stepPage(half)
    const early = { ...flow, handle: handleOf(page), cookies: cookiesOf(page) }
    expectPage(target, await postAnswer(early, message), 'ST_GONE')
    expectWentOn(await submitStep(target, page, goingOn[half]))
    const action = target.origin + stepFormOf(page).action
    const fields = [['flow', flow.handle] as const, ...goingOn[half]]
    expectPage(target, await target.wire.post(action, fields, { cookies: flow.cookies }), 'ST_GONE')
    await expectStillOpen(flow)
  })

  test('A-236 nothing that belongs to a citizen is stored on the way', async () => {
    const page = await stepPage(half)
    const answers = [
      page,
      await submitStep(target, page, goingOn[half]),
      await submitStep(target, page, goingOn[half]),
      await complete(flow),
      await complete(flow),
      await target.wire.get('/nowhere'),
      await target.wire.get('/health'),
    ]
    for (const { headers } of answers) {
      expect(headers['cache-control']).toBe('no-store')
      expect(headers).not.toHaveProperty('etag')
      expect(headers).not.toHaveProperty('last-modified')
    }
  })
})

test('A-234 the proxy service of one country cannot answer for another', async () => {
  const flow = await openFlow(target, 'connector', {}, OTHER_COUNTRY)
  const { proxyService } = target.peers
  const impostor = { ...flow, answerer: proxyService }
  expectAnswered(flow, await postAnswer(flow, await signedAnswer(impostor)), 'SAML_MIXUP')
  await expectNotReusable(flow)

  const second = await openFlow(target, 'connector', {}, OTHER_COUNTRY)
  const named = { value: second.answerer.entityId }
  const lie = await mintAnswer(second, { response: { issuer: named }, assertion: { issuer: named } })
  expectAnswered(second, await postAnswer(second, await sign(lie, proxyService.signing)), 'DS_KEY')

  const third = await openFlow(target, 'connector', {}, OTHER_COUNTRY)
  const inside = await mintAnswer(third, { assertion: { issuer: { value: proxyService.entityId } } })
  expectAnswered(third, await postAnswer(third, await sign(inside, third.answerer.signing)), 'SAML_ISSUER')
})

test('A-234 each citizen of another country than the one chosen is refused', async () => {
  const flow = await openFlow(target, 'connector', {}, OTHER_COUNTRY)
  expectAnswered(flow, await postAnswer(flow, await signedAnswer(flow)), 'EID_COUNTRY')
  const right = await openFlow(target, 'connector', {}, OTHER_COUNTRY)
  const attributes = mintAttributes(right.answerer, { ...citizen, PersonIdentifier: 'XC/XA/1' })
  const message = await signedAnswer(right, { assertion: { attributeStatements: [attributes] } })
  expect((await releasedIn(target, await complete(right, message))).inResponseTo).toBe(right.askedId)
})

test.each(['XZ', 'xb', 'XB ', '../../XB', '', '__proto__', 'XA'])(
  'A-202 a country that was not offered is told to the portal: %j',
  async (country) => {
    const { asker } = partiesOf(target, 'connector')
    const id = freshId()
    const page = await postRequest(target, asker, await sign(mintRequest(asker, { id }), asker.signing), 'state')
    expectRefused(target, await chooseCountry(target, page, country), 'EID_COUNTRY', id)
    expectPage(target, await chooseCountry(target, page), 'ST_GONE')
  },
)

test('A-233 the IDs of our responses and assertions are random as well', async () => {
  const ids = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const flow = await openFlow(target)
      const message = decoded(fieldsOf(await complete(flow), flow.asker.endpoint).get('SAMLResponse'))
      return /^<saml2p:Response [^>]*\bID="_([0-9a-f]{40})"/.exec(message)?.[1]
    }),
  )
  expect(new Set(ids).size).toBe(20)
  expect(ids).not.toContain(undefined)
})

test('A-228 a script that is named like something every object has is no answer to whether it is Latin', async () => {
  const familyName = 'http://eidas.europa.eu/attributes/naturalperson/CurrentFamilyName'
  for (const LatinScript of ['constructor', '__proto__', 'toString', 'TRUE', 'yes', '']) {
    const flow = await openFlow(target)
    // Without xsi:type the schema does not look at the attribute.
    const values = [el(saml('AttributeValue'), { LatinScript }, citizen.CurrentFamilyName)]
    const attributes = mintAttributes(flow.answerer).map((attribute) =>
      attribute.name === familyName ? { ...attribute, values } : attribute,
    )
    const message = await signedAnswer(flow, { assertion: { attributeStatements: [attributes] } })
    expectAnswered(flow, await postAnswer(flow, message), 'EID_LATIN')
  }
})
