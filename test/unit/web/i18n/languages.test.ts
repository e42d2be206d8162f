import { chooseLanguage, type Language, languages, messagesIn } from '../../../../src/web/i18n/languages.ts'

describe('chooseLanguage', () => {
  it.each<[string | undefined, Language]>([
    [undefined, 'en'],
    ['', 'en'],
    ['fr', 'fr'],
    ['FR-be', 'fr'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['it,fr;q=0.3,de;q=0.7', 'de'],
    ['fr;q=0,de;q=0.1', 'de'],
    ['fr; q=0.5 , de ; q=0.6', 'de'],
    ['fr,de', 'fr'],
    ['*', 'en'],
    ['pl,cs', 'en'],
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
    expect(chooseLanguage(`${'it,'.repeat(20)}fr`, languages)).toBe('en')
    expect(chooseLanguage(`${' '.repeat(600)}fr`, languages)).toBe('en')
  })
})

describe('messagesIn', () => {
  it('says every sentence in words of its own', () => {
    for (const language of ['fr', 'de'] as const) {
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
