import { attributeDefinitions } from '../../../../src/identity/attributes.ts'
import { notifiedLevels } from '../../../../src/identity/loa.ts'
import { languages } from '../../../../src/web/i18n/languages.ts'
import { attributeLabel, countryName, levelName, namedCountries } from '../../../../src/web/i18n/names.ts'

describe('countryName', () => {
  it.each([
    ['BE', 'Belgium', 'Belgique', 'Belgien'],
    ['EL', 'Greece', 'Grèce', 'Griechenland'],
    ['GR', 'Greece', 'Grèce', 'Griechenland'],
    ['XA', 'Country XA', 'Pays XA', 'Land XA'],
    ['XB', 'Country XB', 'Pays XB', 'Land XB'],
    ['QZ', 'Country QZ', 'Pays QZ', 'Land QZ'],
    ['AB', 'Country AB', 'Pays AB', 'Land AB'],
    ['XK', 'Kosovo', 'Kosovo', 'Kosovo'],
    ['be', 'Country be', 'Pays be', 'Land be'],
    ['', 'Country ', 'Pays ', 'Land '],
    ['<b>', 'Country <b>', 'Pays <b>', 'Land <b>'],
  ])('%j is %s, %s, %s', (code, ...names) => {
    expect(languages.map((language) => countryName(code, language))).toEqual(names)
  })
})

describe('namedCountries', () => {
  it('follows the citizen’s alphabet, not that of the codes', () => {
    expect(namedCountries(['AT', 'DE', 'ES', 'SE'], 'de').map(({ code }) => code)).toEqual(['DE', 'AT', 'SE', 'ES'])
    expect(namedCountries(['DE', 'AT', 'ES'], 'fr').map(({ name }) => name)).toEqual([
      'Allemagne',
      'Autriche',
      'Espagne',
    ])
  })
})

describe('attributeLabel', () => {
  it('has words for every attribute of the eIDAS profile in every language', () => {
    for (const { friendlyName } of attributeDefinitions) {
      for (const language of languages) expect(attributeLabel(friendlyName, language)).toMatch(/\p{L}{2}/u)
    }
  })

  it('tells a representative’s from one’s own', () => {
    expect(attributeLabel('FamilyName', 'fr')).toBe('Nom de famille')
    expect(attributeLabel('RepresentativeFamilyName', 'fr')).toBe('Représentant\u00a0: Nom de famille')
  })

  it.each(['SectorThing', 'Representative', 'RepresentativeRepresentativeLEI', '__proto__', 'toString', ''])(
    'does not know %j',
    (name) => expect(attributeLabel(name, 'en')).toBeUndefined(),
  )
})

describe('levelName', () => {
  it('says a notified level in words', () => {
    expect(notifiedLevels.map((level) => levelName(level, 'de'))).toEqual(['Niedrig', 'Substanziell', 'Hoch'])
  })

  it('has no word for another level', () => {
    expect(levelName('http://eidas.europa.eu/LoA/High', 'en')).toBeUndefined()
    expect(levelName('https://example.org/loa', 'en')).toBeUndefined()
  })
})
