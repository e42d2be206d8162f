import { deflateRawSync, deflateSync } from 'node:zlib'
import { unwrap } from '../../../src/inspect/unwrap.ts'
import { redirectUrl } from '../../../src/saml/bindings/redirect.ts'
import { writeXml } from '../../../src/xml/writer.ts'
import { clearAnswer, codes, found, inspected, peers, request, requestPart, textOf, trustConnector } from './samples.ts'

const xml = await request()
const base64 = Buffer.from(xml).toString('base64')
const deflated = deflateRawSync(xml).toString('base64')

const bare = writeXml(requestPart())
const url = await redirectUrl(
  { location: 'https://node.example/sso', parameter: 'SAMLRequest', xml: bare, relayState: 'state' },
  peers.connector.signing,
)

describe('what is read', () => {
  test.each([
    ['XML', textOf(xml), 'xml'],
    ['XML after white space', `\n  ${textOf(xml)}\n`, 'xml'],
    ['base64', base64, 'base64'],
    ['folded base64', (base64.match(/.{1,76}/g) ?? []).join('\r\n'), 'base64'],
    ['base64 out of a URL', encodeURIComponent(base64), 'base64'],
    ['deflated base64', deflated, 'deflate'],
    ['deflated base64 out of a URL', encodeURIComponent(deflated), 'deflate'],
    ['the form of HTTP-POST', `SAMLRequest=${encodeURIComponent(base64)}&RelayState=x`, 'query'],
    ['the redirect of EU nodes', `https://node.example/sso?SAMLRequest=${encodeURIComponent(base64)}`, 'url'],
    ['a redirect signed inside', `https://node.example/sso?SAMLRequest=${encodeURIComponent(deflated)}`, 'url'],
  ])('%s', async (_, text, encoding) => {
    const report = await inspected(text, trustConnector)
    expect(report).toMatchObject({ verdict: 'accepted', standing: 'verified', encoding, kind: 'AuthnRequest' })
  })

  test.each([
    ['a URL', url, 'url'],
    ['its query', url.slice(url.indexOf('?') + 1), 'query'],
    ['a URL with a fragment', `${url}#top`, 'url'],
  ])('HTTP-Redirect with its signature: %s', async (_, text, encoding) => {
    const report = await inspected(text, trustConnector)
    expect(report).toMatchObject({ verdict: 'accepted', standing: 'verified', encoding })
    expect(report.signature).toMatchObject({ present: true, valid: true, trusted: true })
  })
})

describe('queries that a node refuses are shown all the same', () => {
  test('BIND_UNSIGNED: deflated, signed neither in the query nor inside', async () => {
    const unsigned = deflateRawSync(bare).toString('base64')
    const report = await inspected(`https://x.example/?SAMLRequest=${encodeURIComponent(unsigned)}`)
    expect(report).toMatchObject({ kind: 'AuthnRequest', verdict: 'refused' })
    expect(report.findings).toContainEqual(found('BIND_UNSIGNED', 'R-MF-40'))
  })

  test('with a parameter of the location: it is ignored, and the signature counts', async () => {
    const report = await inspected(url.replace('?', '?tenant=1&'), trustConnector)
    expect(codes(report)).toEqual([])
    expect(report.signature.valid).toBe(true)
  })

  test('BIND_SIG: with another RelayState than was signed', async () => {
    const report = await inspected(url.replace('RelayState=state', 'RelayState=other'), trustConnector)
    expect(codes(report)).toEqual(['BIND_SIG'])
    expect(report).toMatchObject({ standing: 'unverified', kind: 'AuthnRequest' })
  })

  test('DS_KEY: a query names no certificate', async () => {
    const report = await inspected(url)
    expect(codes(report)).toEqual(['DS_KEY'])
    expect(report).toMatchObject({ standing: 'unverified', signature: { present: true, valid: false } })
  })

  test('BIND_TWO_SIGS: signed outside and inside', async () => {
    const both = await redirectUrl(
      { location: 'https://node.example/sso', parameter: 'SAMLRequest', xml },
      peers.connector.signing,
    )
    expect(codes(await inspected(both, trustConnector))).toContain('BIND_TWO_SIGS')
  })

  test('R-IA-14: an answer does not come in a URL', async () => {
    const response = Buffer.from(await clearAnswer(requestPart())).toString('base64')
    const report = await inspected(`https://x.example/?SAMLResponse=${encodeURIComponent(response)}`)
    expect(report.findings).toContainEqual(found('BIND_WRONG', 'R-IA-14'))
  })

  test('SAML_TYPE: a request that travels as a response', async () => {
    const report = await inspected(`SAMLResponse=${encodeURIComponent(base64)}`, trustConnector)
    expect(codes(report)).toEqual(['SAML_TYPE'])
  })
})

describe('what cannot be read', () => {
  test.each([
    ['base64 of neither XML nor a DEFLATE stream', 'AAAA', 'BIND_INFLATE'],
    ['a stream with the header of zlib', deflateSync(xml).toString('base64'), 'BIND_INFLATE'],
    ['base64 that ends too early', base64.slice(0, -1), 'BIND_B64'],
    ['a bad escape', 'SAMLRequest=%zz', 'BIND_PCT'],
    ['a bad escape in base64', 'abc%2', 'BIND_PCT'],
    [
      'a DEFLATE stream of more than metadata may have',
      deflateRawSync(Buffer.alloc(33 * 1024 * 1024)).toString('base64'),
      'BIND_INFLATE',
    ],
    ['text', 'this is no message.', 'XML_PARSE'],
    ['nothing', '', 'XML_PARSE'],
    ['XML that breaks off', textOf(xml).slice(0, 900), 'XML_PARSE'],
    ['UTF-16', Buffer.from(`<a xmlns="urn:a"/>`, 'utf16le').toString('latin1'), 'XML_ENCODING'],
    ['XML of something else', '<html xmlns="http://www.w3.org/1999/xhtml"/>', 'SAML_TYPE'],
    ['XML of nothing', '<html/>', 'SAML_TYPE'],
    ['XML of something else, with a DOCTYPE', '<!DOCTYPE html><html lang="en"/>', 'SAML_TYPE'],
    ['XML that is nested without end', '<a>'.repeat(400_000), 'XML_DEPTH'],
  ])('%s', async (_, text, code) => {
    const report = await inspected(Buffer.from(text, 'latin1'))
    expect(report).toMatchObject({ verdict: 'unreadable', standing: 'unverified', kind: null })
    expect(codes(report)).toContain(code)
  })
})

test('XML with the address of a message in it is judged, and not that message', async () => {
  const link = `https://x.example/?SAMLRequest=${encodeURIComponent(base64)}&`
  const report = await inspected(textOf(xml).replace('<', `<!-- ${link} --><`), trustConnector)
  expect(report).toMatchObject({ verdict: 'refused', encoding: 'xml', removed: ['comments'] })
})

test('XML is left as it is, octet for octet', () => {
  expect(unwrap(xml)).toMatchObject({ encoding: 'xml', findings: [] })
  expect(unwrap(xml).xml).toBe(xml)
})
