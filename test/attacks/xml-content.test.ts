import type { FaultCode } from '../../src/errors/faults.ts'
import { eidas, ns, saml, samlp } from '../../src/xml/names.ts'
import { el, type XmlPart } from '../../src/xml/writer.ts'
import { signElement } from '../../src/xmlsec/sign.ts'
import {
  assertionWays,
  attempt,
  expectAccepted,
  expectRefusal,
  expectUnreadable,
  type Forgery,
  requestWays,
  responseWays,
} from '../testkit/forge.ts'
import { citizen, mintAssertion, mintAttributes } from '../testkit/mint.ts'
import {
  all,
  appended,
  at,
  attribute,
  type Change,
  content,
  doubled,
  prepended,
  reversed,
  without,
} from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'

/*
 * elements where text belongs, text where elements belong, and whatever else the schemas or
 * our narrower reading of them forbid. Everything is signed; a reader that is content with a signature would take it.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

type Attack = readonly [title: string, change: Change, code: FaultCode]
const forgery = (change: Change): Forgery => ({ part: change })

const evilText = appended(el(saml('Audience'), {}, '.evil'))
const white: Change = (part) => content(...part.children.flatMap((child) => ['\n  ', child]), '\n')(part)

const isExtensions = (child: XmlPart | string) => typeof child === 'object' && child.name.local === 'Extensions'

/** Changes the Extensions; a request that has none gets some first. */
const extensions =
  (change: Change): Change =>
  (part) => {
    const [issuer = '', ...rest] = part.children
    const given = el(samlp('Extensions'), {}, el(eidas('SPType'), {}, 'public'))
    const whole = part.children.some(isExtensions) ? part : content(issuer, given, ...rest)(part)
    return at('Extensions', change)(whole)
  }

const policy = el(samlp('NameIDPolicy'))

describe.each(requestWays)('%s', (way) => {
  test.each<Attack>([
    ['A-044 an element in the Issuer', at('Issuer', evilText), 'XML_SCHEMA'],
    ['A-044 text between elements', appended('evil'), 'XML_SCHEMA'],
    ['A-044 text in Extensions', extensions(appended('evil')), 'XML_SCHEMA'],
    ['A-066 an attribute nobody knows', attribute('Evil', '1'), 'XML_SCHEMA'],
    ['A-066 no Version', attribute('Version', undefined), 'XML_SCHEMA'],
    ['A-066 an element of a response', appended(el(samlp('Status'))), 'XML_SCHEMA'],
    ['A-066 an element of an assertion', appended(el(saml('Advice'))), 'XML_SCHEMA'],
    ['A-066 two NameIDPolicies', all(without('NameIDPolicy'), appended(policy, policy)), 'XML_SCHEMA'],
    ['A-066 elements in another order', all(extensions(appended()), reversed), 'XML_SCHEMA'],
    ['A-066 a boolean that is none', attribute('ForceAuthn', 'yes'), 'XML_SCHEMA'],
    ['A-066 a boolean with white space', attribute('ForceAuthn', ' true '), 'XML_SCHEMA'],
    ['A-066 an index that is none', attribute('AssertionConsumerServiceIndex', '-1'), 'XML_SCHEMA'],
  ])('%s is refused', async (_, change, code) => {
    await expectRefusal(await attempt(target, way, forgery(change)), code)
  })

  test.each<Attack>([
    [
      'A-180 RequestedAttributes twice',
      extensions(content(el(eidas('RequestedAttributes')), el(eidas('RequestedAttributes')))),
      'XML_SCHEMA',
    ],
  ])('%s is refused, and the sender told', async (_, change, code) => {
    await expectRefusal(await attempt(target, way, forgery(change)), code, 'asker')
  })

  test.each([
    ['A-180 an extension nobody knows', appended(el(saml('NameID'), {}, 'x'))],
    ['A-180 an extension that is for metadata', appended(el(eidas('NodeCountry'), {}, 'XA'))],
  ])('%s is passed over', async (_, change) => {
    await expectAccepted(await attempt(target, way, forgery(extensions(change))))
  })

  test('white space between elements is layout', async () => {
    await expectAccepted(await attempt(target, way, forgery(white)))
  })
})

describe.each(responseWays)('%s', (way) => {
  test.each<Attack>([
    ['A-044 an element in the Issuer', at('Issuer', evilText), 'XML_SCHEMA'],
    ['A-044 text between elements', appended('evil'), 'XML_SCHEMA'],
    ['A-066 no Status', without('Status'), 'XML_SCHEMA'],
    ['A-066 two Statuses', doubled('Status'), 'XML_SCHEMA'],
    ['A-066 a Status without code', at('Status', content()), 'XML_SCHEMA'],
    ['A-066 elements in another order', reversed, 'XML_SCHEMA'],
    ['A-066 an attribute nobody knows', attribute('Evil', '1'), 'XML_SCHEMA'],
    ['A-066 an element of a request', appended(policy), 'XML_SCHEMA'],
  ])('%s is refused', async (_, change, code) => {
    await expectRefusal(await attempt(target, way, forgery(change)), code)
  })

  test.each<readonly [string, Change]>([
    [
      'A-066 Extensions',
      ({ children: [issuer = '', ...rest], ...part }) => ({
        ...part,
        children: [issuer, el(samlp('Extensions'), {}, el(eidas('SPType'), {}, 'public')), ...rest],
      }),
    ],
    ['A-066 StatusDetail', at('Status', appended(el(samlp('StatusDetail'), {}, el(saml('NameID'), {}, 'evil'))))],
  ])('%s is passed over', async (_, change) => {
    await expectAccepted(await attempt(target, way, forgery(change)))
  })

  test.each([
    ['A-180 an extension nobody knows', appended(el(saml('NameID'), {}, 'x'))],
    ['A-180 an extension that is for metadata', appended(el(eidas('NodeCountry'), {}, 'XA'))],
  ])('%s is passed over', async (_, change) => {
    await expectAccepted(await attempt(target, way, forgery(extensions(change))))
  })

  test('white space between elements is layout', async () => {
    await expectAccepted(await attempt(target, way, forgery(white)))
  })
})

const value = 'AttributeStatement/Attribute/AttributeValue'
const confirmation = 'Subject/SubjectConfirmation'
const nested = el(saml('Assertion'), { ID: '_advice', Version: '2.0', IssueInstant: '2026-01-01T00:00:00Z' })
const untyped: Change = (part) => ({ ...part, attributes: [] })

describe.each(assertionWays)('%s', (way) => {
  test.each<Attack>([
    ['A-044 an element in NameID', at('Subject/NameID', evilText), 'XML_SCHEMA'],
    ['A-044 an element in Audience', at('Conditions/AudienceRestriction/Audience', evilText), 'XML_SCHEMA'],
    ['A-044 an element in a value', at(value, all(untyped, evilText)), 'XML_MIXED'],
    ['A-044 text between statements', appended('evil'), 'XML_SCHEMA'],
    ['A-044 text in the Subject', at('Subject', appended('evil')), 'XML_SCHEMA'],
    ['A-066 a statement before the Subject', reversed, 'XML_SCHEMA'],
    ['A-066 a second Subject', doubled('Subject'), 'XML_SCHEMA'],
    ['A-066 an attribute nobody knows', attribute('Evil', '1'), 'XML_SCHEMA'],
    [
      'A-066 a statement of an authorisation',
      appended(
        el(
          saml('AuthzDecisionStatement'),
          { Resource: 'urn:x', Decision: 'Permit' },
          el(saml('Action'), { Namespace: 'urn:x' }, 'read'),
        ),
      ),
      'XML_SCHEMA',
    ],
    ['A-066 BaseID', at('Subject', prepended(el(saml('BaseID')))), 'XML_SCHEMA'],
    [
      'A-066 something inside SubjectConfirmationData',
      at(`${confirmation}/SubjectConfirmationData`, evilText),
      'XML_SCHEMA',
    ],
    [
      'A-066 a NameID beside the confirmation data',
      at(confirmation, prepended(el(saml('NameID'), {}, 'evil'))),
      'XML_SCHEMA',
    ],
    ['A-180 ProxyRestriction', at('Conditions', appended(el(saml('ProxyRestriction'), { Count: '0' }))), 'XML_SCHEMA'],
    ['A-180 a Condition without type', at('Conditions', appended(el(saml('Condition')))), 'XML_SCHEMA'],
  ])('%s is refused', async (_, change, code) => {
    await expectRefusal(await attempt(target, way, forgery(change)), code)
  })

  test('A-180 a condition of a type nobody defined is refused', async () => {
    const condition = attribute({ namespace: ns.xsi, local: 'type', prefix: 'xsi' }, 'none')(el(saml('Condition')))
    await expectUnreadable(await attempt(target, way, forgery(at('Conditions', appended(condition)))), 'XML_SCHEMA')
  })

  test.each<[string, () => Promise<Change>]>([
    ['an empty Advice', async () => withAdvice()],
    ['a reference in Advice', async () => withAdvice(el(saml('AssertionIDRef'), {}, '_other'))],
    ['an assertion in Advice', async () => withAdvice(content(el(saml('Issuer'), {}, 'urn:evil'))(nested))],
    [
      'a right and signed assertion in the Advice of another',
      async () => {
        const { identityProvider, proxyService } = target.peers
        const answerer = way.startsWith('connector') ? proxyService : identityProvider
        const facts = { ...citizen, PersonIdentifier: 'evil' }
        const hidden = mintAssertion(
          { answerer, requestId: '_other' },
          { attributeStatements: [mintAttributes(answerer, facts)] },
        )
        return withAdvice(await signElement(hidden, answerer.signing))
      },
    ],
  ])('A-179, A-297 %s is refused from abroad; at home nothing of it is read', async (_, advice) => {
    const made = await attempt(target, way, forgery(await advice()))
    if (way.startsWith('connector')) return expectRefusal(made, 'XML_SCHEMA')
    const plain = await expectAccepted(await attempt(target, way, {}))
    const released = await expectAccepted(made)
    expect(released?.attributes).toEqual(plain?.attributes)
  })

  test('A-066 an attribute of others on SubjectConfirmationData is passed over', async () => {
    const foreign = attribute({ namespace: 'urn:other', local: 'Recipient', prefix: 'x' }, 'https://evil.example/')
    const change = at(`${confirmation}/SubjectConfirmationData`, foreign)
    await expectAccepted(await attempt(target, way, forgery(change)))
  })

  test('A-180 OneTimeUse is kept, for nothing here is used twice', async () => {
    await expectAccepted(
      await attempt(target, way, {
        assertion: ({ conditions }) => ({ conditions: conditions && { ...conditions, oneTimeUse: true } }),
      }),
    )
  })

  test('white space between elements is layout', async () => {
    await expectAccepted(await attempt(target, way, forgery(all(white, at('Subject', white), at('Conditions', white)))))
  })
})

/** Advice goes between the conditions and the statements. */
function withAdvice(...inside: readonly XmlPart[]): Change {
  return (part) => {
    const place = part.children.findIndex((child) => typeof child === 'object' && child.name.local === 'Conditions') + 1
    return { ...part, children: part.children.toSpliced(place, 0, el(saml('Advice'), {}, ...inside)) }
  }
}
