import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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
import { withoutValues } from './schema-detail.ts'
import { metadata, xmlNamespace } from './schemas/metadata.ts'
import { changed } from './schemas/published.ts'
import { serviceList } from './schemas/service-list.ts'

/*
 * XML Schemas, compiled once. The published SAML, XML Signature and XML Encryption schemas stand in schemas/,
 * whose README.md says where they are from; the rest is ours. They judge what the node reads, and pass over what extension
 * points hold. While a schema is compiled, and only then, libxml2 has an input
 * provider, which knows these documents and nothing else.
 */

/** What a document may be: any global element of the set is a possible root, and the caller checks which it is. */
export type SchemaName = 'protocol' | 'assertion' | 'metadata' | 'service-list'

/** Without a text it is one of the published ones. */
type SchemaFile = readonly [file: string, namespace: string, text?: string]

const assertion: readonly SchemaFile[] = [
  ['saml-schema-assertion-2.0.xsd', ns.saml],
  ['xmldsig-core-schema.xsd', ns.ds],
  ['xenc-schema.xsd', ns.xenc],
]

const schemas: Readonly<Record<SchemaName, readonly SchemaFile[]>> = {
  assertion,
  protocol: [...assertion, ['saml-schema-protocol-2.0.xsd', ns.samlp]],
  metadata: [...assertion, ['metadata.xsd', ns.md, metadata], ['xml.xsd', ns.xml, xmlNamespace]],
  'service-list': [
    ['xmldsig-core-schema.xsd', ns.ds],
    ['service-list.xsd', ns.serviceList, serviceList],
  ],
}

const compiled = new Map<SchemaName, XsdValidator>()

/** Compiles everything, at start, so that no request waits for it. */
export function prepareSchemas(): void {
  validator('assertion')
  validator('protocol')
  validator('metadata')
  validator('service-list')
}

/** Refuses a document that is not valid. Fault: XML_SCHEMA, whose detail names elements and rules but no values. */
export function validate(document: XmlDocument, schema: SchemaName): void {
  const compiledSchema = validator(schema)
  try {
    compiledSchema.validate(document)
  } catch (cause) {
    if (!(cause instanceof XmlValidateError)) throw new NodeFault('XML_OOM', 'no validation', { cause })
    // Without the cause: it quotes values.
    throw new NodeFault('XML_SCHEMA', withoutValues(cause.details[0]?.message ?? ''))
  }
}

function validator(schema: SchemaName): XsdValidator {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const fresh = compile(schemas[schema])
  compiled.set(schema, fresh)
  return fresh
}

function compile(files: readonly SchemaFile[]): XsdValidator {
  const buffers = files.map(([file, , text]) => [
    file,
    Buffer.from(text === undefined ? changed(file, published(file)) : text.trim()),
  ])
  const imports = files.map(([file, space]) => `<xs:import namespace="${space}" schemaLocation="${file}"/>`)
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(buffers)))
  const entrance = XmlDocument.fromString(`<xs:schema xmlns:xs="${ns.xs}">${imports.join('')}</xs:schema>`)
  try {
    return XsdValidator.fromDoc(entrance)
  } finally {
    entrance.dispose()
    xmlCleanupInputProvider()
  }
}

function published(file: string): string {
  return readFileSync(join(import.meta.dirname, 'schemas', file), 'utf8')
}
