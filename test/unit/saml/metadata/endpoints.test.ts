import { checkedUrl } from '../../../../src/saml/metadata/endpoints.ts'

describe('endpoints in metadata', () => {
  test.each([
    'https://a.example',
    'https://a.example:8443/x?y=z&w',
    "https://a.example/a;b,c/d'e~(f)%20?g?h[i]",
    'https://a.example?x',
    'http://127.0.0.1:8080/EidasNode/ColleagueResponse',
  ])('%s is taken to the letter', (url) => {
    expect(checkedUrl(url)).toBe(url)
  })

  test.each([
    '',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://a.example/',
    '//a.example/',
    '/acs',
    'https:a.example',
    'https:///a.example',
    'https://',
    'https://us@evil.example/',
    'https://us:pw@evil.example/',
    'https://@evil.example/',
    'https://a.example/#fragment',
    'https://a.example\\@evil.example/',
    'https://a.example/\\..',
    ' https://a.example/',
    'https://a.example/ ',
    'https://a.example/\n',
    'java\tscript:alert(1)',
    'https://ä.example/',
    'https://a.example:port/',
    'https://[::1/',
    'https://a.example/acs?x={y}',
    'https://a.example/"x',
    'https://a.example/<b>',
    'https://a.example/a|b',
    'https://a.example/`^',
    'https://a~b.example/',
    'https://a.example%2f@evil.example/',
  ])('A-212 %j is MD_URL', (url) => {
    expect(() => checkedUrl(url)).toThrow(expect.objectContaining({ code: 'MD_URL' }))
  })
})
