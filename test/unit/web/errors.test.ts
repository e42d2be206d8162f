import { type FaultCode, faults } from '../../../src/errors/faults.ts'
import { pageStatus } from '../../../src/web/errors.ts'

const codes = Object.keys(faults).filter((code): code is FaultCode => Object.hasOwn(faults, code))

describe('pageStatus', () => {
  it.each<[FaultCode, number]>([
    ['BIND_B64', 400],
    ['XML_DOCTYPE', 400],
    ['DS_SIG', 403],
    ['SAML_ISSUER', 403],
    ['BIND_SIZE', 413],
    ['XML_SIZE', 413],
    ['SAML_REPLAY', 410],
    ['ST_GONE', 410],
    ['WEB_UNKNOWN', 404],
    ['BIND_METHOD', 405],
    ['BIND_BODY', 408],
    ['BIND_CTYPE', 415],
    ['BIND_ENCODING', 415],
    ['BIND_HOST', 421],
    ['ST_STORE', 503],
    ['INTERNAL', 500],
  ])('%s is %i', (code, status) => {
    expect(pageStatus(code)).toBe(status)
  })

  it('is the same for everything that was not trusted (A-243)', () => {
    const untrusted = codes.filter((code) => faults[code].sentence === 'notTrusted')
    expect(untrusted.length).toBeGreaterThan(20)
    expect(new Set(untrusted.map(pageStatus))).toEqual(new Set([403]))
  })

  it('is 5xx only for faults that are not the sender’s', () => {
    for (const code of codes) {
      if (pageStatus(code) >= 500) expect(faults[code].status[0]).toBe('Responder')
    }
  })
})
