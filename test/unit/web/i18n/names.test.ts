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
    expect((['en', 'fr', 'de'] as const).map((language) => countryName(code, language))).toEqual(names)
  })
})

describe('every language', () => {
  it.each(languages)('has a name of its own for each country of the Union and the EEA in %s', (language) => {
    const codes = 'AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' ')
    const names = codes.map((code) => countryName(code, language))
    expect(new Set(names).size).toBe(codes.length)
    expect(names).not.toContainEqual(expect.stringMatching(/\b[A-Z]{2}$/))
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
