import { writeFileSync } from 'node:fs'
import type { FaultCode } from '../../src/errors/faults.ts'
import { readAssertion } from '../../src/saml/assertion.ts'
import { readResponse } from '../../src/saml/response.ts'
import { messageLimits } from '../../src/xml/limits.ts'
import { samlp } from '../../src/xml/names.ts'
import { writeText, writeXml, type XmlPart } from '../../src/xml/writer.ts'
import { eidasSignatureAlgorithms } from '../../src/xmlsec/algorithms.ts'
import { withVerified } from '../../src/xmlsec/verify.ts'
import { openFlow, postAnswer } from '../testkit/flow.ts'
import { citizen, mintAssertion, mintAttributes, mintResponse } from '../testkit/mint.ts'
import { newPeers, type Peer } from '../testkit/peers.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectAnswered, expectNotReusable } from '../testkit/verdict.ts'
import {
  genuineMessage,
  hasLiveSignature,
  type Material,
  named,
  type Wrapping,
  wrapper,
  wrappings,
} from '../testkit/wrapping.ts'
import { outcome } from '../unit/xmlsec/samples.ts'
import { scratch, succeeds, withProgram } from '../vectors/tools.ts'

/*
 * every wrapping there is, against what reads a Response. None may change what is read, and each must be refused by a
 * rule about signatures or documents, not because the generator made rubbish of it. What hides in KeyInfo is passed over.
 */

const EVIL = '66666666E'

/** What could come of a wrapping. Nothing else may: no accident of our own, and no parser that gave up. */
const expectedCodes = [
  'DS_CHILDREN',
  'DS_DIGEST',
  'DS_MISSING',
  'DS_PARENT',
  'DS_STRUCT',
  'XML_DUP_ID',
  'XML_SCHEMA',
] as const satisfies readonly FaultCode[]

function materialOf(answerer: Peer, requestId = '_asked'): Material {
  const asked = { answerer, requestId }
  const evil = mintAttributes(answerer, { ...citizen, PersonIdentifier: EVIL })
  return {
    respond: (id, assertion) => mintResponse(asked, { id, assertions: [assertion] }),
    assert: (id, kind) => mintAssertion(asked, kind === 'evil' ? { id, attributeStatements: [evil] } : { id }),
    key: answerer.signing,
  }
}

/** The code of the refusal, or 'accepted' with what was read as the node reads it. */
function read(message: XmlPart, { signingKey }: Peer): { readonly verdict: string; readonly attributes: string } {
  const keys = { keys: [signingKey.verification], algorithms: eidasSignatureAlgorithms }
  const expected = { root: [samlp('Response')], schema: 'protocol', limits: messageLimits } as const
  let attributes = ''
  const verdict = outcome(() =>
    withVerified(writeXml(message), { ...expected, keysFor: () => keys }, (root) => {
      const assertions = readResponse(root).assertions.map(readAssertion)
      attributes = JSON.stringify(assertions.map(({ attributeStatements }) => attributeStatements))
    }),
  )
  return { verdict, attributes }
}

test.each(['P-256', 'RSA-3072'] as const)(
  'A-084: 2,268 wrappings of messages signed with %s',
  async (kind) => {
    const { proxyService } = await newPeers('http://localhost', kind)
    const material = materialOf(proxyService)
    for (const signed of ['Response', 'both'] as const) {
      const control = read((await genuineMessage(material, signed)).response, proxyService)
      expect(control).toMatchObject({ verdict: 'accepted', attributes: expect.stringContaining('02635542Y') })
    }

    const wrap = await wrapper(material)
    const verdicts = wrappings.map((wrapping) => ({ wrapping, ...read(wrap(wrapping), proxyService) }))
    const describe = ({ wrapping }: { readonly wrapping: Wrapping }): string => named(wrapping)
    expect(verdicts).toHaveLength(2268)
    expect(verdicts.filter(({ attributes }) => attributes.includes(EVIL)).map(describe)).toEqual([])
    // KeyInfo is a hint that is not looked into: what hides there is passed over, and the signed message is read.
    const passedOver = verdicts.filter(({ verdict }) => verdict === 'accepted')
    const genuine = passedOver.filter(
      ({ attributes, wrapping: { order, place } }) =>
        order === 'inside' && place === 'KeyInfo' && attributes.includes('02635542Y'),
    )
    expect(passedOver.map(describe)).toEqual(genuine.map(describe))
    const refused = verdicts.filter(({ verdict }) => verdict !== 'accepted')
    expect(refused.filter(({ verdict }) => !expectedCodes.some((code) => code === verdict)).map(describe)).toEqual([])
    expect([...new Set(refused.map(({ verdict }) => verdict))].sort()).toEqual(expectedCodes)
  },
  120_000,
)

test('A-084: the attacks are alive: whatever is hidden, a signature in it verifies, unless it is hidden in what is signed', async () => {
  const { proxyService } = await newPeers('http://localhost', 'P-256')
  const wrap = await wrapper(materialOf(proxyService))
  const { publicKey } = proxyService.signingKey.verification
  const dead = wrappings.filter((wrapping) => !hasLiveSignature(wrap(wrapping), publicKey))
  expect(dead).toHaveLength(414)
  const inside = dead.filter(
    ({ order, place }) => order === 'inside' && !['Object', 'KeyInfo', 'Signature'].includes(place),
  )
  expect(inside).toHaveLength(414)
}, 120_000)

/** Every so manieth of them, so that each value of each axis occurs. */
const sample = (every: number): readonly Wrapping[] => wrappings.filter((_, index) => index % every === 7)

withProgram('xmlsec1')('A-084: by another implementation', () => {
  const files = scratch()
  afterAll(files.remove)

  test('A-084: it finds a signature that verifies in every second of them', async () => {
    const { proxyService } = await newPeers('http://localhost', 'P-256')
    const wrap = await wrapper(materialOf(proxyService))
    writeFileSync(files.path('crt.pem'), proxyService.signingKey.certificate)
    const trusted = ['--enabled-key-data', 'raw-x509-cert', '--pubkey-cert-pem', files.path('crt.pem')]
    const ids = ['protocol:Response', 'assertion:Assertion'].flatMap((name) => [
      '--id-attr:ID',
      `urn:oasis:names:tc:SAML:2.0:${name}`,
    ])
    const distinct = sample(17).filter(({ id }) => id !== 'same')
    const alive = distinct.filter((wrapping) => {
      writeFileSync(files.path('wrapped.xml'), writeText(wrap(wrapping)))
      return succeeds('xmlsec1', '--verify', ...trusted, ...ids, files.path('wrapped.xml'))
    })
    expect(alive.length / distinct.length).toBeGreaterThan(0.4)
  })
})

describe.each(['connector', 'proxy-service'] as const)('A-084: over HTTP, at the ACS of the %s', (half) => {
  let target: Target
  beforeAll(async () => {
    target = await startTarget()
  }, 60_000)
  afterAll(() => target.stop())

  test.each(sample(73).map((wrapping) => [named(wrapping), wrapping] as const))('A-084: %s', async (_, wrapping) => {
    const flow = await openFlow(target, half)
    const wrap = await wrapper(materialOf(flow.answerer, flow.requestId))
    const message = wrap(wrapping)
    const { verdict } = read(message, flow.answerer)
    const code = expectedCodes.find((one) => one === verdict)
    if (code === undefined) throw new TypeError(`${verdict} is not how this may end`)
    expectAnswered(flow, await postAnswer(flow, writeXml(message)), code)
    await expectNotReusable(flow)
  })
})
