/*
 * The published schemas, changed where they let anything stand: what stands there is not looked into. A validator that
 * looks ("lax") refuses types that it does not know and judges what no reader uses. What a reader does use of such a place
 * (eIDAS extensions, KeyInfo, attribute values) it judges itself.
 */

interface Change {
  readonly from: RegExp
  readonly to: string
}

const ANYTHING = '<any namespace="##any" processContents="skip" minOccurs="0" maxOccurs="unbounded"/>'
const ANY_ATTRIBUTE = '<anyAttribute namespace="##any" processContents="skip"/>'

/** The content of a named type. */
function contentOf(type: string, attributes = ''): Change {
  const opening = `(<complexType name=["']${type}["'][^>]*>)`
  return {
    from: new RegExp(`${opening}[\\s\\S]*?(</complexType>)`),
    to: `$1<sequence>${ANYTHING}</sequence>${attributes}$2`,
  }
}

/**
 * Types of XML Schema whose values may have white space around them (whiteSpace=collapse). libxml2 takes it away only for a
 * type with a pattern, so they get one that everything fits.
 */
const collapsing = ['dateTime', 'boolean']

const collapsingTypes = collapsing.map(
  (type) =>
    `<simpleType name="${type}"><restriction base="${type}"><pattern value="[\\s\\S]*"/></restriction></simpleType>`,
)

const everywhere: readonly Change[] = [
  { from: /processContents=(["'])lax\1/g, to: 'processContents="skip"' },
  { from: /<any(?![^>]*processContents)(?=[ \n])/g, to: '<any processContents="skip"' },
  { from: new RegExp(`(<attribute [^>]*type=")(${collapsing.join('|')}")`, 'g'), to: '$1saml:$2' },
]

const changes: Readonly<Record<string, readonly Change[]>> = {
  'saml-schema-protocol-2.0.xsd': [contentOf('ExtensionsType'), contentOf('StatusDetailType')],
  'saml-schema-assertion-2.0.xsd': [
    { from: /(?=<\/schema>)/, to: collapsingTypes.join('') },
    contentOf('AdviceType'),
    {
      from: /<element ref="saml:AttributeValue"/,
      to: '<any namespace="##targetNamespace" processContents="skip"',
    },
    {
      from: /<element name="AuthnContextDecl" type="anyType"\/>/,
      to: `<element name="AuthnContextDecl"><complexType mixed="true"><sequence>${ANYTHING}</sequence>${ANY_ATTRIBUTE}</complexType></element>`,
    },
  ],
  'xmldsig-core-schema.xsd': [contentOf('KeyInfoType', '<attribute name="Id" type="ID"/>')],
}

/** The text of a published schema as this node validates with it. */
export function changed(file: string, published: string): string {
  return [...(changes[file] ?? []), ...everywhere].reduce((text, { from, to }) => {
    const result = text.replace(from, to)
    if (result === text && !everywhere.some((one) => one.from === from))
      throw new TypeError(`${file}: not as published`)
    return result
  }, published)
}
