import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { declaring, signedAsEu } from '../testkit/eu-style.ts'
import { complete, type Flow, openFlow } from '../testkit/flow.ts'
import { type TestKey, testKey } from '../testkit/keys.ts'
import { citizen } from '../testkit/mint.ts'
import { FOREIGN_COUNTRY, LOA, OWN_COUNTRY } from '../testkit/peers.ts'
import { answerOf, metadataOf, type Product, products } from '../testkit/products.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { releasedIn } from '../testkit/verdict.ts'

/*
 * Products as identity providers behind the proxy service: their metadata and their answers, in the form they write them,
 * and the entry of `proxyService.schemes` that docs/interop.md has for each.
 */

const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'
const RSA = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

const schemeOf = ({ names, classRef, scheme }: Product) => ({
  mapping: {
    attributes: Object.fromEntries(Object.entries(names).map(([fact, name]) => [name, NATURAL + fact])),
    loa: { [classRef]: `${LOA}substantial` },
  },
  ...scheme,
})

const freshId = () => `_${randomBytes(16).toString('hex')}`

describe.each(products)('$name behind the proxy service', (product) => {
  let target: Target
  let key: TestKey
  beforeAll(async () => {
    key = await testKey('identity provider', 'RSA-3072')
    target = await startTarget({ scheme: schemeOf(product) })
  }, 60_000)
  afterAll(() => target.stop())

  /** The product's metadata as the country's register publishes it: dated, and signed with the register's key. */
  async function registered(): Promise<string> {
    const { entityId, endpoint, signing } = target.peers.identityProvider
    const { certificate } = key.verification
    const described = metadataOf(product, { id: freshId(), entityId, endpoint, certificate })
    const { signsMetadata: own } = product
    const entity = own === undefined ? described : await signedAsEu(described, key.signing(RSA), { before: own })
    const until = new Date(Date.now() + 86_400_000).toISOString()
    const start = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ${declaring('ds')} ID="${freshId()}" validUntil="${until}">`
    return signedAsEu(`${start}${entity}</md:EntitiesDescriptor>`, signing, { before: entity.slice(0, 40) })
  }

  function answerTo(flow: Flow): Promise<string> {
    const { entityId: issuer, destination, node: audience } = flow.answerer
    const ids = [freshId(), freshId()] as const
    const asked = { requestId: flow.requestId, issuer, destination, audience, now: Date.now(), ids }
    return answerOf(product, asked, key.signing(RSA))
  }

  test('its metadata is taken, and a citizen signs in with its answer, as it writes them', async () => {
    const before = target.logged.length
    await writeFile(join(target.folder, 'peers', 'identityProvider.xml'), await registered())
    await target.refresh()
    expect(target.logged.slice(before).filter((line) => line.includes('not used'))).toEqual([])

    const flow = await openFlow(target, 'proxy-service')
    const released = await releasedIn(target, await complete(flow, Buffer.from(await answerTo(flow))))
    expect(target.faults()).toEqual([])
    expect(released).toMatchObject({
      loa: `${LOA}substantial`,
      nameId: `${OWN_COUNTRY}/${FOREIGN_COUNTRY}/${citizen.PersonIdentifier}`,
      attributes: {
        [`${NATURAL}CurrentFamilyName`]: [citizen.CurrentFamilyName],
        [`${NATURAL}CurrentGivenName`]: [citizen.CurrentGivenName],
        [`${NATURAL}DateOfBirth`]: [citizen.DateOfBirth],
      },
    })
  })
})
