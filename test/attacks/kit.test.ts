import { complete, openFlow } from '../testkit/flow.ts'
import { citizen } from '../testkit/mint.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectNotReusable, expectStillOpen, releasedIn } from '../testkit/verdict.ts'

/* The attacks start from sign-ins that are right; these are they. */

describe.each(['P-256', 'RSA-3072'] as const)('a target whose keys are %s', (kind) => {
  let target: Target
  beforeAll(async () => {
    target = await startTarget({ foreignKeys: kind, nodeKeys: kind })
  }, 60_000)
  afterAll(() => target.stop())

  test.each(['connector', 'proxy-service'] as const)('completes a right sign-in through its %s', async (half) => {
    const flow = await openFlow(target, half)
    const released = await releasedIn(target, await complete(flow))
    expect(released).toMatchObject({ inResponseTo: flow.askedId, loa: 'http://eidas.europa.eu/LoA/substantial' })
    expect(released.attributes).toMatchObject({
      'http://eidas.europa.eu/attributes/naturalperson/CurrentFamilyName': [citizen.CurrentFamilyName],
    })
    await expectNotReusable(flow)
  })

  test.each(['connector', 'proxy-service'] as const)(
    'keeps a flow of its %s open until it is answered',
    async (half) => {
      await expectStillOpen(await openFlow(target, half))
    },
  )
})
