import { type IdentityProviderSite, pathOf } from './identity-provider-metadata.ts'
import { html, type Page, wideTable } from './page.ts'

/** For a browser that comes without a request. */
export function startPage(site: IdentityProviderSite): Page {
  return {
    title: 'No request came with you',
    site: siteOf(site),
    body: html`<p>This is where citizens of ${site.scheme.countryName} sign in. You come here from a public service in
another country, by way of its connector and our proxy service; start there.</p>
<p><a href="${pathOf(site)}/metadata">SAML metadata of this identity provider</a></p>`,
  }
}

function siteOf({ name, scheme }: IdentityProviderSite): string {
  return `${name} (${scheme.countryName}, ${scheme.country})`
}

/** `ticket` names the AuthnRequest that waits for this citizen; `tried` is the user for whom the password was wrong. */
export function loginPage(site: IdentityProviderSite, ticket: string, tried?: string): Page {
  const rows = site.citizens.map(
    ({ user, password, level, about }) =>
      html`<tr><td><code>${user}</code></td><td><code>${password}</code></td><td>${level}</td><td>${about}</td></tr>\n`,
  )
  const wrong = tried !== undefined
  const marked = wrong ? html` aria-invalid="true" aria-describedby="wrong"` : undefined
  return {
    title: 'Sign in with your eID',
    wrong,
    site: siteOf(site),
    body: html`${wrong ? html`<p class="note" role="alert" id="wrong">User or password is wrong. Try again.</p>` : undefined}
<form method="post" action="${pathOf(site)}/login">
<input type="hidden" name="ticket" value="${ticket}">
<label for="user">User</label>
<input id="user" name="user" type="text" autocomplete="username" autocapitalize="none" value="${tried}"${marked}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"${marked}>
<p><button type="submit" name="action" value="login">Sign in</button>
<button type="submit" name="action" value="cancel" class="second">Cancel</button></p>
</form>
<h2>Test citizens</h2>
${wideTable(
  'Test citizens',
  html`<thead><tr><th scope="col">User</th><th scope="col">Password</th><th scope="col">Reaches</th><th scope="col">Has</th></tr></thead>
<tbody>
${rows}</tbody>
`,
)}`,
  }
}

export function refusalPage(site: IdentityProviderSite, reason: string): Page {
  return {
    title: 'This sign-in cannot go on',
    site: siteOf(site),
    body: html`<p data-refused="${reason}">The request that brought you here was not accepted: ${reason}.</p>
<p>Go back to the service where you started and sign in again.</p>`,
  }
}
