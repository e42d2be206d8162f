import { writeEntityDescriptor } from '../../src/saml/metadata/entity.ts'
import { readAnchors } from '../../src/trust/chain.ts'
import { readMetadata } from '../../src/trust/sources.ts'
import { writeText } from '../../src/xml/writer.ts'
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
