import { readNameID, readSubject, writeNameID, writeSubject } from '../../../src/saml/subject.ts'
import { confirmationMethods } from '../../../src/saml/uris.ts'
import fc from '../../testkit/properties.ts'
import { nameIds, subjects } from './arbitraries.ts'
import { signed, signedText } from './samples.ts'

const BEARER = confirmationMethods.bearer

function subjectOf(inner: string) {
  return readSubject(signedText(`<saml2:Subject>${inner}</saml2:Subject>`))
}

describe('Subject', () => {
  test('read after write is identity', () => {
    fc.assert(fc.property(subjects, (subject) => expect(readSubject(signed(writeSubject(subject)))).toEqual(subject)))
  })

  test('A-167 two NameIDs are SAML_COUNT', () => {
    expect(() => subjectOf('<saml2:NameID>a</saml2:NameID><saml2:NameID>b</saml2:NameID>')).toThrow(
      expect.objectContaining({ code: 'SAML_COUNT' }),
    )
  })

  test.each(['<saml2:EncryptedID/>', '<saml2:BaseID/>', '<saml2p:NameID>a</saml2p:NameID>'])(
    '%s is a stray',
    (stray) => {
      expect(() => subjectOf(stray)).toThrow(expect.objectContaining({ code: 'XML_SCHEMA' }))
    },
  )

  test('A-166 a confirmation without Method is SAML_CONFIRM', () => {
    expect(() => subjectOf('<saml2:SubjectConfirmation/>')).toThrow(expect.objectContaining({ code: 'SAML_CONFIRM' }))
  })

  test.each(['NotOnOrAfter="soon"', 'NotOnOrAfter=""', 'NotBefore="2026-02-30T00:00:00Z"'])(
    'A-158 %s on the bearer is SAML_CONFIRM',
    (attribute) => {
      const confirmation = `<saml2:SubjectConfirmation Method="${BEARER}"><saml2:SubjectConfirmationData ${attribute}/></saml2:SubjectConfirmation>`
      expect(() => subjectOf(confirmation)).toThrow(expect.objectContaining({ code: 'SAML_CONFIRM' }))
    },
  )

  test('A-083 an element in SubjectConfirmationData is a stray, an attribute of another namespace is passed over', () => {
    const around = (data: string) =>
      subjectOf(`<saml2:SubjectConfirmation Method="${BEARER}">${data}</saml2:SubjectConfirmation>`)
    expect(() => around('<saml2:SubjectConfirmationData><saml2:Assertion/></saml2:SubjectConfirmationData>')).toThrow(
      expect.objectContaining({ code: 'XML_SCHEMA' }),
    )
    const foreign = '<saml2:SubjectConfirmationData xsi:type="saml2:x" xsi:Recipient="evil"/>'
    expect(around(foreign)).toEqual(around('<saml2:SubjectConfirmationData/>'))
  })
})

test('of a confirmation by another method only the method is read', () => {
  const data =
    '<saml2:SubjectConfirmationData NotOnOrAfter="x" Recipient="evil"><ds:KeyInfo/></saml2:SubjectConfirmationData>'
  const { confirmations } = subjectOf(`<saml2:SubjectConfirmation Method=" m\n">${data}</saml2:SubjectConfirmation>`)
  expect(confirmations).toEqual([{ method: 'm' }])
})

describe('NameID', () => {
  test('read after write is identity', () => {
    fc.assert(fc.property(nameIds, (nameId) => expect(readNameID(signed(writeNameID(nameId)))).toEqual(nameId)))
  })

  test('A-044 elements in it are refused', () => {
    expect(() => readNameID(signedText('<saml2:NameID>a<saml2:x/>b</saml2:NameID>'))).toThrow(
      expect.objectContaining({ code: 'XML_MIXED' }),
    )
  })
})
