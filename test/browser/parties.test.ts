import { citizensOf } from '../../demo/citizens.ts'
import { type Chromium, startChromium } from '../testkit/chromium.ts'
import { cancel, goTo, readPortal, startLogin } from '../testkit/citizen.ts'
import { type Pair, startPair } from '../unit/demo/parties.ts'

/** The demo's parties in a real browser, without a node between them. */
describe.each([
  { binding: 'redirect', scripts: true },
  { binding: 'post', scripts: true },
  { binding: 'redirect', scripts: false },
  { binding: 'post', scripts: false },
] as const)('portal by $binding, scripts: $scripts', ({ binding, scripts }) => {
  let pair: Pair
  let chromium: Chromium
  beforeAll(async () => {
    pair = await startPair({ country: 'XB', binding, encrypts: true })
    chromium = await startChromium()
  })
  afterAll(async () => {
    await chromium.close()
    await pair.stop()
  })

  const [, citizen] = citizensOf('XB')
  if (citizen === undefined) throw new TypeError('three citizens a country')

  test('a citizen signs in, cancels the next time, and no page asked for what its policy forbids', async () => {
    const window = await chromium.newWindow({ scripts })
    await startLogin(window.page, pair.portal)
    expect(await goTo(window.page, scripts, citizen)).toEqual(['login', 'portal'])
    const shown = await readPortal(window.page)
    expect(shown.loa).toBe('urn:xb:assurance:enhanced')
    expect(shown.attributes['urn:oid:2.5.4.4']).toEqual(['Karavaki', 'Καραβάκη'])

    await window.page.goto(`${pair.portal}/logout`)
    await startLogin(window.page, pair.portal)
    await goTo(window.page, scripts, citizen, 'login')
    await cancel(window.page)
    expect(await goTo(window.page, scripts, citizen)).toEqual(['portal'])
    expect((await readPortal(window.page)).status).toBe('Responder AuthnFailed')
    expect(window.complaints).toEqual([])
    await window.close()
  })
})

test('a window notes what a content security policy stops', async () => {
  const pair = await startPair({ country: 'XA', binding: 'redirect', encrypts: false })
  const chromium = await startChromium()
  const window = await chromium.newWindow()
  await window.page.goto(pair.portal)
  await window.page.evaluate('document.body.innerHTML = \'<p style="color: red">\'')
  await window.page.reload()
  expect(window.complaints.join()).toMatch(/content security policy/i)
  await chromium.close()
  await pair.stop()
})
