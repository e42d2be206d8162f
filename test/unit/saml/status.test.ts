import { isSuccess, readStatus, writeStatus } from '../../../src/saml/status.ts'
import { statuses } from '../../../src/saml/uris.ts'
import { samlp } from '../../../src/xml/names.ts'
import { el } from '../../../src/xml/writer.ts'
import fc from '../../testkit/properties.ts'
import { texts, uris } from './arbitraries.ts'
import { signed, signedText } from './samples.ts'

const CODE = '<saml2p:StatusCode Value="urn:a"/>'

function statusOf(inner: string) {
  return readStatus(signedText(`<saml2p:Response>${inner}</saml2p:Response>`))
}

describe('Status', () => {
  test('read after write is identity', () => {
    const codes = fc.array(uris, { minLength: 1, maxLength: 2 })
    fc.assert(
      fc.property(fc.record({ codes, message: texts }), (status) => {
        expect(readStatus(signed(el(samlp('Response'), {}, writeStatus(status))))).toEqual(status)
      }),
    )
  })

  test('the second-level code is nested in the top-level code', () => {
    expect(
      statusOf(`<saml2p:Status><saml2p:StatusCode Value="urn:a">${CODE}</saml2p:StatusCode></saml2p:Status>`),
    ).toEqual({ codes: ['urn:a', 'urn:a'], message: undefined })
  })

  test.each([
    ['no Status', ''],
    ['an empty Status', '<saml2p:Status/>'],
    ['two Status', `<saml2p:Status>${CODE}</saml2p:Status><saml2p:Status>${CODE}</saml2p:Status>`],
    ['two StatusCode side by side', `<saml2p:Status>${CODE}${CODE}</saml2p:Status>`],
    ['no Value', '<saml2p:Status><saml2p:StatusCode/></saml2p:Status>'],
    ['an empty Value', '<saml2p:Status><saml2p:StatusCode Value=""/></saml2p:Status>'],
    [
      'codes nested three deep',
      `<saml2p:Status><saml2p:StatusCode Value="a"><saml2p:StatusCode Value="b">${CODE}</saml2p:StatusCode></saml2p:StatusCode></saml2p:Status>`,
    ],
  ])('A-168 %s is SAML_STATUS', (_, inner) => {
    expect(() => statusOf(inner)).toThrow(expect.objectContaining({ code: 'SAML_STATUS' }))
  })

  test.each([
    ['an Assertion', '<saml2:Assertion/>'],
    ['a StatusCode of another namespace', '<saml2:StatusCode Value="urn:a"/>'],
  ])('A-083 %s in a Status is a stray', (_, stray) => {
    expect(() => statusOf(`<saml2p:Status>${CODE}${stray}</saml2p:Status>`)).toThrow(
      expect.objectContaining({ code: 'XML_SCHEMA' }),
    )
  })

  test('A-083 StatusDetail is passed over, whatever is in it', () => {
    const detail = '<saml2p:StatusDetail><saml2:Assertion/><saml2p:StatusCode Value="urn:b"/></saml2p:StatusDetail>'
    expect(statusOf(`<saml2p:Status>${CODE}${detail}</saml2p:Status>`)).toEqual(
      statusOf(`<saml2p:Status>${CODE}</saml2p:Status>`),
    )
  })

  test('only the top-level code decides on success', () => {
    expect(isSuccess({ codes: [statuses.success] })).toBe(true)
    expect(isSuccess({ codes: [statuses.responder, statuses.success] })).toBe(false)
    expect(isSuccess({ codes: [] })).toBe(false)
  })
})
