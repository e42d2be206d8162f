import { type AttributeDefinition, attributeDefinitions } from '../identity/attributes.ts'

/*
 * docs/attributes.md, made from the table itself.
 */

const opening = `# Attributes

<!-- Generated from src/identity/attributes.ts; a test fails when it is not current. -->

What a node can ask for and answer. Attributes are matched by Name, to the letter; FriendlyName is written and never
read. A request for one attribute of a person asks for all mandatory ones of that person, with \`isRequired="true"\`, and
for the others with \`isRequired="false"\`. Attributes of representatives are in answers only; no request can ask for them.
An attribute that is not known is passed over, in requests and in answers.

| Column | Meaning |
| --- | --- |
| Person | of whom it speaks: the person, or the representative who acts for the person |
| Mandatory | part of the minimum data set: without it there is no answer |
| Kind | the rule that its values are held to |
| Type | the \`xsi:type\` that is written, in the namespace of the set; none is needed in what is received |
| Two scripts | may have a Latin value and the original one (\`LatinScript="false"\`) |
| Several | may have more than one value |
`

/** An operator's own attributes: approved or in use among member states. A test reads them as a configuration does. */
export const additionalExample = {
  attributes: [
    {
      name: 'http://e-justice.europa.eu/attributes/naturalperson/eJusticeNaturalPersonRole',
      friendlyName: 'eJusticeNaturalPersonRole',
      person: 'natural',
    },
    {
      name: 'http://e-justice.europa.eu/attributes/legalperson/eJusticeLegalPersonRole',
      friendlyName: 'eJusticeLegalPersonRole',
      person: 'legal',
    },
    {
      name: 'http://data.europa.eu/p4s/attributes/PowerOfRepresentationScope',
      friendlyName: 'PowerOfRepresentationScope',
      person: 'representation',
    },
  ],
} as const

const beyond = `## Beyond the profile

Sectors and groups of states agree on further attributes (Attribute Profile 1.4, 2.7). A node knows those that its
configuration lists; their values are plain strings (\`xs:string\`), they belong to no data set, and a request says freely
whether one is required. They are published in the metadata of the proxy service, shown on the consent page, and can be
named in mappings like any other. These three are in use:

\`\`\`json
${JSON.stringify(additionalExample, undefined, 2)}
\`\`\`
`

const sets = [
  ['Natural person', 'natural', false],
  ['Legal person', 'legal', false],
  ['Natural person as representative', 'natural', true],
  ['Legal person as representative', 'legal', true],
] as const

export function attributesDocument(): string {
  const sections = sets.map(([title, person, representative]) => {
    const rows = attributeDefinitions.filter((one) => one.person === person && one.representative === representative)
    return [`## ${title}`, '', ...table(rows), ''].join('\n')
  })
  return [opening, ...sections, beyond].join('\n')
}

function table(rows: readonly AttributeDefinition[]): readonly string[] {
  return [
    '| Name | FriendlyName | Person | Mandatory | Kind | Type | Two scripts | Several |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(rowOf),
  ]
}

function rowOf(one: AttributeDefinition): string {
  const cells = [
    `\`${one.name}\``,
    `\`${one.friendlyName}\``,
    one.representative ? `${one.person}, representative` : one.person,
    yes(one.mandatory),
    one.kind,
    `\`${one.type}\``,
    yes(one.transliterable),
    yes(one.multiple),
  ]
  return `| ${cells.join(' | ')} |`
}

function yes(flag: boolean): string {
  return flag ? 'yes' : ''
}
