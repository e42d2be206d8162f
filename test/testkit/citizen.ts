import type { Page } from 'playwright-core'

/**
 * A citizen at a real browser. Forms that only carry a message submit themselves where scripts run; where they do not,
 * the citizen presses their button.
 */

export interface Citizen {
  readonly country: string
  readonly user: string
  readonly password: string
  /** The scheme to choose where there is a choice. */
  readonly scheme?: string
}

/** Where a citizen has something to do or to read, and what a page shows there. */
const PLACES = {
  country: 'button[name=country]',
  scheme: 'button[name=scheme]',
  login: 'input[type=password]',
  consent: 'form:not(:has(input[type=password], [name=country], [name=scheme])) button[name=action]',
  portal: '[data-loa], [data-status], [data-rejected]',
  fault: '[data-support-code], [data-refused]',
} as const

export type Place = keyof typeof PLACES

const ANY_PLACE = Object.values(PLACES).join(', ')
const CARRYING = 'form:has(input[name=SAMLRequest]), form:has(input[name=SAMLResponse])'

/** The next place the browser comes to. */
export async function arrive(page: Page, scripts: boolean): Promise<Place> {
  await page
    .locator(scripts ? ANY_PLACE : `${ANY_PLACE}, ${CARRYING}`)
    .first()
    .waitFor({ state: 'attached' })
  for (const place of ['country', 'scheme', 'login', 'consent', 'portal', 'fault'] as const) {
    if ((await page.locator(PLACES[place]).count()) > 0) return place
  }
  await press(page, `:is(${CARRYING}) button`)
  return arrive(page, scripts)
}

/** Presses what leads to another document, and waits until that one is there. */
export async function press(page: Page, selector: string, clickCount = 1): Promise<void> {
  const moved = page.waitForEvent('framenavigated', { predicate: (frame) => frame === page.mainFrame() })
  await page.locator(selector).first().click({ clickCount })
  await moved
}

/** Begins a sign-in as somebody who is not signed in, by this link of the portal. */
export async function startLogin(page: Page, portal: string, link = '/login'): Promise<void> {
  await page.goto(new URL('/logout', portal).href)
  await press(page, `a[href="${link}"]`)
}

/** How long a page of Chromium's own may take to stand: a press before that would go back two pages at once. */
const SETTLE_MS = 2_000

/**
 * Presses the back button until there is something to do or to read, and goes on from there. In between Chromium may
 * show a page of its own, for the result of a form that it would have to send again.
 */
export async function goBack(page: Page, scripts: boolean): Promise<Place> {
  for (let presses = 0; presses < 3; presses += 1) {
    await page.goBack().catch(() => undefined)
    if (await comesToStand(page, `${ANY_PLACE}, ${CARRYING}`)) return arrive(page, scripts)
  }
  throw new TypeError(`the back button leads to ${page.url()}`)
}

async function comesToStand(page: Page, selector: string): Promise<boolean> {
  const waiting = page.locator(selector).first().waitFor({ state: 'attached', timeout: SETTLE_MS })
  return waiting.then(
    () => true,
    () => false,
  )
}

/** Does what a citizen does at this place to go on. */
async function goOn(page: Page, place: Place, citizen: Citizen): Promise<void> {
  if (place === 'country') return press(page, `button[name=country][value=${citizen.country}]`)
  if (place === 'scheme') return press(page, `button[name=scheme][value=${citizen.scheme}]`)
  if (place === 'consent') return press(page, 'button[name=action][value=continue]')
  if (place !== 'login') throw new TypeError(`nothing to go on with at ${place}`)
  await page.fill('input[name=user]', citizen.user)
  await page.fill('input[name=password]', citizen.password)
  return press(page, 'button[name=action][value=login]')
}

export const cancel = (page: Page): Promise<void> => press(page, 'button[name=action][value=cancel]')

/** Goes on until the given place, or until there is nothing more to do; returns the places on the way. */
export async function goTo(page: Page, scripts: boolean, citizen: Citizen, until?: Place): Promise<readonly Place[]> {
  const places: Place[] = []
  for (;;) {
    const place = await arrive(page, scripts)
    places.push(place)
    if (place === until || place === 'portal' || place === 'fault' || places.length > 12) return places
    await goOn(page, place, citizen)
  }
}

export interface Shown {
  readonly loa: string | null
  readonly status: string | null
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

/** What the portal shows. */
export async function readPortal(page: Page): Promise<Shown> {
  const attributes: Record<string, string[]> = {}
  for (const element of await page.locator('[data-attribute]').all()) {
    const name = (await element.getAttribute('data-attribute')) ?? ''
    attributes[name] = [...(attributes[name] ?? []), (await element.textContent()) ?? '']
  }
  return { attributes, loa: await markOf(page, 'data-loa'), status: await markOf(page, 'data-status') }
}

async function markOf(page: Page, mark: string): Promise<string | null> {
  const element = page.locator(`[${mark}]`)
  return (await element.count()) === 0 ? null : element.first().getAttribute(mark)
}
