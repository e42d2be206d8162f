import type { CountryPage } from '../../relay/faces.ts'
import { foreign, type Html, html } from '../html.ts'
import { type Language, messagesIn } from '../i18n/languages.ts'
import { type NamedCountry, namedCountries } from '../i18n/names.ts'
import { requireTarget } from '../target.ts'
import { layout, pressedOnce } from './layout.ts'

/** R-IA-16: the citizen says where her eID comes from. One button a country: no script, one press, any keyboard. */
export function countryPage({ form, relyingParty, countries }: CountryPage, language: Language): Html {
  const messages = messagesIn(language)
  const main = html`<p class="lead">${messages.country_lead(html`<strong>${foreign(relyingParty)}</strong>`)}</p>
<form method="post" action="${requireTarget(form.action).location}">
<input type="hidden" name="flow" value="${form.flow}">
<fieldset aria-describedby="hint">
<legend>${messages.country_question}</legend>
<p class="hint" id="hint">${messages.country_hint}</p>
<ul class="choices">
${namedCountries(countries, language).map(choice)}</ul>
</fieldset>
<p class="actions"><button class="plain" name="action" value="cancel">${messages.cancel}</button></p>
</form>`
  return layout({ title: messages.country_title, language, head: pressedOnce, main })
}

function choice({ code, name }: NamedCountry): Html {
  return html`<li><button class="choice" name="country" value="${code}"><span class="code" aria-hidden="true">${code}</span> <span>${name}</span></button></li>
`
}
