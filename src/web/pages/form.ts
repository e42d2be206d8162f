import { type Html, html } from '../html.ts'
import { type Language, messagesIn } from '../i18n/languages.ts'
import type { Target } from '../target.ts'
import { layout } from './layout.ts'

export interface PageForm {
  readonly target: Target
  readonly method: 'post' | 'get'
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** Carries a message on (SAML Bindings 3.5.4): a script of ours presses the button, the citizen can as well. */
export function formPage({ target, method, fields }: PageForm, language: Language): Html {
  const messages = messagesIn(language)
  const main = html`${lead(target, language)}
<form method="${method}" action="${target.location}" data-submit="">
${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`)}<p class="hint">${messages.form_hint}</p>
<p class="actions"><button>${messages.form_continue}</button></p>
</form>`
  const head = html`<script src="/assets/submit.js" defer></script>\n`
  return layout({ title: messages.form_title, language, head, main })
}

/** Leads on without a form, and without a redirect: that would be held against the form-action of the page before. */
export function linkPage(target: Target, language: Language): Html {
  const messages = messagesIn(language)
  const main = html`${lead(target, language)}
<p class="hint">${messages.form_hint}</p>
<p class="actions"><a class="button" href="${target.location}">${messages.form_continue}</a></p>`
  const head = html`<meta http-equiv="refresh" content="0; url=${target.location}">\n`
  return layout({ title: messages.form_title, language, head, main })
}

function lead({ host }: Target, language: Language): Html {
  const { form_lead, form_leadHere } = messagesIn(language)
  return html`<p class="lead">${host === undefined ? form_leadHere : form_lead(html`<strong dir="ltr">${host}</strong>`)}</p>`
}
