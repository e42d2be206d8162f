import express, { type Express } from 'express'
import type { Citizen } from './citizens.ts'
import type { Party } from './federation-model.ts'
import { type Html, html, sendPage, sendStylesheet, strictHeaders, wideTable } from './page.ts'

/** The demo's first page: what is running, who can sign in, and what to try. */
export function homeApp(
  parties: readonly Party[],
  citizens: readonly Citizen[],
  companies: readonly Citizen[] = [],
): Express {
  const body = homeBody(parties, citizens, companies)
  const app = express()
  app.disable('x-powered-by')
  app.use(strictHeaders())
  app.get('/style.css', sendStylesheet)
  app.get('/', (_request, response) => {
    sendPage(response, { title: 'Two countries, one eID', site: 'Passerelle demo', body })
  })
  return app
}

function homeBody(parties: readonly Party[], citizens: readonly Citizen[], companies: readonly Citizen[]): Html {
  const portals = parties.filter(({ kind }) => kind === 'portal')
  return html`<p>Two invented countries run on this machine. Each has a public service (a portal), an eIDAS node, and an
identity provider for its citizens. A citizen of one country signs in at a service of the other: the portal asks its
country's <strong>connector</strong>, the connector asks the other country's <strong>proxy service</strong>, and that one
asks the citizen's own identity provider. What comes back is signed and encrypted at every border.</p>
<h2>Try it</h2>
<ol>
<li>Open a portal: ${portals.map(({ url, name }) => html`<a class="button" href="${url}/">${name}</a>`)}</li>
<li>Press "Sign in with your eID" and choose the country of one of the citizens below.</li>
<li>Sign in with that citizen's user and password, and agree to what will be sent.</li>
</ol>
<h2>Test citizens</h2>
${wideTable(
  'Test citizens',
  html`<thead><tr><th scope="col">Country</th><th scope="col">User</th><th scope="col">Password</th><th scope="col">Reaches</th><th scope="col">Has</th></tr></thead>
<tbody>
${citizens.map(citizenRow)}</tbody>
`,
)}
<p class="note">The portals ask for the level substantial: an eID that only reaches low does not get in, as it must be.
For a visitor any level will do: continue as one at the portal of XA and choose XB, which has two eIDs for that. Its proxy
service asks which it shall be; ragna has both.</p>
<h2>Test companies</h2>
<p>Each of these accounts acts for a company. Press "Sign in for a company" at a portal: the library of XB is
prepared for that; the city of XA is not, and its connector refuses in words.</p>
${wideTable(
  'Test companies',
  html`<thead><tr><th scope="col">Country</th><th scope="col">User</th><th scope="col">Password</th><th scope="col">Reaches</th><th scope="col">Has</th></tr></thead>
<tbody>
${companies.map(companyRow)}</tbody>
`,
)}
<h2>What is running</h2>
${wideTable(
  'What is running',
  html`<thead><tr><th scope="col">Country</th><th scope="col">Party</th><th scope="col">Address</th><th scope="col">Built on</th><th scope="col">Look at</th></tr></thead>
<tbody>
${parties.map(partyRow)}</tbody>
`,
)}`
}

function citizenRow({ country, user, password, level, about }: Citizen): Html {
  return html`<tr data-country="${country}" data-user="${user}" data-password="${password}"><td>${country}</td>
<td><code>${user}</code></td><td><code>${password}</code></td><td>${level}</td><td>${about}</td></tr>
`
}

/** Marked apart from citizens: a test that picks a citizen by her mark must not get a company. */
function companyRow({ country, user, password, level, about }: Citizen): Html {
  return html`<tr data-country="${country}" data-company="${user}"><td>${country}</td>
<td><code>${user}</code></td><td><code>${password}</code></td><td>${level}</td><td>${about}</td></tr>
`
}

function partyRow({ kind, country, name, url, software, links }: Party): Html {
  return html`<tr data-party="${kind}" data-country="${country}"><td>${country}</td><td>${name} (${kind})</td>
<td>${kind === 'node' ? url : html`<a href="${url}/">${url}</a>`}</td><td>${software}</td>
<td>${links.map((link) => html`<div><a href="${link.url}">${link.text}</a></div>`)}</td></tr>
`
}
