import { type Html, html } from '../html.ts'
import { type Language, messagesIn } from '../i18n/languages.ts'

export interface Layout {
  readonly title: string
  readonly language: Language
  /** More for the head. */
  readonly head?: Html
  readonly main: Html
}

/** For pages on which the citizen presses something. */
export const pressedOnce = html`<script src="/assets/once.js" defer></script>\n`

/** The frame of every page: works without script and from 320 pixels on, takes nothing from elsewhere. */
export function layout({ title, language, head, main }: Layout): Html {
  const { tagline, footer } = messagesIn(language)
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} – Passerelle</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/style.css">
${head}</head>
<body>
<header><div class="wide"><img src="/assets/icon.svg" alt="" width="40" height="40"><p><strong>Passerelle</strong> <span>${tagline}</span></p></div></header>
<main class="wide">
<h1>${title}</h1>
${main}
</main>
<footer><div class="wide"><p>${footer}</p></div></footer>
</body>
</html>
`
}
