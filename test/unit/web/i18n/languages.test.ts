import { html } from '../../../../src/web/html.ts'
import { chooseLanguage, type Language, languages, messagesIn } from '../../../../src/web/i18n/languages.ts'

describe('chooseLanguage', () => {
  it.each<[string | undefined, Language]>([
    [undefined, 'en'],
    ['', 'en'],
    ['fr', 'fr'],
    ['FR-be', 'fr'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['is,fr;q=0.3,de;q=0.7', 'de'],
    ['fr;q=0,de;q=0.1', 'de'],
    ['fr; q=0.5 , de ; q=0.6', 'de'],
    ['fr,de', 'fr'],
    ['*', 'en'],
    ['is,no', 'en'],
    ['pl,cs', 'pl'],
    ['sr-Latn,hr;q=0.9', 'hr'],
    ['pt-BR', 'pt'],
    ['fr;q=2,de;q=0.1', 'de'],
    ['fr;q=NaN', 'en'],
    ['../../fr', 'en'],
    ['__proto__,constructor', 'en'],
    [',,,;;;q=', 'en'],
  ])('%j gives %s', (field, language) => {
    expect(chooseLanguage(field, languages)).toBe(language)
  })

  it('falls back to the first that is offered, and offers no other', () => {
    expect(chooseLanguage('en', ['de', 'fr'])).toBe('de')
    expect(chooseLanguage('en,fr;q=0.1', ['de', 'fr'])).toBe('fr')
  })

  it('looks at a bounded part of the field only (A-253)', () => {
    expect(chooseLanguage(`${'is,'.repeat(20)}fr`, languages)).toBe('en')
    expect(chooseLanguage(`${' '.repeat(600)}fr`, languages)).toBe('en')
  })
})

describe('languages', () => {
  it('are the 24 official languages of the Union', () => {
    const official = 'bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv'.split(' ')
    expect([...languages].sort()).toEqual(official)
  })
})

describe('messagesIn', () => {
  it.each(languages)('keeps every name it is given, in %s', (language) => {
    const messages = messagesIn(language)
    const [first, second] = [html`<b>1</b>`, html`<b>2</b>`]
    const { country_lead, scheme_lead, consent_lead, fault_backLink, fault_backTo, form_lead } = messages
    for (const say of [country_lead, scheme_lead, consent_lead, fault_backLink, fault_backTo, form_lead]) {
      expect(say(first).toString()).toContain('<b>1</b>')
    }
    for (const say of [messages.scheme_leadAbroad, messages.consent_leadAbroad]) {
      expect(say(first, '<C>').toString()).toMatch(/<b>1<\/b>.*&lt;C&gt;/)
    }
    expect(messages.consent_acting(first, second).toString()).toMatch(/<b>1<\/b>.*<b>2<\/b>/)
    expect(messages.country('XA')).toContain('XA')
    expect(messages.representative('A')).toContain('A')
  })

  it('says every sentence in words of its own', () => {
    for (const language of languages.filter((code) => code !== 'en')) {
      const { sentences, attributes } = messagesIn(language)
      const english = messagesIn('en')
      for (const [key, sentence] of Object.entries(english.sentences)) {
        expect(Object.entries(sentences)).not.toContainEqual([key, sentence])
      }
      expect(Object.keys(attributes)).toEqual(Object.keys(english.attributes))
      expect(Object.values({ ...sentences, ...attributes })).not.toContain('')
    }
  })
})
