import { createHash } from 'node:crypto'
import type { Response } from 'express'
import helmet from 'helmet'

/**
 * The pages of the demo's parties: plain HTML from the server, one small stylesheet, no script but the one line that
 * submits a form a browser has to carry to another party. Shared by the portals, the identity providers and the home
 * page; the node has its own pages and knows nothing of these.
 */

/** A piece of HTML that is safe as it stands. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Piece = Html | string | number | undefined | readonly Piece[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}

function write(piece: Piece): string {
  if (piece === undefined) return ''
  if (piece instanceof Html) return piece.text
  if (typeof piece === 'string' || typeof piece === 'number') return escapeHtml(String(piece))
  return piece.map(write).join('')
}

/** Template for HTML: every value is escaped unless it is Html itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Html {
  return new Html(strings.reduce((text, part, index) => text + write(values[index - 1]) + part))
}

export interface Page {
  readonly title: string
  /** Something was wrong with what was typed: said in the title first, which is what a screen reader reads first. */
  readonly wrong?: boolean
  /** Who speaks, shown on top of the page. */
  readonly site: string
  readonly body: Html
}

/** The page as a document; its stylesheet is at /style.css of the same party. */
function document({ title, wrong = false, site, body }: Page): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${wrong ? 'Error: ' : ''}${title} - ${site}</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<header><p>${site}</p></header>
<main>
<h1>${title}</h1>
${body}
</main>
<footer><p>Part of the Passerelle demo. Everybody in it is invented.</p></footer>
</body>
</html>
`.text
}

const SUBMIT = 'document.forms[0].submit()'
/** The only script the policy lets run. */
const SUBMIT_HASH = createHash('sha256').update(SUBMIT).digest('base64')

/** A form that carries a message to another party: by itself, or by its button where scripts do not run. */
export function carryingForm(action: string, fields: Readonly<Record<string, string>>): Html {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`,
  )
  return html`<form method="post" action="${action}">
${inputs}<p>You are being taken there. If nothing happens, use the button.</p>
<p><button type="submit">Continue</button></p>
</form>
<script>${new Html(SUBMIT)}</script>`
}

/** A table that may be wider than the window: a region of its own that keys can reach and scroll. */
export function wideTable(label: string, table: Html): Html {
  return html`<div class="wide" role="region" aria-label="${label}" tabindex="0"><table>
${table}</table></div>`
}

/** Strict headers; forms may go to this party itself and to `formTargets` (origins), nothing else may be loaded. */
export function strictHeaders(formTargets: readonly string[] = []): ReturnType<typeof helmet> {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'style-src': ["'self'"],
        'img-src': ['data:'],
        'script-src': [`'sha256-${SUBMIT_HASH}'`],
        'form-action': ["'self'", ...formTargets],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // The demo speaks plain HTTP on the loopback interface.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  })
}

export function sendPage(response: Response, page: Page, status = 200): void {
  response.status(status).set('Cache-Control', 'no-store').type('html').send(document(page))
}

/** Serves the stylesheet. */
export function sendStylesheet(_request: unknown, response: Response): void {
  response.type('css').set('Cache-Control', 'max-age=3600').send(stylesheet)
}

const stylesheet = `:root { color-scheme: light dark; --accent: #1d4f91; --link: #1d5bb0; --line: #8884; }
@media (prefers-color-scheme: dark) { :root { --link: #8ab4f8; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
header, footer { padding: .5rem 1.5rem; }
header { background: var(--accent); color: #fff; font-weight: 600; }
header p, footer p { margin: .25rem 0; }
footer { font-size: .85rem; opacity: .75; }
main { max-width: 62rem; margin: 0 auto; padding: 1rem 1.5rem 2rem; }
a { color: var(--link); }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
td { min-width: 5rem; }
td code { white-space: nowrap; }
th small { display: block; font-weight: 400; opacity: .75; overflow-wrap: anywhere; }
th[scope=row] { min-width: 10rem; }
[data-attribute] { overflow-wrap: anywhere; }
label { display: block; margin: .75rem 0 .25rem; }
input:not([type=hidden]) { font: inherit; padding: .5rem; width: 100%; max-width: 24rem; }
button, .button { display: inline-block; font: inherit; padding: .6rem 1.2rem; margin: .5rem .5rem .5rem 0;
  border: 1px solid var(--accent); border-radius: .3rem; background: var(--accent); color: #fff; text-decoration: none; cursor: pointer; }
button.second { background: transparent; color: inherit; border-color: currentColor; }
.note { border-left: .3rem solid var(--accent); padding: .5rem 1rem; background: #8881; }
.wide { overflow-x: auto; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
@media (max-width: 30rem) {
  table:has(th[scope=row]) { table-layout: fixed; }
  th[scope=row] { min-width: 0; }
}
code { overflow-wrap: anywhere; }
`
