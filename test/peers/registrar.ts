import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writePair } from './peer.ts'

/**
 * Whoever keeps a country's register of parties: takes the metadata that their software makes of itself, says until
 * when it counts, and signs all of it with xmlsec1. Its certificate is the trust anchor of the country's node.
 */
export interface Registrar {
  /** PEM of the trust anchor. */
  readonly anchor: string
  /** One signed document with all of these entities. */
  register(...entities: readonly string[]): Promise<string>
}

const DAY = 86_400_000

export async function newRegistrar(folder: string): Promise<Registrar> {
  const path = (name: string) => join(folder, name)
  await mkdir(folder)
  const { certificate } = await writePair(folder, 'registrar')
  return {
    anchor: certificate,
    async register(...entities) {
      const name = path(randomBytes(8).toString('hex'))
      await writeFile(`${name}.in.xml`, unsigned(entities))
      const key = ['--privkey-pem', `${path('registrar.key.pem')},${path('registrar.crt.pem')}`]
      const id = ['--id-attr:ID', 'urn:oasis:names:tc:SAML:2.0:metadata:EntitiesDescriptor']
      execFileSync('xmlsec1', ['--sign', ...key, ...id, '--output', `${name}.xml`, `${name}.in.xml`])
      return readFile(`${name}.xml`, 'utf8')
    },
  }
}

function unsigned(entities: readonly string[]): string {
  const id = `_${randomBytes(20).toString('hex')}`
  const until = new Date(Date.now() + 7 * DAY).toISOString()
  return (
    `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="${id}" validUntil="${until}">` +
    signatureTemplate(id) +
    entities.map((entity) => entity.replace(/^\s*<\?xml[^>]*\?>\s*/, '').trim()).join('\n') +
    '</md:EntitiesDescriptor>'
  )
}

function signatureTemplate(id: string): string {
  return (
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>' +
    '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>' +
    '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>' +
    `<ds:Reference URI="#${id}"><ds:Transforms>` +
    '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>' +
    '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>' +
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>' +
    '</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate/></ds:X509Data></ds:KeyInfo>' +
    '</ds:Signature>'
  )
}
