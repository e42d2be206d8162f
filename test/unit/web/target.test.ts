import { readTarget, requireTarget } from '../../../src/web/target.ts'

describe('readTarget', () => {
  it.each([
    ['https://idp.example/sso', 'https://idp.example/sso', 'idp.example'],
    ['https://idp.example:8443/sso?a=%2B&b=c%3D', 'https://idp.example:8443/sso', 'idp.example:8443'],
    ['http://localhost:8080/', 'http://localhost:8080/', 'localhost:8080'],
    ['https://idp.example', 'https://idp.example/', 'idp.example'],
    ["https://idp.example/a;b,c'd", "https://idp.example/a%3Bb%2Cc'd", 'idp.example'],
    ['/connector/step', "'self'", undefined],
    ['/', "'self'", undefined],
  ])('%s is a place with source %s', (location, source, host) => {
    expect(readTarget(location)).toEqual({ location, source, host })
  })

  it.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    'ftp://idp.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https://user@evil.example/',
    'https://user:password@evil.example/',
    'https://good.example\\@evil.example/',
    'https://\uFF45vil.example/',
    'https://idp.example/"><script>',
    'https://idp.example/ x',
    'https://idp.example/\r\nSet-Cookie: a=b',
    'https://',
    'https://[/',
    'https://idp.example:99999/',
    'relative',
    '',
  ])('%j is none (A-239, A-241)', (location) => {
    expect(readTarget(location)).toBeUndefined()
    expect(() => requireTarget(location)).toThrow(TypeError)
  })

  it('takes a megabyte of hostile text in its stride (A-253)', () => {
    expect(readTarget(`https://${'a'.repeat(1_000_000)} `)).toBeUndefined()
    expect(readTarget(`/${'a/'.repeat(500_000)}"`)).toBeUndefined()
  })
})
