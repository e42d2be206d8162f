import { messageLimits, metadataLimits } from '../../../src/xml/limits.ts'
import { ns } from '../../../src/xml/names.ts'
import { attribute } from '../../../src/xml/reader.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { advice, octets, request, response } from './samples.ts'

function read(text: string) {
  return scan(octets(text), messageLimits)
}

function refused(text: string, code: string) {
  expect(() => read(text)).toThrow(expect.objectContaining({ code }))
}

const doctype = '<!DOCTYPE r [<!ENTITY e "x">]>'

describe('what the scanner reads', () => {
  test('names, namespaces, attributes, text and scope', () => {
    expect(read(advice('<saml2:Audience Name="v">text</saml2:Audience>', ' ID="_a"'))).toEqual({
      namespace: ns.saml,
      local: 'Advice',
      prefix: 'saml2',
      attributes: [{ namespace: '', local: 'ID', prefix: '', value: '_a' }],
      children: [
        {
          namespace: ns.saml,
          local: 'Audience',
          prefix: 'saml2',
          attributes: [{ namespace: '', local: 'Name', prefix: '', value: 'v' }],
          children: ['text'],
          scope: new Map([
            ['xml', ns.xml],
            ['saml2', ns.saml],
          ]),
        },
      ],
      scope: new Map([
        ['xml', ns.xml],
        ['saml2', ns.saml],
      ]),
    })
  })

  test('a default namespace holds for elements and not for attributes', () => {
    const root = read(`<Advice xmlns="${ns.saml}" Name="v"/>`)
    expect(root).toMatchObject({ namespace: ns.saml, prefix: '', attributes: [{ namespace: '', local: 'Name' }] })
  })

  test('an inner declaration ends with its element', () => {
    const root = read(advice(`<p:Extensions xmlns:p="${ns.samlp}"/><saml2:Audience/>`))
    expect(root.children).toMatchObject([
      { namespace: ns.samlp, scope: new Map([...root.scope, ['p', ns.samlp]]) },
      { namespace: ns.saml, scope: root.scope },
    ])
  })

  test('siblings that declare the same have each what is declared around them', () => {
    const pair = `<x:R xmlns:x="${ns.eidas}"/><x:R xmlns:x="${ns.eidas}"/><x:R xmlns:x="${ns.samlp}"/>`
    const root = read(advice(`<p:A xmlns:p="${ns.samlp}">${pair}</p:A><p:A xmlns:p="${ns.saml}">${pair}</p:A>`))
    const inside = (p: string) =>
      [ns.eidas, ns.eidas, ns.samlp].map((x) => ({
        namespace: x,
        scope: new Map([...root.scope, ['p', p], ['x', x]]),
      }))
    expect(root.children).toMatchObject([{ children: inside(ns.samlp) }, { children: inside(ns.saml) }])
  })

  test('names of one length that begin and end alike are told apart, and again when they were read before', () => {
    const locals = [...'abcdefghij'].flatMap((one) => [`n${one}xyzn`, `nx${one}yzn`, `nxyz${one}n`])
    for (const _ of [1, 2]) {
      const { children } = read(advice(locals.map((local) => `<saml2:${local}/>`).join('')))
      expect(children).toMatchObject(locals.map((local) => ({ local })))
    }
  })

  test('an empty tag and a start tag with an end tag are the same', () => {
    expect(read(advice('<saml2:Audience/>'))).toEqual(read(advice('<saml2:Audience></saml2:Audience>')))
  })

  test('white space may stand wherever XML has it', () => {
    const text = ` \t\r\n<saml2:Advice\n xmlns:saml2 = "${ns.saml}"\tName\n=\n'v' ><saml2:Audience\t/></saml2:Advice\n>\n `
    expect(read(text)).toMatchObject({
      local: 'Advice',
      attributes: [{ value: 'v' }],
      children: [{ local: 'Audience' }],
    })
  })

  test('line ends in text are normalised as XML 1.0, 2.11 says, references to them are not', () => {
    expect(read(advice('a\r\nb\rc\nd&#13;&#xD;&#10;')).children).toEqual(['a\nb\nc\nd\r\r\n'])
  })

  test('A-064 white space in attribute values is normalised as XML 1.0, 3.3.3 says, references to it are not', () => {
    expect(read(advice('', ' Name="a\r\nb\tc\rd\ne&#9;&#10;&#13;"')).attributes).toMatchObject([
      { value: 'a b c d e\t\n\r' },
    ])
  })

  test('the five entities and references by number', () => {
    expect(read(advice('&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;', ' Name="&lt;&quot;"'))).toMatchObject({
      children: ['<>&"\'A😀'],
      attributes: [{ value: '<"' }],
    })
  })

  test('a reference is resolved once', () => {
    expect(read(advice('&amp;lt;&#38;lt;')).children).toEqual(['&lt;&lt;'])
  })

  test('U+FEFF inside a document is a character like others', () => {
    expect(read(advice('\ufeffadmin')).children).toEqual(['\ufeffadmin'])
  })

  test('with comments passed over, the text around one is one text', () => {
    const text = `<!-- a --><r:R xmlns:r="urn:r">ad<!-- - > <x> & -->min<r:S/><!----></r:R>\n<!-- z -->`
    expect(scan(octets(text), metadataLimits).children).toMatchObject(['admin', { local: 'S' }])
  })
})

describe('the XML declaration', () => {
  test.each([
    '<?xml version="1.0"?>',
    "<?xml version='1.0' ?>",
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<?xml version="1.0" encoding="utf-8" standalone="yes"?>',
    '<?xml\tversion = "1.0"\n encoding = \'Utf-8\'\r\nstandalone="no"?>\n',
  ])('%j is read', (declaration) => {
    expect(read(declaration + advice())).toMatchObject({ local: 'Advice' })
  })

  test.each([
    ['A-056 version 1.1', '<?xml version="1.1"?>', 'XML_VERSION'],
    ['A-056 version 9.9', '<?xml version="9.9"?>', 'XML_VERSION'],
    ['A-053 ISO-8859-1', '<?xml version="1.0" encoding="ISO-8859-1"?>', 'XML_ENCODING'],
    ['A-053 windows-1252', "<?xml version='1.0' encoding='windows-1252'?>", 'XML_ENCODING'],
    ['A-053 UTF-7', '<?xml version="1.0" encoding="UTF-7"?>', 'XML_ENCODING'],
    ['A-033 UTF-16 declared in octets of UTF-8', '<?xml version="1.0" encoding="UTF-16"?>', 'XML_ENCODING'],
    ['no version', '<?xml encoding="UTF-8"?>', 'XML_PARSE'],
    ['the wrong order', '<?xml encoding="UTF-8" version="1.0"?>', 'XML_PARSE'],
    ['an odd standalone', '<?xml version="1.0" standalone="maybe"?>', 'XML_PARSE'],
    ['something else in it', '<?xml version="1.0" mode="x"?>', 'XML_PARSE'],
    ['no end', '<?xml version="1.0"', 'XML_PARSE'],
    ['an end far away', `<?xml version="1.0"${' '.repeat(300)}?>`, 'XML_PARSE'],
    ['white space before it', ' <?xml version="1.0"?>', 'XML_PI'],
    ['it twice', '<?xml version="1.0"?><?xml version="1.0"?>', 'XML_PI'],
    ['capitals', '<?XML version="1.0"?>', 'XML_PI'],
  ])('%s is refused', (_, declaration, code) => refused(declaration + advice(), code))
})

describe('constructs that are not part of a message', () => {
  test.each([
    ['A-032 a DOCTYPE', `<!DOCTYPE saml2:Advice>${advice()}`, 'XML_DOCTYPE'],
    ['A-034 an entity bomb', `<!DOCTYPE r [<!ENTITY a "a"><!ENTITY b "&a;&a;">]>${advice('&b;')}`, 'XML_DOCTYPE'],
    ['A-034 a parameter entity', `<!DOCTYPE r [<!ENTITY % p "x"> %p;]>${advice()}`, 'XML_DOCTYPE'],
    [
      'A-035 an external entity',
      `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${advice('&x;')}`,
      'XML_DOCTYPE',
    ],
    ['A-036 an entity in ID', `<!DOCTYPE r [<!ENTITY e "_id">]>${advice('', ' ID="&e;"')}`, 'XML_DOCTYPE'],
    ['A-037 a defaulted xmlns', `<!DOCTYPE r [<!ATTLIST r xmlns CDATA #FIXED "x">]>${advice()}`, 'XML_DOCTYPE'],
    ['A-038 a DOCTYPE with quotes and a comment', `<!DOCTYPE r SYSTEM 'x"><!--'>${advice()}`, 'XML_DOCTYPE'],
    ['a DOCTYPE after the declaration', `<?xml version="1.0"?>\n${doctype}${advice()}`, 'XML_DOCTYPE'],
    ['a DOCTYPE inside the root', advice(doctype), 'XML_DOCTYPE'],
    ['a DOCTYPE after the root', advice() + doctype, 'XML_DOCTYPE'],
    ['A-041 a processing instruction in text', advice('admin<?x?>.evil'), 'XML_PI'],
    ['A-041 a style sheet', `<?xml-stylesheet href="x"?>${advice()}`, 'XML_PI'],
    ['A-041 a processing instruction after the root', `${advice()}<?x y?>`, 'XML_PI'],
    ['A-042 a comment in NameID', advice('<saml2:NameID>admin@x<!--c-->.evil</saml2:NameID>'), 'XML_COMMENT'],
    ['A-051 a comment before the root', `<!-- -->${advice()}`, 'XML_COMMENT'],
    ['A-051 a comment after the root', `${advice()}<!-- -->`, 'XML_COMMENT'],
    ['A-043 CDATA', advice('adm<![CDATA[in]]>.evil'), 'XML_CDATA'],
    ['CDATA outside the root', `${advice()}<![CDATA[x]]>`, 'XML_CDATA'],
  ])('%s is refused', (_, text, code) => refused(text, code))

  test.each([
    ['a DOCTYPE', `<!DOCTYPE r><r:R xmlns:r="urn:r"/>`, 'XML_DOCTYPE'],
    ['a processing instruction without end', '<r:R xmlns:r="urn:r"><?x ', 'XML_PARSE'],
    ['a processing instruction without target', '<r:R xmlns:r="urn:r"><? x?></r:R>', 'XML_PARSE'],
    ['a processing instruction with a colon in its target', '<r:R xmlns:r="urn:r"><?a:b x?></r:R>', 'XML_PARSE'],
    ['a processing instruction whose target does not end', '<r:R xmlns:r="urn:r"><?a+b?></r:R>', 'XML_PARSE'],
    ['a declaration inside', '<r:R xmlns:r="urn:r"><?xml version="1.0"?></r:R>', 'XML_PARSE'],
    ['CDATA without end', '<r:R xmlns:r="urn:r"><![CDATA[x', 'XML_PARSE'],
    ['CDATA outside the root', '<![CDATA[x]]><r:R xmlns:r="urn:r"/>', 'XML_CDATA'],
    ['a comment with -- in it', '<r:R xmlns:r="urn:r"><!-- a -- b --></r:R>', 'XML_PARSE'],
    ['a comment that ends in --->', '<r:R xmlns:r="urn:r"><!-- a ---></r:R>', 'XML_PARSE'],
    ['a comment without end', '<r:R xmlns:r="urn:r"/><!-- a', 'XML_PARSE'],
  ])('%s is refused in metadata too', (_, text, code) => {
    expect(() => scan(octets(text), metadataLimits)).toThrow(expect.objectContaining({ code }))
  })
})

describe('markup that metadata may have', () => {
  const children = (inside: string) => scan(octets(`<r:R xmlns:r="urn:r">${inside}</r:R>`), metadataLimits).children

  test('A-043 CDATA is text, and nothing in it is markup', () => {
    expect(children('a<![CDATA[<r:b>&amp;]] >\r\n]]>c')).toEqual(['a<r:b>&amp;]] >\nc'])
    expect(children('<![CDATA[]]>')).toEqual([])
    expect(children('<![CDATA[]]]]><![CDATA[>]]>')).toEqual([']]>'])
  })

  test('A-041 a processing instruction is no text, no element and nothing that a name finds', () => {
    expect(children('ad<?x </r:R>?>min<?y?>')).toEqual(['admin'])
    expect(children('<?x?><r:a/><?x?>')).toMatchObject([{ local: 'a', children: [] }])
    const outside = scan(octets('<?x y?><r:R xmlns:r="urn:r"/><!-- --><?x?>'), metadataLimits)
    expect(outside).toMatchObject({ local: 'R', children: [] })
  })
})

describe('what is not well-formed', () => {
  test.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['text', 'SAMLRequest'],
    ['a bare <', '<'],
    ['a bare </', '</'],
    ['a start tag that breaks off in the name', '<saml2:Adv'],
    ['a start tag that breaks off in an attribute', `<saml2:Advice xmlns:saml2="${ns.saml}`],
    ['a start tag that breaks off after the attributes', `<saml2:Advice xmlns:saml2="${ns.saml}" `],
    ['A-052 an element without end tag', `<saml2:Advice xmlns:saml2="${ns.saml}">`],
    ['A-052 an inner element without end tag', advice('<saml2:Audience>')],
    ['A-052 crossed tags', advice('<saml2:Audience><saml2:Name></saml2:Audience></saml2:Name>')],
    ['an end tag by another prefix of the same namespace', `<a:R xmlns:a="${ns.saml}" xmlns:b="${ns.saml}"></b:R>`],
    ['an end tag with an attribute', `<a:R xmlns:a="${ns.saml}"></a:R x="1">`],
    ['an end tag too many', `${advice()}</saml2:Advice>`],
    ['A-050 two roots', advice() + advice()],
    ['A-050 text after the root', `${advice()} xx`],
    ['text before the root', `xx${advice()}`],
    ['a reference after the root', `${advice()}&#32;`],
    ['A-052 a stray &', advice('a & b')],
    ['A-052 a stray & in an attribute', advice('', ' Name="a & b"')],
    ['& at the end of text', advice('a&')],
    ['an unknown entity', advice('&nbsp;')],
    ['an entity that is a property of every object', advice('&constructor;')],
    ['an entity by another letter case', advice('&LT;')],
    ['an empty reference', advice('&;')],
    ['a reference without number', advice('&#;')],
    ['a reference by a capital X', advice('&#X41;')],
    ['a reference with a sign', advice('&#-65;')],
    ['a reference of many digits', advice('&#000000065;')],
    ['< in an attribute value', advice('', ' Name="<"')],
    ['< in the second attribute value of the last tag', `<R xmlns="${ns.saml}" a="<`],
    ['< in a value and none after it', `<R xmlns="${ns.saml}" a="<"`],
    ['an attribute value that nothing follows', `<R xmlns="${ns.saml}" a="b"`],
    [']]> in text', advice('a]]>b')],
    ['<! without meaning', advice('<!ELEMENT x ANY>')],
    ['a lower-case doctype', `<!doctype r>${advice()}`],
    ['an attribute without value', advice('', ' Name')],
    ['an attribute without quotes', advice('', ' Name=v')],
    ['an attribute with two =', advice('', ' Name=="v"')],
    ['attributes without space between', advice('', ' Name="v"Format="v"')],
    ['A-045 the same attribute twice', advice('', ' Name="a" Name="b"')],
    [
      'A-045 the same attribute by two prefixes',
      `<saml2:AttributeValue xmlns:saml2="${ns.saml}" xmlns:a="${ns.xsi}" xmlns:b="${ns.xsi}" a:type="xs:string" b:type="xs:date"/>`,
    ],
    ['a prefix declared twice', `<a:R xmlns:a="${ns.saml}" xmlns:a="${ns.saml}"/>`],
    ['a default namespace declared twice', `<R xmlns="${ns.saml}" xmlns="${ns.samlp}"/>`],
    ['A-049 two colons', advice('<saml2:a:b/>')],
    ['A-049 a leading colon', advice('<:r/>')],
    ['A-049 a trailing colon', advice('<saml2:/>')],
    ['A-049 a name that starts with a digit', advice('<saml2:1a/>')],
    ['A-049 an odd character in a name', advice('<saml2:a"b/>')],
    ['A-049 an undeclared prefix', advice('<evil:r/>')],
    ['A-049 an undeclared prefix on an attribute', advice('', ' evil:Name="v"')],
    ['the prefix xmlns on an element', advice('<xmlns:r/>')],
    ['a declaration of nothing', advice('', ` xmlns:="${ns.saml}"`)],
    ['space before the name', '< saml2:Advice/>'],
    ['space in the empty tag end', advice('<saml2:Audience/ >')],
  ])('%s is refused', (_, text) => refused(text, 'XML_PARSE'))

  test('every message that breaks off is refused', () => {
    const whole = response('')
    for (let length = 0; length < whole.length; length += 1) refused(whole.slice(0, length), 'XML_PARSE')
  })
})

describe('characters', () => {
  test.each([
    ['A-057 &#0;', '&#0;'],
    ['A-057 &#1;', '&#1;'],
    ['A-057 &#x1F;', '&#x1F;'],
    ['a reference to a surrogate', '&#xD800;'],
    ['a reference to U+FFFE', '&#xFFFE;'],
    ['a reference beyond Unicode', '&#x110000;'],
    ['a reference of eight hexadecimal digits', '&#xFFFFFFFF;'],
    ['NUL', '\0'],
    ['a vertical tab', '\v'],
    ['escape', '\x1b'],
    ['U+FFFE', '\ufffe'],
    ['U+FFFF', '\uffff'],
    ['A-057 DEL', '\x7f'],
    ['A-057 U+0085', '\u0085'],
    ['A-057 U+0085 by reference', '&#x85;'],
    ['A-057 a line separator', '\u2028'],
    ['A-057 a paragraph separator by reference', '&#8233;'],
  ])('%s is refused in text and attributes', (_, character) => {
    refused(advice(`a${character}b`), 'XML_CHAR')
    refused(advice('', ` Name="a${character}b"`), 'XML_CHAR')
  })

  test('metadata may hold what XML allows', () => {
    const root = scan(octets('<r:R xmlns:r="urn:r">\u0085\u2028&#x7f;</r:R>'), metadataLimits)
    expect(root.children).toEqual(['\u0085\u2028\x7f'])
  })

  test.each(['\ud7ff', '\ue000', '\ufffd', '\u{10ffff}', '\t', '\u00a0', 'Ωνάσης', 'Żółć'])(
    '%j is read',
    (character) => {
      expect(read(advice(character)).children).toEqual([character])
    },
  )
})

test('A-065 look-alike names are other names', () => {
  expect(read(request.replaceAll('AuthnRequest', '\u0410uthnRequest'))).toMatchObject({ local: '\u0410uthnRequest' })
  expect(read(advice('<saml2:Assert\u200dion/>'))).toMatchObject({ children: [{ local: 'Assert\u200dion' }] })
  expect(attribute(read(advice('', ' N\u0430me="v"')), 'Name')).toBeUndefined()
})

test('a name that other limits let pass is judged again', () => {
  const text = '<r:Response xmlns:r="urn:oasis:names:tc:SAML:2.0:protocol"/>'
  expect(scan(octets(text), messageLimits)).toMatchObject({ local: 'Response' })
  expect(() => scan(octets(text), { ...messageLimits, name: 9 })).toThrow(expect.objectContaining({ code: 'XML_SIZE' }))
  expect(scan(octets(text), { ...messageLimits, name: 10 })).toMatchObject({ local: 'Response' })
})

test('names may be of any script', () => {
  expect(scan(octets('<r:Ελλάδα xmlns:r="urn:r" été="v"/>'), metadataLimits)).toMatchObject({ local: 'Ελλάδα' })
})
