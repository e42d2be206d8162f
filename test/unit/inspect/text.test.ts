import { definitionOf } from '../../../src/identity/attributes.ts'
import { writeJson, writeReport } from '../../../src/inspect/text.ts'
import { writeAddress } from '../../../src/profiles/eidas/address.ts'
import { writeValues } from '../../../src/profiles/eidas/attribute-values.ts'
import { attributeNameFormats } from '../../../src/saml/uris.ts'
import { writeXml } from '../../../src/xml/writer.ts'
import { mintAttributes } from '../../testkit/mint.ts'
import {
  answer,
  inspected,
  node,
  peers,
  request,
  requestPart,
  textOf,
  trustConnector,
  trustService,
} from './samples.ts'

const lines = (text: string) => text.trimEnd().split('\n')

const signed = await request()

describe('every line says how far the document may be believed', () => {
  test.each([
    ['UNVERIFIED ', 'no signature', writeXml(requestPart()), {}],
    ['UNVERIFIED ', 'a wrong one', Buffer.from(textOf(signed).replace('Reading', 'Writing')), trustConnector],
    ['UNTRUSTED ', 'a stranger', signed, {}],
    ['UNVERIFIED ', 'nothing to read', Buffer.from('no message.'), {}],
    ['ALTERED ', 'comments taken out', Buffer.from(`<!-- x -->${textOf(signed)}`), trustConnector],
    ['UNVERIFIED ALTERED ', 'both', Buffer.from(`<!-- x -->${textOf(writeXml(requestPart()))}`), {}],
  ])('%s: %s', async (mark, _, octets, given) => {
    const text = writeReport(await inspected(octets, given))
    expect(lines(text).length).toBeGreaterThan(1)
    for (const line of lines(text)) expect(line.startsWith(mark)).toBe(true)
  })

  test('and nothing when it is verified', async () => {
    const text = writeReport(await inspected(await request(), trustConnector))
    expect(text).not.toMatch(/UNVERIFIED|UNTRUSTED|ALTERED/)
    expect(lines(text).at(-1)).toBe('accepted: 0 errors, 0 warnings')
  })
})

describe('text of the document stays in its line', () => {
  const evil = 'Room\u202e\u200b'
  const part = requestPart({
    providerName: evil,
    scoping: { requesterIds: ['urn:a\nsignature    valid'], hasIdpList: false },
  })

  test('line ends, controls and what turns text around are code points', async () => {
    const text = writeReport(await inspected(writeXml(part)))
    expect(text).toContain('Room\\u{202e}\\u{200b}')
    expect(text).toContain('urn:a\\u{a}signature')
    expect(text).not.toMatch(/[^\P{C}\n]/u)
  })

  test('in JSON as well, where they are the same string', async () => {
    const json = writeJson(await inspected(writeXml(part)))
    expect(json).not.toMatch(/[^\P{C}\n]/u)
    expect(JSON.parse(json).request.providerName).toBe(evil)
  })
})

describe('what is told', () => {
  test('a person, with the address decoded', async () => {
    const definition = definitionOf('http://eidas.europa.eu/attributes/naturalperson/CurrentAddress')
    if (definition === undefined) throw new TypeError('no address')
    const value = writeAddress({ Thoroughfare: 'High Street', PostName: 'Ville' })
    const address = {
      name: definition.name,
      nameFormat: attributeNameFormats.uri,
      values: writeValues(definition, [{ value, latin: true }]),
    }
    const attributeStatements = [[...mintAttributes(peers.proxyService), address]]
    const report = await inspected(await answer({ assertion: { attributeStatements } }), {
      ...trustService,
      decrypt: [await node()],
    })
    const text = writeReport(report)
    expect(text).toContain('FamilyName = "Quillfeather"')
    expect(text).toContain('Thoroughfare "High Street", PostName "Ville"')
    expect(text).toContain(
      'aes256-gcm, ECDH-ES, ConcatKDF, sha256, kw-aes256, to CN=inspected node, O=Test, C=SE, decrypted',
    )
  })

  test('a finding with its requirement', async () => {
    const text = writeReport(await inspected(await request({ forceAuthn: false }), trustConnector))
    expect(text).toContain('error   SAML_REQ [R-MF-35]: ')
    expect(text).toContain('refused: 1 errors, 0 warnings')
  })

  test('no key of --decrypt, in no form', async () => {
    const key = await node()
    const report = await inspected(await answer(), { ...trustService, decrypt: [key] })
    const told = writeReport(report) + writeJson(report)
    const secret = key.privateKey.split('\n').slice(1, -2).join('')
    expect(told).not.toContain(secret.slice(10, 40))
    expect(told).not.toContain('PRIVATE KEY')
  })
})
