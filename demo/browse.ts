import { type Control, type Form, readForms, readMarked } from './html-reader.ts'
import { type Filling, type Hop, newUserAgent, type UserAgent, type Visit } from './user-agent.ts'

/**
 * A citizen at the keyboard: starts at a portal, chooses a country, signs in at the identity provider, agrees, and
 * reads what the portal shows. It looks at forms only, so it works for any node and any provider of the demo.
 */

/** Where a citizen is asked something. */
export type Place = 'country' | 'scheme' | 'login' | 'consent'

export interface LoginOrder {
  /** Address of the portal. */
  readonly portal: string
  /** Country of the eID, two capitals. */
  readonly country: string
  readonly user: string
  readonly password: string
  /** Signs in for a company instead of for herself, or as a visitor, for whom an eID of any level will do. */
  readonly as?: 'company' | 'visitor'
  /** The scheme to choose where there is a choice; the first without it. */
  readonly scheme?: string
  /** Where to press cancel instead of going on. */
  readonly cancelAt?: Place
}

export interface LoginResult {
  readonly hops: readonly Hop[]
  /** '' when the sign-in did not succeed. */
  readonly loa: string
  readonly attributes: Readonly<Record<string, readonly string[]>>
  /** The page the citizen ends on. */
  readonly page: Visit
  /** Short SAML status names of a refusal, as the portal shows them; '' when there is none. */
  readonly status: string
}

const MOST_PAGES = 20

export async function login(order: LoginOrder, agent: UserAgent = newUserAgent()): Promise<LoginResult> {
  const start = agent.hops.length
  try {
    await agent.get(order.portal)
    const entry = order.as === undefined ? '/login' : `/login?as=${order.as}`
    let page = await agent.get(new URL(entry, order.portal).href)
    for (let count = 0; count < MOST_PAGES; count += 1) {
      const step = nextStep(page, order)
      if (step === undefined) return { hops: agent.hops.slice(start), ...readResult(page) }
      page = await agent.submit(page, step.form, step.filling)
    }
    throw new TypeError(`no end after ${MOST_PAGES} pages, the last at ${page.url}`)
  } finally {
    agent.close()
  }
}

interface Step {
  readonly form: Form
  readonly filling: Filling
}

/** What to do on this page; undefined when it offers nothing more to do. */
export function nextStep(page: Visit, order: LoginOrder): Step | undefined {
  if (page.status >= 400) return undefined
  const form = readForms(page.body).find(({ controls }) => controls.some(isSubmit))
  if (form === undefined) return undefined
  const place = placeOf(form)
  const cancelled = place !== undefined && place === order.cancelAt
  const button = form.controls.find((control) => isSubmit(control) && isCancel(control) === cancelled)
  return { form, filling: { values: valuesFor(form, order), ...pressed(form, button, order, place) } }
}

/** A country or a scheme may be a button of its own instead of a choice. */
function pressed({ controls }: Form, fallback: Control | undefined, order: LoginOrder, place: Place | undefined) {
  const wanted = place === 'country' ? order.country : place === 'scheme' ? order.scheme : undefined
  const choosing = wanted !== undefined && order.cancelAt !== place
  const offered = controls.filter(({ name, value }) => name === place && value === wanted)
  if (choosing && offered.length === 0) throw new TypeError(`the ${place} ${wanted} is not offered`)
  const button = choosing ? (offered.find(isSubmit) ?? fallback) : fallback
  return button === undefined || button.name === '' ? {} : { button }
}

function valuesFor({ controls }: Form, order: LoginOrder): Record<string, string> {
  const has = (name: string) => controls.some((control) => control.name === name && control.kind !== 'hidden')
  return {
    ...(has('country') ? { country: order.country } : {}),
    ...(has('password') ? { user: order.user, password: order.password } : {}),
  }
}

/** What a form asks for; undefined for one that only carries a message on. */
function placeOf({ controls }: Form): Place | undefined {
  if (controls.some(({ name }) => name === 'SAMLRequest' || name === 'SAMLResponse')) return undefined
  if (controls.some(({ kind }) => kind === 'password')) return 'login'
  const asks = (place: Place) => controls.some(({ name, kind }) => name === place && kind !== 'hidden')
  return (['country', 'scheme'] as const).find(asks) ?? 'consent'
}

const isSubmit = ({ kind }: Control): boolean => kind === 'submit'
const isCancel = ({ value }: Control): boolean => value === 'cancel'

function readResult(page: Visit): Omit<LoginResult, 'hops'> {
  const attributes: Record<string, string[]> = {}
  for (const { attributes: marks, text } of readMarked(page.body, 'data-attribute')) {
    const name = marks.get('data-attribute') ?? ''
    attributes[name] = [...(attributes[name] ?? []), text]
  }
  return {
    page,
    attributes,
    loa: readMarked(page.body, 'data-loa')[0]?.attributes.get('data-loa') ?? '',
    status: readMarked(page.body, 'data-status')[0]?.attributes.get('data-status') ?? '',
  }
}
