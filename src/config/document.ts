import { z } from 'zod'
import { secretsSchema } from './environment.ts'
import { nodeSchema } from './schema.ts'

/*
 * docs/config.md, made from the schema itself, so that it never says anything else.
 */

type Schema = z.core.JSONSchema.BaseSchema

interface Row {
  readonly path: string
  readonly kind: string
  /** What holds when the key is left out. */
  readonly otherwise: string
  readonly meaning: string
}

/** The least that works; a test parses it. */
const example = {
  country: 'SE',
  baseUrl: 'https://eidas.example.se',
  operator: { name: 'Example Agency', displayName: 'Example Agency for eID', url: 'https://www.example.se/' },
  contacts: { support: 'support@example.se', technical: 'eidas@example.se' },
  keys: {
    messages: { privateKey: 'keys/messages.key', certificates: ['keys/messages.pem'] },
    encryption: { privateKey: 'keys/encryption.key', certificates: ['keys/encryption.pem'] },
    metadata: { privateKey: 'keys/metadata.key', certificates: ['keys/metadata.pem'] },
    national: { privateKey: 'keys/national.key', certificates: ['keys/national.pem'] },
    nationalEncryption: { privateKey: 'keys/national-enc.key', certificates: ['keys/national-enc.pem'] },
  },
  trust: {
    sources: [
      { directory: 'metadata/DE', anchors: ['certs/DE.pem'], roles: ['connector', 'proxy-service'], country: 'DE' },
      { directory: 'metadata/portals', anchors: ['certs/national.pem'], roles: ['service-provider'] },
      { files: ['metadata/idp.xml'], anchors: ['certs/national.pem'], roles: ['identity-provider'] },
    ],
  },
  proxyService: {
    loas: ['http://eidas.europa.eu/LoA/low', 'http://eidas.europa.eu/LoA/substantial'],
    schemes: [
      {
        kind: 'saml',
        name: 'national',
        entityId: 'https://idp.example.se/metadata',
        mapping: {
          attributes: {
            'urn:oid:2.5.4.4': 'http://eidas.europa.eu/attributes/naturalperson/CurrentFamilyName',
            'urn:oid:2.5.4.42': 'http://eidas.europa.eu/attributes/naturalperson/CurrentGivenName',
          },
          loa: { 'http://id.example.se/loa/3': 'http://eidas.europa.eu/LoA/substantial' },
        },
      },
    ],
  },
}

const opening = `# Configuration

<!-- Generated from src/config; a test fails when it is not current. -->

A node is set up by one file, YAML or JSON, and two secrets from the environment. All problems are reported at once, each
with its path, line and column, and a node with a problem does not start. Keys that are not listed here are refused. Paths
of files are relative to the folder of the configuration file; keys and certificates are PEM files, never text in the
configuration. Norway is \`NO\` without quotes: only \`true\` and \`false\` are truth values.

A single value can be set beside the file, so that several processes share one: by an environment variable, such as
\`PASSERELLE_LISTEN_PORT=8081\` for \`listen.port\` or \`PASSERELLE_BASE_URL\` for \`baseUrl\`, and by \`--set listen.port=8081\`
behind \`serve\`, \`check\` or \`metadata\`, which goes before the environment. Lists and values below them stay in the file.

\`\`\`json
${compact(JSON.stringify(example, undefined, 2))}
\`\`\`
`

/** Lists of texts on one line. */
function compact(json: string): string {
  return json.replace(/\[\s+("[^[\]{}]+")\s+\]/g, (_, texts: string) => `[${texts.replace(/\s*\n\s*/g, ' ')}]`)
}

export function configDocument(): string {
  const root = z.toJSONSchema(
    nodeSchema((path) => path),
    { io: 'input' },
  )
  const members = membersOf(root)
  const plain = members.filter(([, member]) => rowsInside(member, '').length === 0)
  const sections = members.filter(([, member]) => rowsInside(member, '').length > 0)
  return [
    opening,
    environmentSection(),
    section(
      'The node',
      '',
      plain.map(([name, member]) => rowOf(name, member, isRequired(root, name))),
    ),
    ...sections.map(([name, member]) => section(`\`${name}\``, member.description ?? '', rowsInside(member, ''))),
  ].join('\n')
}

function environmentSection(): string {
  const { properties } = z.toJSONSchema(secretsSchema, { io: 'input' })
  const rows = Object.entries(properties ?? {}).map(([name, member]) => rowOf(name, schemaOf(member), false))
  return section(
    'Environment variables',
    'Secrets are taken from the environment alone. `REDIS_URL_FILE` and `PASSERELLE_SEAL_KEYS_FILE` name a file that holds the secret, as containers mount them.',
    rows,
  )
}

function section(title: string, text: string, rows: readonly Row[]): string {
  const lines = rows.map(
    ({ path, kind, otherwise, meaning }) => `| \`${path}\` | ${kind} | ${otherwise} | ${meaning} |`,
  )
  const table = ['| Key | Value | Otherwise | Meaning |', '| --- | --- | --- | --- |', ...lines]
  return [`## ${title}`, '', ...(text === '' ? [] : [text, '']), ...table, ''].join('\n')
}

function rowsBelow(schema: Schema, prefix: string): readonly Row[] {
  return membersOf(schema).flatMap(([name, member]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`
    return [rowOf(path, member, isRequired(schema, name)), ...rowsInside(member, path)]
  })
}

/** The rows of what a member holds: members of its own, or those of the items of a list or a record. */
function rowsInside(schema: Schema, path: string): readonly Row[] {
  const { items, additionalProperties: values, oneOf } = schema
  if (oneOf !== undefined) return oneOf.map(schemaOf).flatMap((one) => rowsBelow(one, `${path}<${alternativeOf(one)}>`))
  if (isSchema(items)) return rowsInside(items, `${path}[]`)
  if (isSchema(values)) return rowsInside(values, `${path}.*`)
  return rowsBelow(schema, path)
}

/** What tells an alternative from the others: its one constant. */
function alternativeOf(schema: Schema): string {
  const constants = membersOf(schema).flatMap(([name, member]) =>
    member.const === undefined ? [] : [`${name} ${member.const}`],
  )
  return constants.join(' ')
}

function rowOf(path: string, schema: Schema, required: boolean): Row {
  return { path, kind: kindOf(schema), otherwise: otherwiseOf(schema, required), meaning: schema.description ?? '' }
}

function otherwiseOf(schema: Schema, required: boolean): string {
  if (required) return 'required'
  const usual: unknown = schema.default
  const isEmpty = usual === undefined || (typeof usual === 'object' && Object.keys(usual ?? {}).length === 0)
  if (!isEmpty) return `\`${JSON.stringify(usual)}\``
  return membersOf(schema).length > 0 ? 'as below' : 'none'
}

function kindOf(schema: Schema): string {
  const { type, items, additionalProperties: values, minimum, maximum } = schema
  const single: unknown = schema.const
  if (single !== undefined) return `\`${JSON.stringify(single)}\``
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ')
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => kindOf(schemaOf(one))).join(' or ')
  if (isSchema(items)) return `list of ${kindOf(items)}`
  if (isSchema(values)) return `${kindOf(values)} by name`
  if (type === 'integer') return `whole number, ${minimum} to ${maximum}`
  if (type === 'boolean') return 'true or false'
  return type === 'string' ? 'text' : 'object'
}

function membersOf({ properties }: Schema): readonly (readonly [name: string, schema: Schema])[] {
  return Object.entries(properties ?? {}).map(([name, member]) => [name, schemaOf(member)])
}

function isRequired({ required }: Schema, name: string): boolean {
  return required?.includes(name) ?? false
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function schemaOf(value: unknown): Schema {
  return isSchema(value) ? value : {}
}
