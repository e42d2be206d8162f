import { html, type Page, wideTable } from './page.ts'
import type { PortalSite } from './portal-metadata.ts'

/** A citizen signed in at a portal: exactly what the connector's assertion said. */
export interface SignedIn {
  readonly nameId: string
  readonly loa: string
  /** Name to values, in the order received. */
  readonly attributes: readonly (readonly [name: string, values: readonly string[]])[]
}

/** Second-level status to what it means for the citizen (SAML Core 3.2.2.2). */
const statusSentences: Readonly<Record<string, string>> = {
  AuthnFailed: 'The sign-in was cancelled or did not succeed.',
  RequestDenied: 'The sign-in was refused.',
  NoAuthnContext: 'Your eID does not reach the level of assurance this service needs.',
  InvalidAttrNameOrValue: 'Your country could not provide all the data this service needs.',
  RequestUnsupported: 'Your country cannot carry out what this service asks for.',
}

export function startPage(site: PortalSite): Page {
  return {
    title: 'Welcome',
    site: site.name,
    body: html`<p>This is a public service of the country ${site.country}. To see your records, sign in with the eID of
your own country, wherever in Europe that is.</p>
<p><a class="button" href="/login">Sign in with your eID</a></p>
${site.companyAttributes === undefined ? undefined : html`<p><a href="/login?as=company">Sign in for a company</a></p>\n`}<p><a href="/login?as=visitor">Continue as a visitor, with an eID of any level</a></p>
<p class="note">This portal knows nothing but SAML and the metadata of its country's connector.</p>`,
  }
}

export function signedInPage(site: PortalSite, { loa, nameId, attributes }: SignedIn): Page {
  const rows = attributes.map(
    ([name, values]) =>
      html`<tr><th scope="row">${shortName(name)}<small>${name}</small></th><td>${values.map(
        (value) => html`<div data-attribute="${name}">${value}</div>`,
      )}</td></tr>\n`,
  )
  return {
    title: 'You are signed in',
    site: site.name,
    body: html`<p>Level of assurance: <code data-loa="${loa}">${loa}</code></p>
<p>Known here as <code data-name-id>${nameId}</code></p>
${wideTable(
  'What the connector said',
  html`<thead><tr><th scope="col">Attribute</th><th scope="col">Value</th></tr></thead>
<tbody>
${rows}</tbody>
`,
)}
<p><a class="button" href="/logout">Sign out</a></p>`,
  }
}

/** `CurrentFamilyName` of an eIDAS Name URI, `representative/CurrentFamilyName` of one for who acts for the person. */
function shortName(name: string): string {
  return /(?:representative\/)?[^/]+$/.exec(name)?.[0] ?? name
}

/** `status`: short names of the SAML status codes that came back, top level first. */
export function refusedPage(site: PortalSite, status: readonly string[], message: string | undefined): Page {
  const sentence = statusSentences[status[1] ?? ''] ?? 'The sign-in did not succeed.'
  return {
    title: 'You are not signed in',
    site: site.name,
    body: html`<p data-status="${status.join(' ')}">${sentence}</p>
${message === undefined ? undefined : html`<p class="note">The connector says: <span data-message>${message}</span></p>`}
<p><a class="button" href="/login">Try again</a> <a href="/">Back to the start</a></p>`,
  }
}

export function rejectedPage(site: PortalSite, reason: string): Page {
  return {
    title: 'You are not signed in',
    site: site.name,
    body: html`<p data-rejected="${reason}">The answer of the connector was not accepted: ${reason}.</p>
<p><a class="button" href="/login">Try again</a> <a href="/">Back to the start</a></p>`,
  }
}
