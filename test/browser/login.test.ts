import type { Page } from 'playwright-core'
import { type Citizen, citizens } from '../../demo/citizens.ts'
import { startFederation } from '../../demo/federation.ts'
import type { Federation } from '../../demo/federation-model.ts'
import { type Chromium, startChromium, type Window } from '../testkit/chromium.ts'
import { arrive, cancel, goBack, goTo, press, readPortal, startLogin } from '../testkit/citizen.ts'
import { freePorts } from '../testkit/ports.ts'

/** The whole demo in a real browser: what a citizen sees and presses, with scripts and without. */
const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'

let federation: Federation
let chromium: Chromium
let window: Window
beforeAll(async () => {
  federation = await startFederation({ ports: await freePorts(7) })
  chromium = await startChromium()
}, 60_000)
afterAll(async () => {
  await chromium?.close()
  await federation?.stop()
})
afterEach(() => window?.close())

function portalOf(country: string): string {
  const portal = federation.portals.find((one) => one.country === country)
  if (portal === undefined) throw new TypeError(`no portal in ${country}`)
  return portal.url
}

function citizenOf(country: string, place = 0): Citizen {
  const citizen = citizens.filter((one) => one.country === country)[place]
  if (citizen === undefined) throw new TypeError(`no citizen in ${country}`)
  return citizen
}

async function expectSignedIn(page: Page, citizen: Citizen): Promise<void> {
  const { loa, attributes } = await readPortal(page)
  expect(loa).toBe(`http://eidas.europa.eu/LoA/${citizen.level}`)
  expect(attributes[`${NATURAL}CurrentFamilyName`]).toEqual(citizen.facts.CurrentFamilyName?.slice(0, 1))
}

describe.each([{ scripts: true }, { scripts: false }])('scripts: $scripts', ({ scripts }) => {
  beforeEach(async () => {
    window = await chromium.newWindow({ scripts })
  })
  // Nothing on the way asks for what a page's content security policy forbids.
  afterEach(() => expect(window.complaints).toEqual([]))

  test.each([
    { to: 'XA', from: 'XB' },
    { to: 'XB', from: 'XA' },
  ])('a citizen of $from signs in at the portal of $to', async ({ to, from }) => {
    const citizen = citizenOf(from)
    await startLogin(window.page, portalOf(to))
    expect(await goTo(window.page, scripts, citizen)).toEqual(['country', 'login', 'consent', 'portal'])
    await expectSignedIn(window.page, citizen)
  })

  test.each(['country', 'consent', 'login'] as const)(
    'cancel on the %s page ends at the portal, which says so',
    async (place) => {
      await startLogin(window.page, portalOf('XA'))
      await goTo(window.page, scripts, citizenOf('XB'), place)
      await cancel(window.page)
      expect(await arrive(window.page, scripts)).toBe('portal')
      expect(await readPortal(window.page)).toMatchObject({ status: 'Responder AuthnFailed', loa: null })
    },
  )

  test('R-IA-19: a visitor of XB chooses among two schemes, on a narrow screen too, and signs in with that one', async () => {
    const citizen = { ...citizenOf('XB', 2), scheme: 'post' }
    await window.page.setViewportSize({ width: 320, height: 640 })
    await startLogin(window.page, portalOf('XA'), '/login?as=visitor')
    expect(await goTo(window.page, scripts, citizen, 'scheme')).toEqual(['country', 'scheme'])
    expect(await window.page.locator('button[name=scheme]').allTextContents()).toEqual([
      'Bellmare eID',
      'Bellmare Post account',
    ])
    const narrow = await window.page.evaluate('document.documentElement.scrollWidth <= 320')
    expect(narrow).toBe(true)
    expect(await goTo(window.page, scripts, citizen)).toEqual(['scheme', 'login', 'consent', 'portal'])
    await expectSignedIn(window.page, citizen)
  })

  test('two tabs sign two citizens in side by side', async () => {
    const [first, second] = [citizenOf('XB', 0), citizenOf('XB', 1)]
    const tab = await window.newTab()
    await startLogin(window.page, portalOf('XA'))
    await goTo(window.page, scripts, first, 'login')
    await startLogin(tab, portalOf('XA'))
    await goTo(tab, scripts, second, 'consent')
    await goTo(window.page, scripts, first)
    await expectSignedIn(window.page, first)
    await goTo(tab, scripts, second)
    await expectSignedIn(tab, second)
  })

  test('the back button sends a request again that was used: the portal says so, and starting again works', async () => {
    const citizen = citizenOf('XB')
    await startLogin(window.page, portalOf('XA'))
    await goTo(window.page, scripts, citizen, 'login')
    expect(await goBack(window.page, scripts)).toBe('portal')
    expect(await readPortal(window.page)).toMatchObject({ status: 'Requester RequestDenied', loa: null })
    expect(await window.page.textContent('main')).toContain('This step was already used')
    await startLogin(window.page, portalOf('XA'))
    await goTo(window.page, scripts, citizen)
    await expectSignedIn(window.page, citizen)
  })

  test('a double press on consent signs in or says that the step was used; it never does it twice', async () => {
    const citizen = citizenOf('XB')
    await startLogin(window.page, portalOf('XA'))
    await goTo(window.page, scripts, citizen, 'consent')
    await press(window.page, 'button[name=action][value=continue]', 2)
    const place = await arrive(window.page, scripts)
    expect(['portal', 'fault']).toContain(place)
    if (place === 'portal') await expectSignedIn(window.page, citizen)
    await startLogin(window.page, portalOf('XA'))
    await goTo(window.page, scripts, citizen)
    await expectSignedIn(window.page, citizen)
  })

  test('a country page that was kept and is sent again after the sign-in leads back to the portal by a link', async () => {
    const citizen = citizenOf('XB')
    await startLogin(window.page, portalOf('XA'))
    await goTo(window.page, scripts, citizen, 'country')
    const flow = await window.page.locator('input[name=flow]').inputValue()
    const url = new URL((await window.page.locator('form').getAttribute('action')) ?? '', window.page.url()).href
    await goTo(window.page, scripts, citizen)
    await expectSignedIn(window.page, citizen)
    const again = await window.context.request.post(url, { form: { flow, country: 'XB' } })
    expect(again.status()).toBe(410)
    expect(await again.text()).toContain('This step was already used')
    expect(await again.text()).toContain(`<a class="button" href="${new URL(portalOf('XA')).href}">Go back to`)
  })

  test('the same consent sent twice is answered once', async () => {
    await startLogin(window.page, portalOf('XA'))
    await goTo(window.page, scripts, citizenOf('XB'), 'consent')
    const flow = await window.page.locator('input[name=flow]').first().inputValue()
    const action = await window.page.locator('form:has(input[name=flow])').first().getAttribute('action')
    const url = new URL(action ?? '', window.page.url()).href
    const send = () => window.context.request.post(url, { form: { flow, action: 'continue' } })
    const [first, second] = [await send(), await send()]
    expect(await first.text()).toContain('SAMLResponse')
    expect(second.status()).toBeGreaterThanOrEqual(400)
    expect(await second.text()).not.toContain('SAMLResponse')
  })
})

describe('on a slow line', () => {
  beforeEach(async () => {
    window = await chromium.newWindow()
  })
  afterEach(() => expect(window.complaints).toEqual([]))

  async function slowDown(): Promise<void> {
    const session = await window.context.newCDPSession(window.page)
    await session.send('Network.enable')
    const free = { offline: false, downloadThroughput: -1, uploadThroughput: -1 }
    await session.send('Network.emulateNetworkConditions', { ...free, latency: 600 })
  }

  /** Where to press this button, page or no page under it. */
  async function aimAt(selector: string): Promise<{ readonly x: number; readonly y: number }> {
    const button = window.page.locator(selector)
    await button.scrollIntoViewIfNeeded()
    const box = await button.boundingBox()
    if (box === null) throw new TypeError(`${selector} is not to be seen`)
    return { x: box.x + 20, y: box.y + 20 }
  }

  /** As somebody does who sees nothing happen: one press more while the first is under way. */
  async function pressAt({ x, y }: Awaited<ReturnType<typeof aimAt>>, times: number): Promise<void> {
    const moved = window.page.waitForEvent('framenavigated')
    for (let count = 0; count < times; count += 1) {
      await window.page.mouse.click(x, y)
      await new Promise((done) => setTimeout(done, 100))
    }
    await moved
  }

  test.each([
    { place: 'country', button: 'button[name=country][value=XB]', next: 'login' },
    { place: 'consent', button: 'button[name=action][value=continue]', next: 'portal' },
  ] as const)('a second press on the $place page is the same press', async ({ place, button, next }) => {
    const citizen = citizenOf('XB')
    await startLogin(window.page, portalOf('XA'))
    await goTo(window.page, true, citizen, place)
    await slowDown()
    await pressAt(await aimAt(button), 2)
    expect(await arrive(window.page, true)).toBe(next)
    await goTo(window.page, true, citizen)
    await expectSignedIn(window.page, citizen)
  })

  test.each(['before', 'after'] as const)(
    'a press %s the script of a page that leads on by itself sends nothing twice',
    async (when) => {
      const citizen = citizenOf('XA')
      await startLogin(window.page, portalOf('XB'))
      await goTo(window.page, true, citizen, 'country')
      await slowDown()
      const script = window.page.waitForEvent('requestfinished', (request) => request.url().endsWith('/submit.js'))
      await press(window.page, 'button[name=country][value=XA]')
      const button = await aimAt('form[data-submit] button')
      if (when === 'after') await script
      await pressAt(button, when === 'after' ? 2 : 1)
      await script
      expect(await goTo(window.page, true, citizen)).toEqual(['login', 'consent', 'portal'])
      await expectSignedIn(window.page, citizen)
    },
  )

  test('A-248 a press on cancel after one on agree is another press: nothing arrives at the portal', async () => {
    await startLogin(window.page, portalOf('XA'))
    await goTo(window.page, true, citizenOf('XB'), 'consent')
    await slowDown()
    const moved = window.page.waitForEvent('framenavigated')
    await window.page.evaluate(`for (const [value, wait] of [['continue', 0], ['cancel', 100]])
      setTimeout(() => document.querySelector('button[name=action][value=' + value + ']').click(), wait)`)
    await moved
    expect(await arrive(window.page, true)).toBe('fault')
    expect(await window.page.locator('[data-attribute]').count()).toBe(0)
  })
})

test('an eID that does not reach the level ends at the portal, which says so', async () => {
  window = await chromium.newWindow()
  const citizen = citizenOf('XB', 2)
  await startLogin(window.page, portalOf('XA'))
  await goTo(window.page, true, citizen)
  expect(await readPortal(window.page)).toMatchObject({ status: 'Responder NoAuthnContext', loa: null })
})
