import type { SchemePage } from '../../relay/faces.ts'
import { foreign, type Html, html } from '../html.ts'
import { type Language, messagesIn } from '../i18n/languages.ts'
import { countryName } from '../i18n/names.ts'
import { requireTarget } from '../target.ts'
import { layout, pressedOnce } from './layout.ts'

/** R-IA-19: the citizen says which of her country's eIDs she signs in with. One button an eID, as for countries. */
export function schemePage(page: SchemePage, language: Language): Html {
  const messages = messagesIn(language)
  const main = html`<p class="lead">${lead(page, language)}</p>
<form method="post" action="${requireTarget(page.form.action).location}">
<input type="hidden" name="flow" value="${page.form.flow}">
<fieldset aria-describedby="hint">
<legend>${messages.scheme_question}</legend>
<p class="hint" id="hint">${messages.scheme_hint}</p>
<ul class="choices">
${page.schemes.map(choice)}</ul>
</fieldset>
<p class="actions"><button class="plain" name="action" value="cancel">${messages.cancel}</button></p>
</form>`
  return layout({ title: messages.scheme_title, language, head: pressedOnce, main })
}

function lead({ relyingParty, destination }: SchemePage, language: Language): Html {
  const messages = messagesIn(language)
  const party = html`<strong>${foreign(relyingParty)}</strong>`
  if (destination === '') return messages.scheme_lead(party)
  return messages.scheme_leadAbroad(party, countryName(destination, language))
}

function choice({ name, displayName }: SchemePage['schemes'][number]): Html {
  return html`<li><button class="choice" name="scheme" value="${name}">${foreign(displayName)}</button></li>
`
}
