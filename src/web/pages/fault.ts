import type { SentenceKey } from '../../errors/faults.ts'
import type { FaultPage } from '../../relay/faces.ts'
import { foreign, type Html, html } from '../html.ts'
import { type Language, messagesIn } from '../i18n/languages.ts'
import type { Messages } from '../i18n/messages.ts'
import { readTarget } from '../target.ts'
import { layout } from './layout.ts'

/** These already say where to go, or there is nowhere to go back to. */
const withoutWay: readonly SentenceKey[] = ['usedAlready', 'sessionLost', 'pageUnknown', 'operator']

/** What a citizen hears of a fault: a sentence of the closed table, a code to ask for help with, the way back. */
export function faultPage(page: FaultPage, language: Language): Html {
  const messages = messagesIn(language)
  const sentence = isSentence(page.sentence, messages) ? page.sentence : 'internal'
  const main = html`<p class="lead">${messages.sentences[sentence]}</p>
${back(page, sentence, messages)}
<dl class="support">
<dt>${messages.fault_supportCode}</dt>
<dd><code data-support-code="">${page.supportCode}</code></dd>
<dd class="hint">${messages.fault_supportHint}</dd>
</dl>`
  return layout({ title: titleOf(sentence, messages), language, main })
}

function titleOf(sentence: SentenceKey, messages: Messages): string {
  if (sentence === 'pageUnknown') return messages.fault_unknownPage
  // The first of two requests may well have completed it.
  if (sentence === 'usedAlready') return messages.fault_over
  return sentence === 'cancelled' ? messages.fault_cancelled : messages.fault_title
}

function back({ back: start }: FaultPage, sentence: SentenceKey, messages: Messages): Html | undefined {
  if (start === undefined) return withoutWay.includes(sentence) ? undefined : html`<p>${messages.fault_back}</p>`
  const party = foreign(start.name)
  const target = start.url === undefined ? undefined : readTarget(start.url)
  if (target === undefined) return html`<p>${messages.fault_backTo(html`<strong>${party}</strong>`)}</p>`
  return html`<p class="actions"><a class="button" href="${target.location}">${messages.fault_backLink(party)}</a></p>`
}

function isSentence(key: string, { sentences }: Messages): key is SentenceKey {
  return Object.hasOwn(sentences, key)
}
