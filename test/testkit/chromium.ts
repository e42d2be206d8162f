import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/**
 * Debian's Chromium, driven by playwright-core. A window notes everything its pages complain about, so that a test can
 * say that nothing was blocked by a content security policy.
 */

export interface Window {
  readonly context: BrowserContext
  readonly page: Page
  readonly scripts: boolean
  /** Script errors and policy violations of every page of this window so far. */
  readonly complaints: readonly string[]
  /** Another tab with the same cookies. */
  newTab(): Promise<Page>
  close(): Promise<void>
}

export interface WindowOptions {
  readonly scripts?: boolean
  /** How the citizen looks at it. */
  readonly view?: Pick<BrowserContextOptions, 'locale' | 'colorScheme' | 'viewport'>
}

export interface Chromium {
  /** A window of its own: no cookies, no history. */
  newWindow(options?: WindowOptions): Promise<Window>
  close(): Promise<void>
}

export async function startChromium(): Promise<Chromium> {
  const browser: Browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  return {
    newWindow: async ({ scripts = true, view = {} } = {}) =>
      openWindow(await browser.newContext({ ...view, javaScriptEnabled: scripts }), scripts),
    close: () => browser.close(),
  }
}

/** An error page is one on purpose; Chromium notes its status all the same. */
const STATUS_NOTE = /^Failed to load resource: the server responded with a status of/

async function openWindow(context: BrowserContext, scripts: boolean): Promise<Window> {
  const complaints: string[] = []
  context.on('console', (message) => {
    const text = message.text()
    const bad = message.type() === 'error' || /content security policy/i.test(text)
    if (bad && !STATUS_NOTE.test(text)) complaints.push(text)
  })
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  return { context, page, scripts, complaints, newTab: () => context.newPage(), close: () => context.close() }
}
