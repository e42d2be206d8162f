import type { FlowCookie, PageModel, Reply } from '../relay/faces.ts'
import { writeSetCookie } from './cookies.ts'
import type { Html } from './html.ts'
import type { Language } from './i18n/languages.ts'
import { consentPage } from './pages/consent.ts'
import { countryPage } from './pages/country.ts'
import { faultPage } from './pages/fault.ts'
import { formPage, linkPage } from './pages/form.ts'
import { schemePage } from './pages/scheme.ts'
import { requireTarget } from './target.ts'

/** An HTTP response, short of the header fields that every response has. */
export interface Rendered {
  readonly status: number
  readonly contentType: string
  readonly cacheControl: string
  /** Source of the Content-Security-Policy's form-action. */
  readonly formAction: string
  readonly cookies: readonly string[]
  /** Methods for the Allow field of a 405. */
  readonly allow?: readonly string[]
  readonly body: Uint8Array
}

/** Turns what a face or the relay replies into HTTP. A reply that cannot be sent safely is a TypeError. */
export function render(reply: Reply, language: Language): Rendered {
  switch (reply.kind) {
    case 'form':
      return renderForm(reply, language)
    case 'link': {
      const target = requireTarget(reply.location)
      return renderHtml(linkPage(target, language), { formAction: "'none'", cookies: reply.cookies })
    }
    case 'page':
      return renderHtml(writePage(reply.page, language), {
        status: reply.page.page === 'fault' ? faultStatus(reply.page.status) : 200,
        formAction: reply.page.page === 'fault' ? "'none'" : "'self'",
        cookies: reply.cookies,
      })
    case 'document':
      return renderDocument(reply)
  }
}

function renderForm(reply: Extract<Reply, { kind: 'form' }>, language: Language): Rendered {
  const target = requireTarget(reply.action)
  const page = formPage({ target, method: reply.method, fields: reply.fields }, language)
  return renderHtml(page, { formAction: target.source, cookies: reply.cookies })
}

function renderDocument(reply: Extract<Reply, { kind: 'document' }>): Rendered {
  return {
    status: 200,
    contentType: reply.contentType,
    cacheControl: reply.maxAgeSeconds > 0 ? `public, max-age=${reply.maxAgeSeconds}` : 'no-store',
    formAction: "'none'",
    cookies: [],
    body: reply.body,
  }
}

function writePage(page: PageModel, language: Language): Html {
  switch (page.page) {
    case 'country':
      return countryPage(page, language)
    case 'scheme':
      return schemePage(page, language)
    case 'consent':
      return consentPage(page, language)
    case 'fault':
      return faultPage(page, language)
  }
}

interface HtmlOptions {
  readonly status?: number
  readonly formAction: string
  readonly cookies?: readonly FlowCookie[] | undefined
}

function renderHtml(page: Html, { status = 200, formAction, cookies = [] }: HtmlOptions): Rendered {
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    cacheControl: 'no-store',
    formAction,
    cookies: cookies.map(writeSetCookie),
    body: Buffer.from(page.toString(), 'utf8'),
  }
}

/** A page about a fault never says that all is well. */
function faultStatus(status: number): number {
  return Number.isInteger(status) && status >= 400 && status <= 599 ? status : 500
}
