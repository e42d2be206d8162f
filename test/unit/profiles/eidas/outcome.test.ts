import { dataSet } from '../../../../src/identity/attributes.ts'
import type { Identified } from '../../../../src/identity/outcome.ts'
import { eidasProfile } from '../../../../src/profiles/eidas/profile.ts'
import type { OutcomeContext } from '../../../../src/profiles/profile.ts'
import type { Assertion } from '../../../../src/saml/assertion.ts'
import { saml } from '../../../../src/xml/names.ts'
import { el, type XmlPart } from '../../../../src/xml/writer.ts'
import {
  answering,
  asked,
  fault,
  high,
  identified,
  legalName,
  legalSet,
  low,
  naturalName,
  naturalSet,
  peer,
  receivedAssertion,
  substantial,
  withValue,
} from '../samples.ts'

const connector = eidasProfile({ country: 'XB' })
const service = eidasProfile({ country: 'XA' })
const context: OutcomeContext = { request: asked, peer, country: 'XA' }

const written = (outcome: Identified): Assertion<XmlPart> => service.writeAssertion(outcome, answering)

function read(outcome: Identified, changes: Partial<OutcomeContext> = {}): Identified {
  return connector.readOutcome(receivedAssertion(written(outcome)), { ...context, ...changes })
}

/** The assertion, changed after our own writer's judgement. */
function readChanged(
  change: (assertion: Assertion<XmlPart>) => Assertion<XmlPart>,
  changes: Partial<OutcomeContext> = {},
) {
  return connector.readOutcome(receivedAssertion(change(written(identified))), { ...context, ...changes })
}

const accepting = { request: { ...asked, representation: 'accept' } } as const
const value = (text: string) => el(saml('AttributeValue'), {}, text)
const uri = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri'

function withAttribute(assertion: Assertion<XmlPart>, name: string, text: string, nameFormat = uri) {
  const [statement = []] = assertion.attributeStatements
  const others = statement.filter((attribute) => attribute.name !== name)
  return { ...assertion, attributeStatements: [[...others, { name, nameFormat, values: [value(text)] }]] }
}

const representative = dataSet('natural', true)
  .filter(({ mandatory }) => mandatory)
  .map(({ name, kind }) => ({
    name,
    values: [{ value: kind === 'identifier' ? 'XA/XB/9' : kind === 'date' ? '1970-01-01' : 'Max', latin: true }],
  }))

describe('reading an eIDAS assertion', () => {
  test('A-183: what one node writes the other reads, value for value', () => {
    expect(read(identified)).toEqual(identified)
  })

  test('R-IA-4: unknown attributes are ignored', () => {
    expect(readChanged((one) => withAttribute(one, 'urn:example:role', 'x'))).toEqual(identified)
  })

  test('A-191: of what was not asked for nothing is passed on', () => {
    expect(read(withValue(identified, naturalName('BirthName'), 'Sarah Onases'))).toEqual(identified)
  })

  test('R-AP-1: NameFormat of an attribute we know is uri', () => {
    const changed = (local: string, text: string) =>
      readChanged((one) => withAttribute(one, naturalName(local), text, 'urn:x'))
    expect(() => changed('DateOfBirth', '1980-01-01')).toThrow(fault('SAML_ATTR'))
    expect(changed('Gender', 'Male').leftOut).toEqual([expect.objectContaining({ code: 'SAML_ATTR' })])
  })

  describe('an optional attribute that breaks a rule', () => {
    const gender = naturalName('Gender')
    const odd = (one: Assertion<XmlPart>) => withAttribute(one, gender, 'unknown')
    const twice = (one: Assertion<XmlPart>) => {
      const [statement = []] = withAttribute(one, gender, 'Male').attributeStatements
      return { ...one, attributeStatements: [[...statement, ...statement.slice(-1)]] }
    }
    const strict = eidasProfile({ country: 'XB', optionalAttributes: (of) => (of === 'XA' ? 'strict' : 'lenient') })

    test('A-294: is left out, and which rule it broke is known without what it said', () => {
      const { leftOut, ...rest } = readChanged(odd)
      expect(rest).toEqual(identified)
      expect(leftOut).toEqual([{ name: gender, code: 'EID_VALUE', detail: `${gender}: not a gender of the profile` }])
    })

    test('A-294, A-177: said twice it has no one value, and none of them is passed on', () => {
      const { leftOut, ...rest } = readChanged(twice)
      expect(rest).toEqual(identified)
      expect(leftOut).toEqual([expect.objectContaining({ name: gender, code: 'SAML_DUP_ATTR' })])
    })

    test('is refused where it was asked for as required', () => {
      const attributes = [...naturalSet, { name: gender, required: true }]
      expect(() => readChanged(odd, { request: { ...asked, attributes } })).toThrow(fault('EID_VALUE'))
    })

    test('is refused from a country of which that is configured', () => {
      const assertion = receivedAssertion(odd(written(identified)))
      expect(() => strict.readOutcome(assertion, context)).toThrow(fault('EID_VALUE'))
      const lenient = eidasProfile({ country: 'XB', optionalAttributes: (of) => (of === 'XA' ? 'lenient' : 'strict') })
      expect(lenient.readOutcome(assertion, context).leftOut).toHaveLength(1)
    })

    test('is not said where it is empty', () => {
      expect(readChanged((one) => withAttribute(one, gender, ' '))).toEqual(identified)
    })

    test('A-294: that a second person is there cannot be left out', () => {
      const name = naturalName('representative/Gender')
      expect(() => readChanged((one) => withAttribute(one, name, 'unknown'))).toThrow(fault('EID_REPR'))
    })
  })

  describe('level of assurance', () => {
    const loa = (level: string) => ({ ...identified, loa: level })

    test.each([low, 'urn:example:loa', 'http://eidas.europa.eu/LoA/medium', 'HTTP://eidas.europa.eu/LoA/high'])(
      'R-MF-60, A-184: %s is not substantial',
      (level) => {
        expect(() => read(loa(level))).toThrow(fault('EID_LOA'))
      },
    )

    test('R-MF-61: exact levels match exactly', () => {
      const request = { ...asked, loa: { comparison: 'exact', levels: ['urn:example:loa'] } } as const
      expect(read(loa('urn:example:loa'), { request }).loa).toBe('urn:example:loa')
      expect(() => read(loa(high), { request })).toThrow(fault('EID_LOA'))
    })

    test('of a country that is believed less: nothing of such an answer is', () => {
      const answer = receivedAssertion(written(identified))
      const upTo = (level: typeof substantial | typeof high) =>
        eidasProfile({ country: 'XB', maximumLoA: () => level }).readOutcome(answer, context)
      expect(() => upTo(substantial)).toThrow(fault('EID_LOA'))
      expect(upTo(high).loa).toBe(high)
    })

    test('R-MF-63, A-185: a level the peer does not publish', () => {
      expect(() => read(identified, { peer: { ...peer, loas: [low, substantial] } })).toThrow(fault('EID_LOA'))
      expect(() => read(identified, { peer: { ...peer, loas: [high] } })).not.toThrow()
    })
  })

  describe('identifiers', () => {
    test('R-AP-25, A-187: from the country that was asked', () => {
      const swapped = (one: Assertion<XmlPart>) => withAttribute(one, naturalName('PersonIdentifier'), 'XC/XB/1')
      expect(() => readChanged(swapped)).toThrow(fault('EID_COUNTRY'))
    })

    test('R-AP-25: those of representatives too', () => {
      const other = representative.map(({ name, values }) => ({
        name,
        values: values.map((one) => ({ ...one, value: one.value.replace('XA/', 'XC/') })),
      }))
      const statement = (one: Assertion<XmlPart>) => {
        const attributes = other.map(({ name, values }) => ({
          name,
          nameFormat: uri,
          values: values.map((v) => value(v.value)),
        }))
        return { ...one, attributeStatements: [[...(one.attributeStatements[0] ?? []), ...attributes]] }
      }
      expect(() => readChanged(statement, accepting)).toThrow(fault('EID_COUNTRY'))
    })

    test.each(['4711', 'xa/XB/1', 'XA/XB/', 'XA/XB/1 2', `XA/XB/${'x'.repeat(5000)}`])(
      'A-188: %.20s is none',
      (text) => {
        const malformed = (one: Assertion<XmlPart>) => withAttribute(one, naturalName('PersonIdentifier'), text)
        expect(() => readChanged(malformed)).toThrow(fault(text.length > 1024 ? 'EID_TEXT' : 'EID_PID'))
      },
    )

    test('R-AP-27: GR for EL only of peers older than 1.4, which says EL', () => {
      const greek = (one: Assertion<XmlPart>) => withAttribute(one, naturalName('PersonIdentifier'), 'GR/XB/1')
      expect(() => readChanged(greek, { country: 'EL' })).toThrow(fault('EID_COUNTRY'))
      const outcome = readChanged(greek, { country: 'EL', peer: { ...peer, protocolVersions: ['1.3', '1.2'] } })
      expect(outcome.attributes.at(-1)).toEqual({
        name: naturalName('PersonIdentifier'),
        values: [{ value: 'EL/XB/1', latin: true }],
      })
    })
  })

  describe('data sets', () => {
    test.each(naturalSet.map(({ name }) => name))('R-MF-54, A-189: refused without %s', (name) => {
      expect(() => read(withValue(identified, name))).toThrow(fault('EID_MDS'))
    })

    test('A-189: a legal person without a name', () => {
      const request = { ...asked, attributes: legalSet }
      const outcome = withValue({ ...identified, attributes: [] }, legalName('LegalPersonIdentifier'), 'XA/XB/1')
      expect(() => read(outcome, { request })).toThrow(fault('EID_MDS'))
      expect(() => read(withValue(outcome, legalName('LegalName'), 'Acme'), { request })).not.toThrow()
    })

    test('R-MF-54: whatever was required is there', () => {
      const request = { ...asked, attributes: [...naturalSet, { name: naturalName('Gender'), required: true }] }
      expect(() => read(identified, { request })).toThrow(fault('EID_MDS'))
    })

    test('A-189: an empty value', () => {
      expect(() => readChanged((one) => withAttribute(one, naturalName('DateOfBirth'), ' '))).toThrow(fault('EID_MDS'))
    })
  })

  describe('representation', () => {
    const represented = { ...identified, attributes: [...identified.attributes, ...representative] }

    test('R-AP-55: rejected unless accepted', () => {
      expect(() => read(represented)).toThrow(fault('EID_REPR'))
      expect(() => read(represented, { request: { ...asked, representation: 'reject' } })).toThrow(fault('EID_REPR'))
      expect(read(represented, accepting)).toEqual(represented)
    })

    test('R-AP-53, A-190: an incomplete representative', () => {
      const incomplete = { ...identified, attributes: [...identified.attributes, ...representative.slice(1)] }
      expect(() => read(incomplete, accepting)).toThrow(fault('EID_REPR'))
    })

    test('A-190: a legal person beside the natural one that was asked for', () => {
      const both = withValue(
        withValue(identified, legalName('LegalPersonIdentifier'), 'XA/XB/2'),
        legalName('LegalName'),
        'Acme',
      )
      expect(() => read(both)).toThrow(fault('EID_REPR'))
    })
  })

  describe('NameID', () => {
    const named = (format: string | undefined, text: string) => (one: Assertion<XmlPart>) => ({
      ...one,
      subject: { nameId: { value: text, format }, confirmations: one.subject?.confirmations ?? [] },
    })
    const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
    const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'

    test.each([
      ['another format than asked', TRANSIENT, 'x'],
      ['no format where one was asked', undefined, 'x'],
      ['a format we do not know', 'urn:x', 'x'],
      ['no value', PERSISTENT, ' '],
      ['more than 256 characters', PERSISTENT, 'x'.repeat(257)],
    ])('R-MF-51, A-176: refused with %s', (_, format, text) => {
      expect(() => readChanged(named(format, text))).toThrow(fault('SAML_NAMEID'))
    })

    test('R-MF-51: any format where none was asked for', () => {
      const request = { ...asked, nameIdFormat: 'unspecified' } as const
      expect(readChanged(named(TRANSIENT, 'x'), { request }).identifier).toBe('XA/XB/4711')
    })

    test('A-290: what a NameID says is not kept: the person is the one whose identifier passed the rules', () => {
      const read = readChanged(named(PERSISTENT, 'XC/XB/someone'))
      expect(read.identifier).toBe('XA/XB/4711')
      expect(JSON.stringify(read)).not.toContain('someone')
    })
  })
})

describe('writing an eIDAS assertion', () => {
  test('R-MF-57: one bearer, one audience, a few minutes', () => {
    expect(written(identified)).toMatchObject({
      issuer: { value: 'https://xa.example/service', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity' },
      subject: {
        nameId: { value: 'XA/XB/4711', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' },
        confirmations: [
          {
            method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
            data: {
              recipient: 'https://xb.example/acs',
              inResponseTo: '_request',
              notOnOrAfter: answering.now + 300_000,
            },
          },
        ],
      },
      conditions: { notBefore: answering.now, audienceRestrictions: [['https://xb.example/connector']] },
      authnStatements: [{ classRefs: [high], authnInstant: identified.authenticatedAt }],
    })
  })

  test('R-AP-20: a national identifier gets the countries in front, and so does the NameID', () => {
    const assertion = written(withValue(identified, naturalName('PersonIdentifier'), '4711'))
    expect(assertion.subject?.nameId?.value).toBe('XA/XB/4711')
    expect(connector.readOutcome(receivedAssertion(assertion), context).identifier).toBe('XA/XB/4711')
  })

  test('R-AP-26: an identifier made for somebody else does not leave', () => {
    expect(() => written(withValue(identified, naturalName('PersonIdentifier'), 'XA/XC/4711'))).toThrow(
      fault('EID_PID'),
    )
  })

  test('R-MF-51: a transient NameID tells nothing of the person', () => {
    const request = { ...asked, nameIdFormat: 'transient' } as const
    const { subject } = service.writeAssertion(identified, { ...answering, request })
    expect(subject?.nameId).toEqual({
      format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
      value: '_assertion',
    })
  })

  test('R-IA-1: what leaves is judged strictly', () => {
    expect(() => written(withValue(identified, naturalName('PhoneNumber'), 'call me'))).toThrow(fault('EID_VALUE'))
    expect(() => written(withValue(identified, naturalName('Gender'), 'male'))).toThrow(fault('EID_VALUE'))
    expect(() => written(withValue(identified, 'urn:example:role', 'x'))).toThrow(fault('EID_ATTR'))
  })
})
