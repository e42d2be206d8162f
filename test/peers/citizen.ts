import { type LoginOrder, nextStep } from '../../demo/browse.ts'
import { newUserAgent, type UserAgent, type Visit } from '../../demo/user-agent.ts'

/** A message that went through the citizen's browser in a form. */
export interface Carried {
  readonly parameter: 'SAMLRequest' | 'SAMLResponse'
  /** Address it went to. */
  readonly to: string
  readonly xml: Buffer
}

export interface NotingAgent extends UserAgent {
  readonly carried: readonly Carried[]
}

/** Short names of the status codes of a response, outermost first; none in a request. */
export function statusOf({ xml }: Carried): readonly string[] {
  return [...xml.toString().matchAll(/:status:(\w+)"/g)].map(([, code]) => code ?? '')
}

/** The demo's user agent; it notes the messages it carries, and knows that some forms call the user `username`. */
export function newNotingAgent(user = ''): NotingAgent {
  const agent = newUserAgent()
  const carried: Carried[] = []
  return {
    ...agent,
    carried,
    submit(page, form, filling = {}) {
      for (const { name, value } of form.controls) {
        if (name === 'SAMLRequest' || name === 'SAMLResponse') {
          carried.push({ parameter: name, to: form.action, xml: Buffer.from(value, 'base64') })
        }
      }
      return agent.submit(page, form, { ...filling, values: { username: user, ...filling.values } })
    },
  }
}

const MOST_PAGES = 20

/** Signs a citizen in at a page that wants it; resolves to where the citizen ends. */
export async function signIn(address: string, order: Omit<LoginOrder, 'portal'>, agent: UserAgent): Promise<Visit> {
  const whole = { portal: '', ...order }
  try {
    let page = await agent.get(address)
    for (let count = 0; count < MOST_PAGES; count += 1) {
      const step = nextStep(page, whole)
      if (step === undefined) return page
      page = await agent.submit(page, step.form, step.filling)
    }
    throw new TypeError(`no end after ${MOST_PAGES} pages, the last at ${page.url}`)
  } finally {
    agent.close()
  }
}
