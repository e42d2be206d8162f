import type { ConsentPage } from '../../relay/faces.ts'
import { foreign, type Html, html } from '../html.ts'
import { type Language, messagesIn } from '../i18n/languages.ts'
import { attributeLabel, countryName, levelName } from '../i18n/names.ts'
import { requireTarget } from '../target.ts'
import { layout, pressedOnce } from './layout.ts'

/**
 * The citizen sees to whom which values go, letter for letter, and agrees or does not (A-247, A-248). The roles are
 * said because a browser may forget them where the style sheet stacks the rows of a narrow screen.
 */
export function consentPage(page: ConsentPage, language: Language): Html {
  const messages = messagesIn(language)
  const main = html`<p class="lead">${lead(page, language)}</p>
${acting(page, language)}<table role="table">
<caption>${messages.consent_table}</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">${messages.consent_name}</th><th role="columnheader" scope="col">${messages.consent_value}</th></tr></thead>
<tbody role="rowgroup">
${page.values.map(({ friendlyName, values }) => row(label(friendlyName, language), values))}${row(html`${messages.consent_loa}`, [levelName(page.loa, language) ?? page.loa])}</tbody>
</table>
<form method="post" action="${requireTarget(page.form.action).location}">
<input type="hidden" name="flow" value="${page.form.flow}">
<p class="hint">${messages.consent_hint}</p>
<p class="actions"><button name="action" value="continue">${messages.consent_agree}</button>
<button class="plain" name="action" value="cancel">${messages.cancel}</button></p>
</form>`
  return layout({ title: messages.consent_title, language, head: pressedOnce, main })
}

function lead({ relyingParty, destination }: ConsentPage, language: Language): Html {
  const messages = messagesIn(language)
  const party = html`<strong>${foreign(relyingParty)}</strong>`
  if (destination === '') return messages.consent_lead(party)
  return messages.consent_leadAbroad(party, countryName(destination, language))
}

/** Who acts for whom is said before the values: a long table hides it. */
function acting({ acting: parties }: ConsentPage, language: Language): Html | undefined {
  if (parties === undefined) return undefined
  const strong = (name: string) => html`<strong>${foreign(name)}</strong>`
  const { consent_acting } = messagesIn(language)
  return html`<p class="lead">${consent_acting(strong(parties.representative), strong(parties.person))}</p>
`
}

function label(friendlyName: string, language: Language): Html {
  const known = attributeLabel(friendlyName, language)
  return known === undefined ? foreign(friendlyName) : html`${known}`
}

function row(name: Html, values: readonly string[]): Html {
  return html`<tr role="row"><th role="rowheader" scope="row">${name}</th><td role="cell">${values.map((value) => html`<div>${foreign(value)}</div>`)}</td></tr>
`
}
