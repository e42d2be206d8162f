import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  XmlBufferInputProvider,
  XmlDocument,
  XmlValidateError,
  XsdValidator,
  xmlCleanupInputProvider,
  xmlRegisterInputProvider,
} from 'libxml2-wasm'
import { NodeFault } from '../errors/node-fault.ts'
import { ns } from './names.ts'
import * as eidas from './schemas/eidas.ts'
import * as metadata from './schemas/metadata.ts'
import * as security from './schemas/security.ts'

/*
 * XML Schemas, compiled once. The published SAML, XML Signature and XML Encryption schemas come with
 * @authenio/samlify-xmllint-wasm; the rest is ours. While a schema is compiled, and only then, libxml2 has an input
 * provider, which knows these documents and nothing else.
 */

/** 'assertion' is 'protocol' under the name that says what the root is; the caller checks the root. */
export type SchemaName = 'protocol' | 'assertion' | 'metadata'

const PUBLISHED = [
  ['saml-schema-protocol-2.0.xsd', ns.samlp],
  ['saml-schema-assertion-2.0.xsd', ns.saml],
  ['xmldsig-core-schema.xsd', ns.ds],
  ['xenc-schema.xsd', ns.xenc],
] as const

type SchemaFile = readonly [file: string, namespace: string, text: string]

const shared: readonly SchemaFile[] = [
  ['xml-exc-c14n.xsd', ns.ec, security.exclusiveC14n],
  ['xmldsig11.xsd', ns.ds11, security.signature11],
  ['xenc11.xsd', ns.xenc11, security.encryption11],
  ['eidas.xsd', ns.eidas, eidas.extensions],
  ['natural-person.xsd', ns.eidasNatural, eidas.naturalPerson],
  ['legal-person.xsd', ns.eidasLegal, eidas.legalPerson],
  ['natural-representative.xsd', ns.eidasNaturalRepresentative, eidas.naturalRepresentative],
  ['legal-representative.xsd', ns.eidasLegalRepresentative, eidas.legalRepresentative],
]

const forMetadata: readonly SchemaFile[] = [
  ['metadata.xsd', ns.md, metadata.metadata],
  ['entity-attributes.xsd', ns.mdattr, metadata.entityAttributes],
  ['algorithm-support.xsd', ns.alg, metadata.algorithmSupport],
  ['xml.xsd', ns.xml, metadata.xmlNamespace],
  ['ws-federation.xsd', 'http://docs.oasis-open.org/wsfed/federation/200706', metadata.wsFederation],
]

type SchemaSet = 'messages' | 'metadata'

const setOf: Readonly<Record<SchemaName, SchemaSet>> = {
  protocol: 'messages',
  assertion: 'messages',
  metadata: 'metadata',
}

const compiled = new Map<SchemaSet, XsdValidator>()

/** Compiles everything, at start, so that no request waits for it. */
export function prepareSchemas(): void {
  for (const set of Object.values(setOf)) validatorOf(set)
}

/** Refuses a document that is not valid. Fault: XML_SCHEMA, whose detail names elements and rules but no values. */
export function validate(document: XmlDocument, schema: SchemaName): void {
  try {
    validatorOf(setOf[schema]).validate(document)
  } catch (cause) {
    if (cause instanceof XmlValidateError)
      throw new NodeFault('XML_SCHEMA', withoutValues(cause.details[0]?.message ?? ''))
    throw cause
  }
}

function validatorOf(set: SchemaSet): XsdValidator {
  const known = compiled.get(set)
  if (known !== undefined) return known
  const validator = compile(set === 'messages' ? shared : [...shared, ...forMetadata])
  compiled.set(set, validator)
  return validator
}

function compile(own: readonly SchemaFile[]): XsdValidator {
  const published = PUBLISHED.map(([file, namespace]): SchemaFile => [file, namespace, readPublished(file)])
  const files = [...published, ...own]
  xmlRegisterInputProvider(
    new XmlBufferInputProvider(Object.fromEntries(files.map(([file, , text]) => [file, Buffer.from(text.trim())]))),
  )
  const entrance = XmlDocument.fromString(
    `<xs:schema xmlns:xs="${ns.xs}">${files.map(([file, namespace]) => `<xs:import namespace="${namespace}" schemaLocation="${file}"/>`).join('')}</xs:schema>`,
  )
  try {
    return XsdValidator.fromDoc(entrance)
  } finally {
    entrance.dispose()
    xmlCleanupInputProvider()
  }
}

function readPublished(file: string): string {
  const home = createRequire(import.meta.url).resolve('@authenio/samlify-xmllint-wasm/package.json')
  return readFileSync(new URL(`schemas/${file}`, `file://${home}`), 'utf8')
}

/** libxml2 quotes the offending value; the log gets the element, the attribute, the facet, and which names were expected. */
function withoutValues(message: string): string {
  const where = /^(?:Element '[^']{0,200}'(?:, attribute '[^']{0,200}')?)/.exec(message)?.[0] ?? 'document'
  const rule =
    rules.find((phrase) => message.includes(phrase)) ?? /\[facet '[A-Za-z]+'\]/.exec(message)?.[0] ?? 'not valid'
  const expected = /Expected is [^.]{0,400}\)/.exec(message)?.[0] ?? ''
  return `${where}: ${[rule, expected].join(' ').trim()}`
}

/** Phrases of libxml2 that hold no value. */
const rules = [
  'This element is not expected.',
  'Missing child element(s).',
  'is required but missing',
  'is not allowed',
  'No matching global',
  'does not resolve to a type definition',
  'is not a valid value of the',
  'The type definition is abstract',
] as const
