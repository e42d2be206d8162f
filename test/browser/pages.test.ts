import { startFederation } from '../../demo/federation.ts'
import type { Federation } from '../../demo/federation-model.ts'
import { auditPage } from '../testkit/audit.ts'
import { type Chromium, startChromium, type Window } from '../testkit/chromium.ts'
import { arrive, cancel, goTo, type Place, press, startLogin } from '../testkit/citizen.ts'
import { freePorts } from '../testkit/ports.ts'

/** Every page on the way, as phones, zoom and colour schemes show it, in languages with long words and other letters. */
let federation: Federation
let chromium: Chromium
let window: Window
let portal = ''
beforeAll(async () => {
  federation = await startFederation({ ports: await freePorts(7) })
  chromium = await startChromium()
  portal = federation.portals.find(({ country }) => country === 'XA')?.url ?? ''
}, 60_000)
afterAll(async () => {
  await chromium?.close()
  await federation?.stop()
})
afterEach(() => window?.close())

const citizen = { country: 'XB', user: 'ragna', password: 'fjord-4', scheme: 'post' }

// 320 pixels are a small phone, and a laptop's window of 1280 at 400 %.
describe.each([
  { locale: 'fi', width: 320, colorScheme: 'light' },
  { locale: 'de-AT', width: 320, colorScheme: 'dark' },
  { locale: 'el', width: 375, colorScheme: 'dark' },
  { locale: 'bg', width: 640, colorScheme: 'light' },
] as const)('in $locale, $width pixels wide, $colorScheme', ({ locale, width, colorScheme }) => {
  beforeEach(async () => {
    window = await chromium.newWindow({ view: { locale, colorScheme, viewport: { width, height: 640 } } })
  })
  afterEach(() => expect(window.complaints).toEqual([]))

  const expectGood = async (place: string) => {
    expect({ place, found: await auditPage(window.page) }).toEqual({ place, found: [] })
  }
  const expectOurs = async () => {
    expect(await window.page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2))
  }

  test('every page of a sign-in can be read and used', async () => {
    await window.page.goto(federation.home)
    await expectGood('home')
    await startLogin(window.page, portal, '/login?as=visitor')
    for (const place of ['country', 'scheme', 'login', 'consent', 'portal'] satisfies Place[]) {
      await goTo(window.page, true, citizen, place)
      await expectGood(place)
      if (['country', 'scheme', 'consent'].includes(place)) await expectOurs()
    }
  })

  test('so can pages about what went wrong', async () => {
    await startLogin(window.page, portal, '/login?as=visitor')
    await goTo(window.page, true, citizen, 'country')
    const connector = new URL(window.page.url()).origin
    await window.context.clearCookies()
    await press(window.page, 'button[name=country]')
    expect(await arrive(window.page, true)).toBe('fault')
    await expectOurs()
    await expectGood('lost')
    for (const path of ['/nowhere', '/connector/step', '/connector/sso']) {
      await window.page.goto(connector + path)
      await expectOurs()
      await expectGood(path)
    }
    await startLogin(window.page, portal)
    await goTo(window.page, true, citizen, 'country')
    await cancel(window.page)
    expect(await arrive(window.page, true)).toBe('portal')
    await expectGood('cancelled')
  })
})

test('a wrong password is said in the title, at the fields and aloud, and what was typed for the user is still there', async () => {
  window = await chromium.newWindow()
  await startLogin(window.page, portal)
  await goTo(window.page, true, citizen, 'login')
  await window.page.fill('input[name=user]', 'ragna')
  await window.page.fill('input[name=password]', 'wrong')
  await press(window.page, 'button[name=action][value=login]')
  expect(await window.page.title()).toMatch(/^Error: /)
  expect(await window.page.locator('[role=alert]').textContent()).toContain('wrong')
  for (const name of ['user', 'password']) {
    const field = window.page.locator(`input[name=${name}]`)
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await field.getAttribute('aria-describedby')).toBe('wrong')
  }
  expect(await window.page.locator('input[name=user]').inputValue()).toBe('ragna')
  expect(await window.page.locator('input[name=password]').inputValue()).toBe('')
})

test('keys alone sign a citizen in, and where the focus is can be seen', async () => {
  window = await chromium.newWindow()
  const { page } = window
  await startLogin(page, portal)
  await goTo(page, true, citizen, 'country')
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.value')).toBe('XB')
  expect(await page.evaluate('getComputedStyle(document.activeElement).outlineWidth')).toBe('3px')
  await page.keyboard.press('Enter')
  expect(await arrive(page, true)).toBe('login')
  await goTo(page, true, { country: 'XB', user: 'matteo', password: 'gondola-9' }, 'consent')
  const order: unknown[] = []
  for (const _ of [1, 2]) {
    await page.keyboard.press('Tab')
    order.push(await page.evaluate('document.activeElement.value'))
  }
  expect(order).toEqual(['continue', 'cancel'])
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  expect(await arrive(page, true)).toBe('portal')
})
