import { writeChecked } from '../../../src/xml/checked-writer.ts'
import { withDocument } from '../../../src/xml/document.ts'
import type { XmlElement } from '../../../src/xml/element.ts'
import { messageLimits } from '../../../src/xml/limits.ts'
import { ns, prefixOf, saml, samlp, xml, xsi } from '../../../src/xml/names.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { el, withQualified, writeText, writeXml, type XmlPart } from '../../../src/xml/writer.ts'
import fc, { runs } from '../../testkit/properties.ts'
import { octets } from './samples.ts'

describe('what the writer emits', () => {
  test('a namespace is declared where it is first used and not again below', () => {
    const part = el(
      samlp('Response'),
      {},
      el(saml('Issuer'), {}, 'x'),
      el(samlp('Status'), {}, el(samlp('StatusCode'))),
    )
    expect(writeText(part)).toBe(
      `<saml2p:Response xmlns:saml2p="${ns.samlp}"><saml2:Issuer xmlns:saml2="${ns.saml}">x</saml2:Issuer><saml2p:Status><saml2p:StatusCode></saml2p:StatusCode></saml2p:Status></saml2p:Response>`,
    )
  })

  test('attributes are sorted in a part that was changed, too', () => {
    const part = el(saml('Audience'), { b: '2' })
    const attributes = [...part.attributes, { namespace: '', local: 'a', prefix: '', value: '1' }]
    expect(writeText({ ...part, attributes })).toContain(' a="1" b="2">')
    expect(Buffer.from(writeChecked({ ...part, attributes })).toString()).toContain(' a="1" b="2">')
  })

  test('attributes are sorted by namespace URI and name, those without namespace first', () => {
    const value = withQualified(el(saml('AttributeValue'), { b: '2', a: '1' }), [
      [xsi('type'), 'x'],
      [xml('lang'), 'en'],
    ])
    expect(writeText(value)).toBe(
      `<saml2:AttributeValue xmlns:saml2="${ns.saml}" xmlns:xsi="${ns.xsi}" a="1" b="2" xsi:type="x" xml:lang="en"></saml2:AttributeValue>`,
    )
  })

  test('a prefix used in content is declared where it is asked for', () => {
    const part = withQualified(el(saml('Advice'), {}, el(saml('Name'))), [], [{ prefix: 'xs', namespace: ns.xs }])
    expect(writeText(part)).toBe(
      `<saml2:Advice xmlns:saml2="${ns.saml}" xmlns:xs="${ns.xs}"><saml2:Name></saml2:Name></saml2:Advice>`,
    )
  })

  test('undefined attributes and children are left out', () => {
    expect(writeText(el(saml('Advice'), { Name: undefined }, undefined))).toBe(
      `<saml2:Advice xmlns:saml2="${ns.saml}"></saml2:Advice>`,
    )
  })

  test('text and attribute values are escaped as canonical XML has it', () => {
    const odd = '&<>"\'\t\n\r'
    expect(writeText(el(saml('Advice'), { Name: odd }, odd))).toBe(
      `<saml2:Advice xmlns:saml2="${ns.saml}" Name="&amp;&lt;>&quot;'&#x9;&#xA;&#xD;">&amp;&lt;&gt;"'\t\n&#xD;</saml2:Advice>`,
    )
  })

  test('A-183 no text can become markup', () => {
    const text = '</saml2:Issuer><!-- ]]> <?x?> <![CDATA[ &amp; '
    const part = el(saml('Issuer'), { Name: `" evil="${text}` }, text)
    expect(scan(writeXml(part), messageLimits)).toMatchObject({
      attributes: [{ local: 'Name', value: `" evil="${text}` }],
      children: [text],
    })
  })

  test('one prefix with two meanings in a start tag is a mistake of the caller', () => {
    const twice = (part: XmlPart) => expect(() => writeText(part)).toThrow(TypeError)
    twice(withQualified(el(saml('Advice')), [[{ ...xsi('type'), prefix: 'saml2' }, 'x']]))
    twice(withQualified(el(saml('Advice')), [], [{ prefix: 'saml2', namespace: ns.samlp }]))
    twice(el(saml('Advice'), {}, withQualified(el(saml('Name')), [], [{ prefix: 'saml2', namespace: ns.samlp }])))
    twice(withQualified(el({ ...saml('Advice'), prefix: '' }), [[{ ...xsi('type'), prefix: '' }, 'x']]))
  })
})

const spaces = ['samlp', 'saml', 'ds', 'xenc', 'eidas', 'eidasNatural'] as const
const localName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,5}$/)
const value = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(...'&<>"\'\t\n\r ]x;#\ufeff😀') }),
  )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what the scanner refuses is not written
  .map((text) => text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]/g, ''))

/** Names with their usual prefix, with the default one, or with a prefix that others use for something else. */
const qname = fc
  .tuple(fc.constantFrom(...spaces), localName, fc.constantFrom('usual', 'usual', '', 'p'))
  .map(([space, local, prefix]) => ({
    namespace: ns[space],
    local,
    prefix: prefix === 'usual' ? prefixOf(space) : prefix,
  }))

const attributeNames = localName.filter((name) => name.toLowerCase() !== 'id' && name !== 'xmlns')
const latin = fc.option(fc.boolean(), { nil: undefined })

const { part } = fc.letrec<{ part: XmlPart; child: XmlPart | string }>((tie) => ({
  part: fc
    .tuple(
      qname,
      fc.dictionary(attributeNames, value, { maxKeys: 4 }),
      latin,
      fc.boolean(),
      fc.array(tie('child'), { maxLength: 4, depthIdentifier: 'parts' }),
    )
    .map(([name, attributes, isLatin, declares, children]) =>
      withQualified(
        el(name, attributes, ...children),
        isLatin === undefined
          ? []
          : [[{ namespace: ns.eidasNatural, local: 'LatinScript', prefix: 'eidas-natural' }, `${isLatin}`]],
        declares ? [{ prefix: 'xs', namespace: ns.xs }] : [],
      ),
    ),
  child: fc.oneof({ depthIdentifier: 'parts' }, value, tie('part')),
}))

describe('for any part', () => {
  test('the writer and libxml2 agree on the canonical octets', () => {
    fc.assert(
      fc.property(part, (any) => {
        const written = writeXml(any)
        const canonical = withDocument(written, { ...messageLimits, canonical: 1 << 20 }, (document) =>
          document.canonical([], { prefixes: ['xs'] }),
        )
        expect(Buffer.from(canonical).toString()).toBe(Buffer.from(written).toString())
      }),
      runs(300),
    )
  })

  test('the scanner reads back what was written', () => {
    fc.assert(
      fc.property(part, (any) => expect(scan(writeXml(any), messageLimits)).toEqual(asRead(any))),
      runs(300),
    )
  })

  test('a subtree written alone is what libxml2 makes of it inside another document', () => {
    fc.assert(
      fc.property(part, part, (inner, sibling) => {
        const outer = writeXml(withQualified(el(saml('Advice'), {}, 'text', sibling, inner), [], []))
        const canonical = withDocument(outer, messageLimits, (document) =>
          document.canonical([1], { prefixes: ['xs'] }),
        )
        expect(Buffer.from(canonical).toString()).toBe(writeText(inner))
      }),
      runs(300),
    )
  })
})

/** What a reader must make of a part, leaving the scope aside. */
function asRead(any: XmlPart): Partial<XmlElement> {
  const children: (Partial<XmlElement> | string)[] = []
  for (const child of any.children) {
    const last = children.at(-1)
    if (typeof child !== 'string') children.push(asRead(child))
    else if (typeof last === 'string') children[children.length - 1] = last + child
    else if (child !== '') children.push(child)
  }
  return expect.objectContaining({ ...any.name, attributes: asReadAttributes(any), children })
}

function asReadAttributes(any: XmlPart) {
  return any.attributes.toSorted(byName)
}

function byName(a: { namespace: string; local: string }, b: { namespace: string; local: string }): number {
  const key = ({ namespace, local }: { namespace: string; local: string }) => `${namespace}\0${local}`
  return key(a) < key(b) ? -1 : 1
}

test('octets are UTF-8', () => {
  expect(writeXml(el(saml('Advice'), {}, 'é'))).toEqual(
    octets(`<saml2:Advice xmlns:saml2="${ns.saml}">é</saml2:Advice>`),
  )
})
