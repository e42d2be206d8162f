import { cleaned } from '../../../src/inspect/clean.ts'
import { publishMetadata } from '../../../src/trust/publication.ts'
import { codes, found, inspected, peers, request, textOf, trustConnector } from './samples.ts'

const message = textOf(await request())

/** The message with this put right behind its root's start tag. */
const inside = (markup: string) => message.replace('>', `>${markup}`)

describe('markup that a node refuses is told of and taken out', () => {
  test.each([
    ['XML_COMMENT', 'comments', `<!-- a licence -->\n${message}`],
    ['XML_COMMENT', 'comments', inside('<!-- a <b> & -->')],
    ['XML_PI', 'processing instructions', `<?stylesheet href="x"?>${message}`],
    ['XML_DOCTYPE', 'DOCTYPE', `<!DOCTYPE x>${message}`],
    ['XML_DOCTYPE', 'DOCTYPE', `<!DOCTYPE x [<!ENTITY a "b">]>${message}`],
    ['XML_CDATA', 'CDATA sections', message.replace('>public<', '><![CDATA[public]]><')],
  ])('%s: %s', async (code, what, text) => {
    const report = await inspected(text, trustConnector)
    expect(report).toMatchObject({ verdict: 'refused', kind: 'AuthnRequest', removed: [what] })
    expect(report.findings).toContainEqual(found(code, 'R-IA-33'))
    // Exclusive C14N covers none of it: the signature is as right as it was.
    expect(report.signature).toMatchObject({ valid: true, trusted: true })
  })

  test('whatever else is wrong is found as well', async () => {
    const report = await inspected(`<!-- x -->${inside('<x xmlns="urn:foreign"/>')}`)
    expect(codes(report)).toEqual(expect.arrayContaining(['XML_COMMENT', 'XML_SCHEMA', 'DS_DIGEST']))
  })

  test('XML_DOCTYPE: an entity has no meaning, so nothing is shown', async () => {
    const xxe = `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>${message.replace('public', '&a;')}`
    const report = await inspected(xxe)
    expect(report).toMatchObject({ verdict: 'refused', kind: null })
    expect(codes(report)).toEqual(['XML_DOCTYPE'])
  })

  test('a byte order mark is a note', async () => {
    const report = await inspected(`\ufeff${message}`, trustConnector)
    expect(report).toMatchObject({ removed: [], signature: { valid: true, trusted: true } })
    expect(report.findings).toContainEqual(found('XML_ENCODING', null, 'note'))
  })

  test('A-040, A-067: what is said to validators is passed over', async () => {
    const said = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="x" xsi:schemaLocation="x y" ID='
    expect(codes(await inspected(message.replace(' ID=', said), trustConnector))).toEqual(['DS_DIGEST'])
  })

  test('metadata may have comments: a note', async () => {
    const { metadata, signing, signingKey } = peers.connector
    const document = textOf(await publishMetadata(metadata, signing))
    const report = await inspected(`<!-- by hand -->${document}`, { trust: [signingKey] })
    expect(report).toMatchObject({ verdict: 'accepted', standing: 'verified', removed: [] })
    expect(report.findings).toContainEqual(found('XML_COMMENT', null, 'note'))
  })
})

describe('what a node refuses is shown', () => {
  test.each([
    ['XML_SCHEMA', inside('<x xmlns="urn:foreign"/>')],
    ['XML_SCHEMA', message.replace(' Version="2.0"', '')],
    ['XML_CHAR', message.replace('Reading room', 'Reading\u0085room')],
  ])('%s', async (code, text) => {
    const report = await inspected(text, trustConnector)
    expect(report).toMatchObject({ verdict: 'refused', kind: 'AuthnRequest', issuer: peers.connector.entityId })
    expect(codes(report)).toContain(code)
  })

  test('XML_SCHEMA: signatures in great number take no longer for it (A-252)', async () => {
    const many = `<ds:x xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${'<ds:Signature/>'.repeat(3_000)}</ds:x>`
    const start = performance.now()
    expect(codes(await inspected(inside(many)))).toContain('XML_SCHEMA')
    expect(performance.now() - start).toBeLessThan(3_000)
  })

  test('NOT_JUDGED: rules are not tried on what is not valid by its schema', async () => {
    const report = await inspected(
      message.replace(' Version="2.0"', '').replace('ForceAuthn="true"', 'ForceAuthn="false"'),
    )
    expect(codes(report, 'note')).toEqual(['NOT_JUDGED'])
    expect(codes(report)).toEqual(expect.arrayContaining(['XML_SCHEMA', 'DS_DIGEST', 'DS_KEY']))
  })

  test.each(['LogoutRequest', 'constructor', 'toString'])('SAML_TYPE: %s is no message of eIDAS', async (local) => {
    const report = await inspected(`<p:${local} xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_a"/>`)
    expect(report).toMatchObject({ verdict: 'refused', kind: local, id: '_a' })
    expect(report.findings).toContainEqual(found('SAML_TYPE', 'R-IA-2'))
  })

  test('SAML_TYPE: a message is known by its namespace too', async () => {
    const report = await inspected('<m:Response xmlns:m="urn:oasis:names:tc:SAML:2.0:metadata"/>')
    expect(codes(report)).toContain('SAML_TYPE')
  })

  test('XML_SIZE: what is larger than anything a node reads is refused unseen', async () => {
    const report = await inspected(message + ' '.repeat(33 * 1024 * 1024))
    expect(report).toMatchObject({ verdict: 'refused', kind: null })
    expect(codes(report)).toEqual(['XML_SIZE'])
  })
})

describe('taking markup out', () => {
  const text = (source: string) => {
    const result = cleaned(Buffer.from(source))
    return result === undefined ? undefined : textOf(result.octets)
  }

  test.each([
    ['<a/>', undefined],
    ['<?xml version="1.0"?><a/>', undefined],
    ['<?xml version="1.0"?><!-- x --><a/>', '<?xml version="1.0"?><a/>'],
    ['<a><!-- <![CDATA[ --></a>', '<a></a>'],
    ['<a><![CDATA[<!-- & -->]]></a>', '<a>&lt;!-- &amp; --&gt;</a>'],
    ['<a><!-- never closed</a>', undefined],
    ['<a><!ELEMENT x></a>', undefined],
    ['<a/><?p a?><?q b?>', '<a/>'],
  ])('%s', (source, expected) => {
    expect(text(source)).toBe(expected)
  })

  test('takes no longer for a thousand times what is never closed', () => {
    expect(text(`<a>${'<!--'.repeat(250_000)}`)).toBeUndefined()
  })
})
