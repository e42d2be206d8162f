import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withDocument } from '../../src/xml/document.ts'
import type { XmlElement } from '../../src/xml/element.ts'
import { metadataLimits } from '../../src/xml/limits.ts'
import { md } from '../../src/xml/names.ts'
import { scan } from '../../src/xml/scanner.ts'
import { el, writeXml, type XmlPart } from '../../src/xml/writer.ts'
import { signElement } from '../../src/xmlsec/sign.ts'
import { withVerified } from '../../src/xmlsec/verify.ts'
import { testKey } from '../testkit/keys.ts'
import fc, { often } from '../testkit/properties.ts'
import { expectingMetadata, metadata, outcome, trusting } from '../unit/xmlsec/samples.ts'
import { generated } from './documents.ts'
import { run, scratch, withProgram } from './tools.ts'

/*
 * Exclusive canonicalisation of generated documents against that of the JDK, which shares nothing with ours, and of
 * xmlsec1. One rule is broken and known: libxml2 does not escape an ampersand in a namespace, so no generated
 * document has one, and the last test shows that nobody gains from it.
 */

const RUNS = Math.min(often(500), 20_000)

/** Not what is admitted is tested here, but what it becomes. */
const limits = { ...metadataLimits, declarations: 1 << 10 }

interface Place {
  readonly path: readonly number[]
  readonly element: XmlElement
}

interface Job {
  readonly text: string
  readonly target: Place
  readonly without: Place | undefined
  readonly prefixes: readonly string[]
}

/** A document, an element in it, perhaps one inside that is left out, and perhaps prefixes in scope to be inclusive. */
const jobs: fc.Arbitrary<Job> = fc
  .tuple(generated, fc.nat(), fc.option(fc.nat()), fc.subarray(['a', 'b', 'c']))
  .map(([text, at, left, wanted]) => {
    const all = placesIn(scan(Buffer.from(text), limits))
    const target = chosen(all, at)
    const inside = all.filter(
      ({ path }) => path.length > target.path.length && path.join().startsWith(target.path.join()),
    )
    const without = left === null || inside.length === 0 ? undefined : chosen(inside, left)
    return { text, target, without, prefixes: wanted.filter((prefix) => target.element.scope.has(prefix)) }
  })

function placesIn(element: XmlElement, path: readonly number[] = []): readonly Place[] {
  const children = element.children.filter((child) => typeof child !== 'string')
  return [{ path, element }, ...children.flatMap((child, index) => placesIn(child, [...path, index]))]
}

function chosen(places: readonly Place[], at: number): Place {
  const place = places[at % places.length]
  if (place === undefined) throw new TypeError('no element')
  return place
}

function idOf(place: Place | undefined): string {
  return place?.element.attributes.find(({ local }) => local === 'ID')?.value ?? '-'
}

/** The digest a signature would take. */
function ours({ text, target, without, prefixes }: Job): string {
  const options = { prefixes, ...(without === undefined ? {} : { without: without.path }) }
  const octets = withDocument(Buffer.from(text), limits, (document) => document.canonical(target.path, options))
  return createHash('sha256').update(octets).digest('base64')
}

/** Another implementation: the digest it takes of each job, whose document is in the file of the same index. */
type Digests = (jobs: readonly Job[], path: (name: string) => string) => readonly string[]

const digestsOf = {
  /** Java code from the first line to the last; one launch for all, as most of its time goes into starting. */
  java(jobs, path) {
    const lines = jobs.map(({ target, prefixes, without }, index) =>
      [path(`${index}.xml`), idOf(target), prefixes.join() || '-', idOf(without)].join(' '),
    )
    writeFileSync(path('jobs'), `${lines.join('\n')}\n`)
    return run('java', fileURLToPath(new URL('./Canonical.java', import.meta.url)), path('jobs'))
      .trim()
      .split('\n')
  },
  /** By the libxml2 of the system, another build and version than the one we use, and by xmlsec1's own choice of nodes. */
  xmlsec1(jobs, path) {
    const batches = Array.from({ length: Math.ceil(jobs.length / BATCH) }, (_, index) => index * BATCH)
    return batches.flatMap((from) => {
      const references = jobs
        .slice(from, from + BATCH)
        .map((job, index) => referenceTo(job, path(`${from + index}.xml`)))
      writeFileSync(path('template.xml'), template(references))
      writeFileSync(path('hmac.key'), 'any key does')
      const signed = run('xmlsec1', '--sign', '--hmackey', path('hmac.key'), path('template.xml'))
      return [...signed.matchAll(/<DigestValue>([^<]*)</g)].map(([, digest = '']) => digest.replace(/\s/g, ''))
    })
  },
} as const satisfies Record<string, Digests>

const BATCH = 500

/** A signature over files that are as they are: xmlsec1 fills in the digests. */
function template(references: readonly string[]): string {
  return (
    '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>' +
    '<CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>' +
    '<SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#hmac-sha1"/>' +
    `${references.join('')}</SignedInfo><SignatureValue/></Signature>`
  )
}

function referenceTo({ target, without, prefixes }: Job, file: string): string {
  const inside = (place: Place) => `ancestor-or-self::*[@ID='${idOf(place)}']`
  const chosen = without === undefined ? inside(target) : `${inside(target)} and not(${inside(without)})`
  const inclusive =
    prefixes.length === 0
      ? ''
      : `<InclusiveNamespaces xmlns="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="${prefixes.join(' ')}"/>`
  return (
    `<Reference URI="file://${file}"><Transforms>` +
    `<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><XPath>${chosen}</XPath></Transform>` +
    `<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">${inclusive}</Transform></Transforms>` +
    '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference>'
  )
}

describe.each(['java', 'xmlsec1'] as const)('by %s', (program) => {
  withProgram(program)('canonicalised', () => {
    const files = scratch()
    afterAll(files.remove)

    test(
      `A-122, A-123: ${RUNS} generated documents have the same canonical form`,
      () => {
        const all = fc.sample(jobs, RUNS)
        for (const [index, { text }] of all.entries()) writeFileSync(files.path(`${index}.xml`), text)
        const theirs = digestsOf[program](all, files.path)
        expect(theirs).toHaveLength(RUNS)
        const different = all.filter((job, index) => ours(job) !== theirs[index])
        expect(different).toEqual([])
      },
      60_000 + 50 * RUNS,
    )
  })
})

describe('the generated documents', () => {
  test('have what canonicalisation is about, or the tests above show nothing', () => {
    const all = fc.sample(jobs, 300)
    const those = (is: (job: Job) => boolean) => all.filter(is).length
    expect(those(({ without }) => without !== undefined)).toBeGreaterThan(20)
    expect(those(({ prefixes }) => prefixes.length > 0)).toBeGreaterThan(20)
    expect(those(({ target }) => target.path.length > 0)).toBeGreaterThan(20)
  })
})

describe.each(['urn:a&b', 'urn:a&amp;b', 'urn:a&lt;b', 'urn:a&#38;b'])('A-123 the namespace %s', (namespace) => {
  const within = (uri: string): XmlPart => {
    const other = el({ namespace: uri, local: 'other', prefix: 'x' })
    const { children, ...entity } = metadata('_metadata')
    return { ...entity, children: [el(md('Extensions'), {}, other), ...children] }
  }

  test('is XML_NS, though it was signed as it should be: libxml2 does not escape it', async () => {
    const { verification, signing } = await testKey('metadata')
    const verdict = async (uri: string) => {
      const xml = writeXml(await signElement(within(uri), signing()))
      return outcome(() => withVerified(xml, expectingMetadata(trusting(verification)), () => undefined))
    }
    expect(await verdict('urn:ab')).toBe('accepted')
    expect(await verdict(namespace)).toBe('XML_NS')
  })

  test('is XML_NS before anybody asks for a signature', () => {
    const opened = (uri: string) => outcome(() => withDocument(writeXml(within(uri)), limits, () => undefined))
    expect(opened('urn:ab')).toBe('accepted')
    expect(opened(namespace)).toBe('XML_NS')
  })
})
