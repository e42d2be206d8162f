import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { withDocument } from '../../src/xml/document.ts'
import type { XmlElement } from '../../src/xml/element.ts'
import { metadataLimits } from '../../src/xml/limits.ts'
import { md } from '../../src/xml/names.ts'
import { scan } from '../../src/xml/scanner.ts'
import { el, writeXml, type XmlPart } from '../../src/xml/writer.ts'
import { signElement } from '../../src/xmlsec/sign.ts'
import { withVerified } from '../../src/xmlsec/verify.ts'
import { testKey } from '../testkit/keys.ts'
import { expectingMetadata, metadata, outcome, trusting } from '../unit/xmlsec/samples.ts'
import { generated } from './documents.ts'
import { run, scratch, withProgram } from './tools.ts'

/*
 * Exclusive canonicalisation of generated documents against the JDK's, which shares nothing with ours. PASSERELLE_RUNS
 * says how many. One rule is broken and known: libxml2 does not escape an ampersand in a namespace, so no generated
 * document has one, and the last test shows that nobody gains from it.
 */

const RUNS = Math.min(Number(process.env['PASSERELLE_RUNS'] ?? 500), 20_000)

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

withProgram('java')('the JDK', () => {
  const files = scratch()
  afterAll(files.remove)

  test(
    `A-122, A-123: ${RUNS} generated documents have the same canonical form`,
    () => {
      const all = fc.sample(jobs, RUNS)
      const lines = all.map((job, index) => {
        writeFileSync(files.path(`${index}.xml`), job.text)
        return [files.path(`${index}.xml`), idOf(job.target), job.prefixes.join() || '-', idOf(job.without)].join(' ')
      })
      writeFileSync(files.path('jobs'), `${lines.join('\n')}\n`)
      const theirs = run('java', fileURLToPath(new URL('./Canonical.java', import.meta.url)), files.path('jobs'))
        .trim()
        .split('\n')
      expect(theirs).toHaveLength(RUNS)
      const different = all.filter((job, index) => ours(job) !== theirs[index])
      expect(different).toEqual([])
    },
    60_000 + 50 * RUNS,
  )

  test('the documents have what canonicalisation is about, or the test above shows nothing', () => {
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

  test('is XML_DIFF, though it was signed as it should be: libxml2 does not escape it', async () => {
    const { verification, signing } = await testKey('metadata')
    const verdict = async (uri: string) => {
      const xml = writeXml(await signElement(within(uri), signing()))
      return outcome(() => withVerified(xml, expectingMetadata(trusting(verification)), () => undefined))
    }
    expect(await verdict('urn:ab')).toBe('accepted')
    expect(await verdict(namespace)).toBe('XML_DIFF')
  })

  test('is XML_DIFF before anybody asks for a signature', () => {
    const opened = (uri: string) => outcome(() => withDocument(writeXml(within(uri)), limits, () => undefined))
    expect(opened('urn:ab')).toBe('accepted')
    expect(opened(namespace)).toBe('XML_DIFF')
  })
})
