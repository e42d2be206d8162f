import type { ConsentPage, CountryPage, FaultPage, PageModel, SchemePage } from '../../../../src/relay/faces.ts'
import { type Language, languages } from '../../../../src/web/i18n/languages.ts'
import { render } from '../../../../src/web/reply.ts'

const hostile = `"><script>alert(1)</script><img src=x onerror='y'>`
const escaped = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&#39;y&#39;&gt;'
const form = { action: '/step', flow: 'handle' }

const country: CountryPage = { page: 'country', form, relyingParty: 'Ministry', countries: ['BE', 'EL', 'XB'] }
const scheme: SchemePage = {
  page: 'scheme',
  form,
  relyingParty: 'Ministry',
  destination: 'EL',
  schemes: [
    { name: 'card', displayName: 'Identity card' },
    { name: 'app', displayName: 'App' },
  ],
}
const consent: ConsentPage = {
  page: 'consent',
  form,
  relyingParty: 'Ministry',
  destination: 'EL',
  loa: 'http://eidas.europa.eu/LoA/substantial',
  values: [
    { name: 'urn:1', friendlyName: 'FamilyName', values: ['Ωνάσης', 'Onassis'] },
    { name: 'urn:2', friendlyName: 'SectorThing', values: ['1'] },
  ],
}
const fault: FaultPage = { page: 'fault', status: 403, sentence: 'notTrusted', supportCode: 'K7Q2-9XMD' }

function show(page: PageModel, language: Language = 'en'): string {
  return Buffer.from(render({ kind: 'page', page }, language).body).toString('utf8')
}

describe('every page', () => {
  it.each(languages)(
    'has its language, one h1, a title and no script but the one that stops a second press in %s',
    (language) => {
      for (const page of [country, scheme, consent, fault]) {
        const text = show(page, language)
        expect(text).toMatch(/^<!doctype html>/)
        expect(text).toContain(`<html lang="${language}">`)
        expect(text.match(/<h1>/g)).toHaveLength(1)
        expect(text).toMatch(/<title>[^<]+ – Passerelle<\/title>/)
        const scripts = text.match(/<script[\s\S]*?<\/script>/g) ?? []
        expect(scripts).toEqual(page === fault ? [] : ['<script src="/assets/once.js" defer></script>'])
        expect(text.match(/<script/g) ?? []).toHaveLength(scripts.length)
        expect(text).not.toMatch(/<style| style=| on\w+=/)
      }
    },
  )

  it('escapes every string of somebody else, wherever it stands (A-237, A-238)', () => {
    const hostileForm = { action: '/step', flow: hostile }
    const pages: readonly PageModel[] = [
      { ...country, form: hostileForm, relyingParty: hostile, countries: [hostile] },
      {
        ...scheme,
        form: hostileForm,
        relyingParty: hostile,
        destination: hostile,
        schemes: [{ name: hostile, displayName: hostile }],
      },
      {
        ...consent,
        form: hostileForm,
        relyingParty: hostile,
        destination: hostile,
        loa: hostile,
        values: [{ name: hostile, friendlyName: hostile, values: [hostile] }],
      },
      { ...fault, sentence: hostile, supportCode: hostile, back: { name: hostile, url: hostile } },
    ]
    for (const page of pages) {
      const text = show(page)
      expect(text).toContain(escaped)
      expect(text.replace('<script src="/assets/once.js" defer></script>', '')).not.toContain('<script')
      expect(text).not.toContain('<img src=x')
    }
  })

  it('isolates the direction of the party’s name (A-247)', () => {
    expect(show({ ...country, relyingParty: '\u202Eecila' })).toContain('<bdi>\u202Eecila</bdi>')
    expect(show({ ...scheme, relyingParty: '\u202Eecila' })).toContain('<bdi>\u202Eecila</bdi>')
    expect(show({ ...consent, relyingParty: '\u202Eecila' })).toContain('<bdi>\u202Eecila</bdi>')
    expect(show({ ...fault, back: { name: '\u202Eecila' } })).toContain('<bdi>\u202Eecila</bdi>')
  })
})

describe('the country page', () => {
  it('has one button a country with its code as value, and the flow as a hidden field (R-IA-16)', () => {
    const text = show(country)
    expect(text).toContain('<form method="post" action="/step">')
    expect(text).toContain('<input type="hidden" name="flow" value="handle">')
    expect(
      [...text.matchAll(/<button class="choice" name="country" value="(\w\w)">/g)].map((match) => match[1]),
    ).toEqual(['BE', 'XB', 'EL'])
    expect(text).toContain('Belgium')
    expect(text).toContain('Greece')
    expect(text).toContain('Country XB')
  })

  it('can be cancelled', () => {
    expect(show(country, 'fr')).toContain('name="action" value="cancel">Annuler</button>')
  })
})

describe('the scheme page', () => {
  it('has one button a scheme, in the order given, with its name as value (R-IA-19)', () => {
    const text = show(scheme)
    expect(text).toContain('<form method="post" action="/step">')
    expect(text).toContain('<input type="hidden" name="flow" value="handle">')
    const choices = text.matchAll(/<button class="choice" name="scheme" value="(\w+)"><bdi>([^<]+)<\/bdi><\/button>/g)
    expect([...choices].map(([, name, shown]) => [name, shown])).toEqual([
      ['card', 'Identity card'],
      ['app', 'App'],
    ])
  })

  it('says who asks, and in which country where that is known', () => {
    expect(show(scheme, 'de')).toContain('<bdi>Ministry</bdi></strong> (Griechenland) bittet')
    expect(show({ ...scheme, destination: '' }, 'fr')).toContain('<bdi>Ministry</bdi></strong> vous demande')
  })

  it('can be cancelled', () => {
    expect(show(scheme, 'fr')).toContain('name="action" value="cancel">Annuler</button>')
  })
})

describe('the consent page', () => {
  it('says who gets what, in which country, at which level', () => {
    const text = show(consent, 'de')
    expect(text).toContain('<bdi>Ministry</bdi></strong> (Griechenland)')
    expect(text).toContain(
      '<th role="rowheader" scope="row">Familienname</th><td role="cell"><div><bdi>Ωνάσης</bdi></div><div><bdi>Onassis</bdi></div></td>',
    )
    expect(text).toContain('<th role="rowheader" scope="row"><bdi>SectorThing</bdi></th>')
    expect(text).toContain('<bdi>Substanziell</bdi>')
  })

  it('shows a level that is not notified as it is', () => {
    expect(show({ ...consent, loa: 'https://example.org/loa' })).toContain('<bdi>https://example.org/loa</bdi>')
  })

  it('says who acts for whom before anything else (R-AP-55)', () => {
    const acting = { representative: 'Odette', person: 'Ferries <Ltd>' }
    expect(show({ ...consent, acting })).toContain(
      '<strong><bdi>Odette</bdi></strong> acts for <strong><bdi>Ferries &lt;Ltd&gt;</bdi></strong>.',
    )
    expect(show({ ...consent, acting }, 'de')).toContain('handelt für')
    expect(show(consent)).not.toContain('acts for')
  })

  it('leaves the country out when it is not known', () => {
    expect(show({ ...consent, destination: '' })).toContain('<bdi>Ministry</bdi></strong> will receive')
  })

  it('is agreed to or cancelled by a button, never by a script (A-248)', () => {
    const text = show(consent)
    expect(text).toContain('<button name="action" value="continue">')
    expect(text).toContain('<button class="plain" name="action" value="cancel">')
    expect(text).not.toContain('data-submit')
  })
})

describe('the fault page', () => {
  it('says a sentence of the closed table and the support code', () => {
    const text = show(fault, 'fr')
    expect(text).toContain('n’a pas pu être vérifié')
    expect(text).toContain('<code data-support-code="">K7Q2-9XMD</code>')
  })

  it('takes a sentence it does not know for a mistake of ours', () => {
    for (const sentence of ['toString', '__proto__', 'nonsense']) {
      expect(show({ ...fault, sentence })).toContain('cannot go on because of a technical problem')
    }
  })

  it('leads back to where the sign-in started, when that is known', () => {
    expect(show({ ...fault, back: { name: 'Ministry', url: 'https://ministry.example/start' } })).toContain(
      '<a class="button" href="https://ministry.example/start">Go back to <bdi>Ministry</bdi></a>',
    )
    expect(show({ ...fault, back: { name: 'Ministry' } })).toContain('Go back to <strong><bdi>Ministry</bdi></strong>')
    expect(show(fault)).toContain('Go back to the service where you started')
  })

  it('has no link for a way back that is not an http(s) URL (A-241)', () => {
    expect(show({ ...fault, back: { name: 'Ministry', url: 'javascript:alert(1)' } })).not.toContain('<a ')
  })

  it('does not send people back who looked for another page', () => {
    expect(show({ ...fault, sentence: 'pageUnknown' })).not.toContain('Go back')
  })

  it('sends people back who opened a step by its address', () => {
    const text = show({ ...fault, sentence: 'stepAlone' })
    expect(text).toContain('cannot be opened by itself')
    expect(text).toContain('Go back to the service where you started and sign in again.')
  })

  it('does not say of a used step that the sign-in was not completed: it may have been', () => {
    const text = show({ ...fault, sentence: 'usedAlready' })
    expect(text).toContain('<title>This sign-in is over – Passerelle</title>')
    expect(text).toContain('<h1>This sign-in is over</h1>')
    expect(text).toContain('If you are not signed in there, sign in again.')
    expect(text).not.toContain('could not be completed')
  })

  it('names cookies where a browser does not know the sign-in', () => {
    for (const language of languages) {
      const text = show({ ...fault, sentence: 'sessionLost' }, language)
      expect(text).toMatch(/cookie|Cookie|бисквитк|kolačić|piškotk|küpsis|eväste|fianáin|süti|slapuk|sīkdatn/)
    }
  })

  it('never has a status of success', () => {
    for (const status of [200, 302, 99, 600, Number.NaN, 404.5]) {
      expect(render({ kind: 'page', page: { ...fault, status } }, 'en').status).toBe(500)
    }
    expect(render({ kind: 'page', page: fault }, 'en').status).toBe(403)
  })
})
