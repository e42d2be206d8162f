import { dataSet } from '../../src/identity/attributes.ts'
import { writeExtensions } from '../../src/profiles/eidas/extensions.ts'
import type { AuthnRequest } from '../../src/saml/authn-request.ts'
import { nameIdFormats } from '../../src/saml/uris.ts'
import type { XmlPart } from '../../src/xml/writer.ts'
import { complete, openFlow, partiesOf, postRequest, signedAnswer, submitStep } from '../testkit/flow.ts'
import { assertionTo, citizen, mintAttributes, mintRefusal, mintRequest, sign } from '../testkit/mint.ts'
import fc, { runs } from '../testkit/properties.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { refusalOf } from '../testkit/verdict.ts'
import type { Answer } from '../testkit/wire.ts'

/*
 * Whatever a neighbour signs is taken or refused for a reason: it never becomes a mistake of our own, a message
 * that does not read back, or trouble with the store.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 30_000)
afterAll(() => target.stop())

const LOA = 'http://eidas.europa.eu/LoA/'
const OURS = ['INTERNAL', 'OUT_SELFCHECK', 'ST_SCHEMA', 'ST_STORE', 'ST_KEY', 'ST_TAMPER', 'CFG_INVALID', 'DS_INTERNAL']

function expectReason(answer: Answer): void {
  expect(OURS).not.toContain(refusalOf(target, answer))
  expect(answer.status).toBeLessThan(500)
}

const odd = [
  '',
  ' ',
  '__proto__',
  'http://[',
  'urn:x',
  '{x}',
  '<>&"\'',
  '\n\t',
  '\u202e',
  '\u00a0',
  '🙂',
  `${LOA}low`,
  `${LOA}high`,
  'x'.repeat(2_000),
  `${'ß'.repeat(127)}🙂🙂`,
]
const text = fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'grapheme', maxLength: 20 }))
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const some = runs(60)

const names = [...dataSet('natural'), ...dataSet('legal'), ...dataSet('natural', true)].map(({ name }) => name)
const mandatory = dataSet('natural').filter((definition) => definition.mandatory)

function extensions(more: readonly string[]): readonly XmlPart[] {
  const requestedAttributes = [
    ...mandatory.map(({ name }) => ({ name, required: true })),
    ...more.map((name) => ({ name, required: false })),
  ]
  return writeExtensions({ spType: 'public', requestedAttributes })
}

const requests: fc.Arbitrary<Partial<AuthnRequest<XmlPart>>> = fc.record(
  {
    providerName: text,
    attributeConsumingServiceIndex: fc.integer({ min: 0, max: 65_535 }),
    consent: text,
    scoping: fc.record({
      requesterIds: fc.array(text, { maxLength: 2 }),
      hasIdpList: fc.constant(false),
      proxyCount: maybe(fc.nat(3)),
    }),
    nameIdPolicy: fc.record({
      format: maybe(fc.oneof(text, fc.constantFrom(...Object.values(nameIdFormats)))),
      spNameQualifier: maybe(text),
      allowCreate: fc.boolean(),
    }),
    requestedAuthnContext: fc.record({
      comparison: maybe(fc.constantFrom('exact', 'minimum', 'maximum', 'better')),
      classRefs: fc.array(text, { maxLength: 3 }),
      declRefs: fc.constant([]),
    }),
    extensions: fc.array(fc.oneof(text, fc.constantFrom(...names)), { maxLength: 6 }).map(extensions),
  },
  { requiredKeys: [] },
)

const answers = fc.record({
  facts: fc.dictionary(fc.constantFrom(...dataSet('natural').map(({ name }) => name.split('/').at(-1) ?? '')), text),
  nameId: maybe(fc.record({ value: text, format: maybe(text), spNameQualifier: maybe(text) })),
  classRef: maybe(text),
  sessionIndex: maybe(text),
})

describe.each(['connector', 'proxy-service'] as const)('in the %s', (half) => {
  test('A-254 whatever is asked is asked for, or refused for a reason', async () => {
    const { asker } = partiesOf(target, half)
    await fc.assert(
      fc.asyncProperty(requests, maybe(fc.string({ maxLength: 80 })), async (overrides, relayState) => {
        const message = await sign(mintRequest(asker, overrides), asker.signing)
        const answer = await postRequest(target, asker, message, relayState)
        expectReason(answer)
        if (answer.body.includes('name="country"')) expectReason(await submitStep(target, answer, [['country', 'XB']]))
      }),
      some,
    )
  })

  test('A-254 whatever is answered is passed on, or refused for a reason', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async ({ facts, nameId, classRef, sessionIndex }) => {
        const flow = await openFlow(target, half)
        const { subject, authnStatements } = assertionTo(flow)
        const classRefs = classRef === undefined ? {} : { classRefs: [classRef] }
        const assertion = {
          attributeStatements: [mintAttributes(flow.answerer, { ...citizen, ...facts })],
          ...(nameId === undefined || subject === undefined ? {} : { subject: { ...subject, nameId } }),
          authnStatements: authnStatements.map((statement) => ({ ...statement, sessionIndex, ...classRefs })),
        }
        expectReason(await complete(flow, await signedAnswer(flow, { assertion })))
      }),
      some,
    )
  })

  test('A-254 whatever an asked party says for itself is passed on as a refusal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 2 }), maybe(text), async (codes, message) => {
        const flow = await openFlow(target, half)
        const refusal = mintRefusal(flow, ['Responder', ...codes], message)
        const answer = await complete(flow, await sign(refusal, flow.answerer.signing))
        expectReason(answer)
        expect(refusalOf(target, answer)).toBeDefined()
      }),
      some,
    )
  })
})
