import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const ours = join(import.meta.dirname, '..', '..', '..', 'src', 'xml', 'schemas')
const theirs = join(
  dirname(createRequire(import.meta.url).resolve('@authenio/samlify-xmllint-wasm/package.json')),
  'schemas',
)

describe('published schemas', () => {
  it.each([
    'saml-schema-assertion-2.0.xsd',
    'saml-schema-protocol-2.0.xsd',
    'xmldsig-core-schema.xsd',
    'xenc-schema.xsd',
  ])('%s is octet for octet the one that samlify validates with, and its origin is noted', (file) => {
    expect(readFileSync(join(ours, file)).equals(readFileSync(join(theirs, file)))).toBe(true)
    expect(readFileSync(join(ours, 'README.md'), 'utf8')).toContain(`| \`${file}\` |`)
  })
})
