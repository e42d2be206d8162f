import { writeEntityDescriptor } from '../../src/saml/metadata/entity.ts'
import { readAnchors } from '../../src/trust/chain.ts'
import { readMetadata } from '../../src/trust/sources.ts'
import { writeText } from '../../src/xml/writer.ts'
import { testKey } from '../testkit/keys.ts'
import fc, { runs } from '../testkit/properties.ts'
import { signDocument } from '../testkit/sign-document.ts'
import { CONNECTOR, connector, NOW, peerKeys } from '../unit/trust/samples.ts'

/** Metadata that is rightly signed by a signer who means ill. */

const keys = await peerKeys()
const anchors = readAnchors([keys.metadata.certificate])
const source = { place: 'xb.xml', roles: ['connector'], country: 'XB' } as const
const good = writeText(writeEntityDescriptor(connector(keys)))

/** Which start tag of a copy of the good entity is damaged, with what, and in which of its attributes. */
const pieces = good.match(/<[^>]+>/g) ?? []
const damage = fc.tuple(
  fc.nat({ max: pieces.length - 1 }),
  fc.constantFrom('', '="', 'https://evil.example/', '\u202e', ' ', 'XC', '2020-01-01T00:00:00Z'),
  fc.constantFrom(/(?<=\s(?!xmlns)[\w:]+=)"[^"]*"/, /(?<=\s(?!xmlns|ID)[\w:]+=)"[^"]*"/),
)

function damaged([at, junk, where]: readonly [number, string, RegExp], name: number): string {
  const piece = pieces[at] ?? ''
  const bad = piece.replace(where, `"${junk.replaceAll('"', '')}"`)
  return good
    .replace(piece, bad)
    .replaceAll(CONNECTOR, `https://evil.example/${name}`)
    .replace(/ ID="[^"]*"/, '')
}

test('A-274: whatever stands beside an entity in a signed document, what is read of it is the same', async () => {
  const read = async (before: readonly string[], after: readonly string[]) => {
    const until = new Date(NOW + 86_400_000).toISOString()
    const inner = [...before, good, ...after].join('')
    const text = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_all" validUntil="${until}">${inner}</md:EntitiesDescriptor>`
    const { entities } = readMetadata(await signDocument(text, keys.metadata.signing()), source, anchors, NOW)
    return entities.filter(({ entityId }) => entityId === CONNECTOR)
  }
  const plain = JSON.stringify(await read([], []))
  const some = fc.array(damage, { maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(some, some, async (before, after) => {
      const found = await read(
        before.map(damaged),
        after.map((one, at) => damaged(one, at + 10)),
      )
      expect(JSON.stringify(found)).toBe(plain)
    }),
    runs(60),
  )
})

/*
 * What the signer may write anywhere around and inside the one entity: evil copies of what is used, in places that are not
 * used. The oracle knows by construction what stands in the used places: it is what the good entity says.
 */

const EVIL = 'https://evil.example/acs'
const evilCertificate = (await testKey('attacker')).verification.certificate
const [goodRole = ''] = /<md:SPSSODescriptor.*<\/md:SPSSODescriptor>/s.exec(good) ?? []
const evilRole = goodRole
  .replaceAll(/Location="[^"]*"/g, `Location="${EVIL}"`)
  .replaceAll(/(?<=<ds:X509Certificate>)[^<]*/g, evilCertificate)
const [evilAcs = ''] = /<md:AssertionConsumerService.*?<\/md:AssertionConsumerService>/s.exec(evilRole) ?? []
const [evilKey = ''] = /<md:KeyDescriptor.*?<\/md:KeyDescriptor>/s.exec(evilRole) ?? []
const wrapped = (what: string) => `<f:x xmlns:f="urn:f">${what}</f:x>`
const evilEntity = good.replace(goodRole, evilRole).replace(/ ID="[^"]*"/, '')

/** Elements that nothing reads where they are put. */
const smuggled = fc
  .constantFrom(
    evilRole,
    evilAcs,
    evilKey,
    evilEntity,
    '<eidas:NodeCountry xmlns:eidas="http://eidas.europa.eu/saml-extensions">XC</eidas:NodeCountry>',
  )
  .chain((what) =>
    fc.constantFrom(
      wrapped(what),
      `<md:PDPDescriptor>${what}</md:PDPDescriptor>`,
      `<md:AttributeAuthorityDescriptor xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="md:SPSSODescriptorType">${what}</md:AttributeAuthorityDescriptor>`,
      wrapped(wrapped(what)),
      what
        .replaceAll('<md:', '<m:')
        .replaceAll('</md:', '</m:')
        .replace(/^<[\w:]+/, '$& xmlns:m="urn:oasis:names:tc:SAML:2.0:metadatA"'),
      `<!--${what.replaceAll('--', '')}-->`,
      `<?md ${what.replaceAll('?>', '')}?>`,
    ),
  )

/** Where in the good entity: in front of a tag that is not inside a value. */
const places = [
  /(?=<md:SPSSODescriptor)/,
  /(?=<md:Organization>|<md:Organization )/,
  /(?=<\/md:EntityDescriptor>)/,
  /(?<=<md:Extensions>)/,
  /(?=<\/md:AssertionConsumerService>)/,
] as const
const oddAttributes = fc.constantFrom(
  '',
  ` xmlns:f="urn:f" f:entityID="${EVIL}"`,
  ` xml:base="${EVIL}"`,
  ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="md:IDPSSODescriptorType"`,
  ` xmlns:xsi="urn:odd" xsi:nil="true"`,
)
const hidden = fc.record({
  parts: fc.array(fc.tuple(fc.constantFrom(...places), smuggled), { maxLength: 4 }),
  attributes: oddAttributes,
  onRole: oddAttributes,
  after: fc.constantFrom('', evilEntity, evilEntity.replace(CONNECTOR, ` ${CONNECTOR}&#10;`), wrapped(evilEntity)),
  isGrouped: fc.boolean(),
})

/** The text with each part in its place, none of them inside another part. */
function spliced(text: string, parts: readonly (readonly [RegExp, string])[]): string {
  const found = parts.map(([place, what]) => ({ at: text.search(place), what })).toSorted((a, b) => b.at - a.at)
  return found.reduce((before, { at, what }) => before.slice(0, at) + what + before.slice(at), text)
}

const asSigned = JSON.stringify({
  location: /<md:AssertionConsumerService[^>]*Location="([^"]*)"/.exec(good)?.[1],
  certificate: keys.signing.verification.certificate,
  recipient: keys.encryption.verification.certificate,
  country: 'XB',
})

test('A-277: whatever a signer hides in metadata, what is used is what stands in the used places, of the right country', async () => {
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(hidden, async ({ parts, attributes, onRole, after, isGrouped }) => {
      const filled = spliced(
        good
          .replace(/ ID="[^"]*"/, '')
          .replace('<md:EntityDescriptor', (tag) => tag + attributes)
          .replace('<md:SPSSODescriptor', (tag) => tag + onRole),
        parts,
      )
      const inner = filled + after
      const until = new Date(NOW + 86_400_000).toISOString()
      const text = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_all" validUntil="${until}">${isGrouped ? `<md:EntitiesDescriptor>${inner}</md:EntitiesDescriptor>` : inner}</md:EntitiesDescriptor>`
      const { entities } = readMetadata(await signDocument(text, keys.metadata.signing()), source, anchors, NOW)
      accepted += entities.length
      for (const { acs, keys: trusted, recipient, country } of entities) {
        const [{ location } = { location: '' }] = acs
        const [{ certificate } = { certificate: '' }] = trusted.keys
        expect(acs.length + trusted.keys.length).toBe(2)
        expect(JSON.stringify({ location, certificate, recipient: recipient?.certificate, country })).toBe(asSigned)
      }
      expect(entities.map(({ entityId }) => entityId)).toEqual([CONNECTOR])
    }),
    runs(100),
  )
  expect(accepted).toBeGreaterThan(0)
})

test('A-313: a hundred thousand processing instructions cost what a document of that length costs', async () => {
  const marked = good.replace('<md:Extensions>', `<md:Extensions>${'a<?mark of it?>'.repeat(50_000)}`)
  expect(marked).not.toBe(good)
  const texts = marked.replace('</md:EntityDescriptor>', `${'<?mark of it?>'.repeat(50_000)}</md:EntityDescriptor>`)
  const document = await signDocument(texts, keys.metadata.signing())
  expect(readMetadata(document, source, anchors, NOW).entities).toMatchObject([{ entityId: CONNECTOR }])
})
