import { diag } from 'libxml2-wasm'
import { type OpenDocument, sameTree, withDocument, withoutChild } from '../../../src/xml/document.ts'
import { messageLimits, metadataLimits } from '../../../src/xml/limits.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { prepareSchemas } from '../../../src/xml/schema.ts'
import { advice, assertion, octets, request, response, signature } from './samples.ts'

function open<R>(text: string, use: (document: OpenDocument) => R): R {
  return withDocument(octets(text), messageLimits, use)
}

function string(canonical: Uint8Array): string {
  return Buffer.from(canonical).toString()
}

/** A signed assertion inside a signed response. */
const nested = response(
  assertion('<saml2:AttributeValue>v</saml2:AttributeValue>', signature('_assertion')),
  signature('_response'),
)
const paths = { outer: [1], outerInfo: [1, 0], assertion: [3], inner: [3, 1], innerInfo: [3, 1, 0] } as const

/** Exclusive C14N of the pieces of `nested`, by text alone. */
const expanded = nested.replaceAll(/<(ds:[A-Za-z]+|saml2p:StatusCode)( [^>]*?)?\/>/g, '<$1$2></$1>')

describe('an open document', () => {
  test('is scanned before libxml2 sees it', () => {
    expect(() => open(`<!DOCTYPE r>${advice()}`, () => 'used')).toThrow(
      expect.objectContaining({ code: 'XML_DOCTYPE' }),
    )
  })

  test('gives what its user gives', () => {
    expect(open(advice('text'), ({ root }) => root.children)).toEqual(['text'])
  })

  test('canonicalises the root, a part by its path, and a whole without a part', () => {
    open(`<?xml version="1.0"?>\n${request}`, (document) => {
      expect(string(document.canonical([]))).toBe(string(document.canonical([], {})))
      expect(string(document.canonical([0]))).toBe(
        '<saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">https://connector.example/metadata</saml2:Issuer>',
      )
      expect(string(document.canonical([1, 0]))).toContain('>public</eidas:SPType>')
      expect(string(document.canonical([], { without: [1] }))).not.toContain('eidas')
      expect(string(document.canonical([1], { without: [1, 1] }))).toMatch(/<\/eidas:SPType><\/saml2p:Extensions>$/)
    })
  })

  test('paths count elements, not text', () => {
    open(advice(' a <saml2:a/> b <saml2:b> c <saml2:c/> </saml2:b> '), (document) => {
      expect(string(document.canonical([1, 0]))).toContain('<saml2:c')
    })
  })

  test('nested signatures: the inner one is left out of the inner form and is in the outer one', () => {
    open(nested, (document) => {
      document.canonical(paths.innerInfo)
      const inner = string(document.canonical(paths.assertion, { without: paths.inner }))
      document.canonical(paths.outerInfo)
      const outer = string(document.canonical([], { without: paths.outer }))
      expect(inner).not.toContain('Signature')
      expect(outer).toContain('#_assertion')
      expect(outer).not.toContain('#_response')
    })
  })

  test('calls in any order, any number of times, give the same', () => {
    const calls: readonly ((document: OpenDocument) => Uint8Array)[] = [
      (document) => document.canonical([]),
      (document) => document.canonical(paths.outerInfo),
      (document) => document.canonical([], { without: paths.outer }),
      (document) => document.canonical(paths.innerInfo),
      (document) => document.canonical(paths.assertion, { without: paths.inner }),
      (document) => document.canonical([], { without: paths.inner }),
      (document) => document.canonical(paths.assertion),
    ]
    const alone = calls.map((call) => string(open(nested, call)))
    expect(new Set(alone).size).toBe(calls.length)
    open(nested, (document) => {
      for (const [first] of calls.entries()) {
        for (const [second, call] of calls.entries()) {
          calls[first]?.(document)
          expect(string(call(document))).toBe(alone[second])
          document.validate('protocol')
        }
      }
    })
  })

  test('a whole without a part is the text without the part', () => {
    const signatures = [...expanded.matchAll(/<ds:Signature .*?<\/ds:Signature>/g)].map(([found]) => found)
    open(nested, (document) => {
      const whole = string(document.canonical([]))
      const without = string(document.canonical([], { without: paths.outer }))
      expect(signatures).toHaveLength(2)
      expect(without).toBe(whole.replace(signatures[0] ?? '', ''))
    })
  })

  test('A-122 what the scanner reads in the canonical form is what it read in the document', () => {
    open(nested.replaceAll('><', '>\r\n<'), (document) => {
      const read = scan(document.canonical([], { without: paths.outer }), messageLimits)
      expect(sameTree(read, withoutChild(document.root, paths.outer))).toBe(true)
      expect(sameTree(read, document.root)).toBe(false)
    })
  })

  test('comments in metadata are in neither reading', () => {
    const text = '<!-- a --><r:R xmlns:r="urn:r">x<!-- b -->y</r:R><!-- c -->'
    withDocument(octets(text), metadataLimits, (document) => {
      expect(string(document.canonical([]))).toBe('<r:R xmlns:r="urn:r">xy</r:R>')
      expect(document.root.children).toEqual(['xy'])
    })
  })

  test.each([
    ['a path that leads nowhere', [7], undefined],
    ['a path into text', [0, 0], undefined],
    ['the target left out of itself', [], []],
    ['something outside the target left out', [1], [0]],
    ['something above the target left out', [1, 0], [1]],
  ])('%s is a mistake of the caller', (_, target, without) => {
    open(request, (document) => {
      expect(() => document.canonical(target, without === undefined ? {} : { without })).toThrow(TypeError)
    })
  })

  test('is closed after use', () => {
    const kept = open(request, (document) => document)
    expect(() => kept.canonical([])).toThrow(TypeError)
    expect(() => kept.validate('protocol')).toThrow(TypeError)
  })
})

test('A-069 no document stays open, whatever happens', () => {
  prepareSchemas()
  diag.configure({ enabled: true })
  const failures: readonly (() => unknown)[] = [
    () => open('', () => 0),
    () =>
      open(request, () => {
        throw new RangeError('of the user')
      }),
    () => open(request.replace('Version="2.0"', ''), (document) => document.validate('protocol')),
    () => open(request, (document) => document.canonical([7])),
    () => open(request, (document) => document.canonical([], { prefixes: Array.from({ length: 17 }, () => 'x') })),
  ]
  for (const failure of failures) expect(failure).toThrow()
  open(nested, (document) => {
    document.canonical([], { without: paths.outer })
    document.canonical(paths.assertion, { without: paths.inner })
    document.validate('protocol')
  })
  const report = diag.report()
  diag.configure({ enabled: false })
  expect(report).toEqual({})
})
