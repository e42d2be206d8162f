import type { CertificatePath } from '../../../src/trust/chain.ts'
import { createFetch } from '../../../src/trust/fetch.ts'
import { type CheckPath, pathCheck } from '../../../src/trust/revocation.ts'
import { readCertificate } from '../../../src/trust/x509.ts'
import { bitString, sequence } from '../../../src/xmlsec/der.ts'
import { type LocalServer, startPlain } from '../../testkit/tls.ts'
import {
  criticalExtension,
  crlAt,
  handMade,
  type ListOrder,
  ocspAnswer,
  ocspAt,
  ocspSigning,
  type Party,
  party,
  plainExtension,
  revocationList,
  type StatusOrder,
  scopes,
} from './certificates.ts'
import { DAY, fault, NOW } from './samples.ts'

const HOUR = 3_600_000

let server: LocalServer
let requests: { readonly url: string; readonly method: string }[] = []
/** What is at /crl and /ocsp; nothing is a 404. */
let crl: Buffer | undefined
let ocsp: Buffer | undefined
let root: Party
let byList: Party
let byOcsp: Party
let byBoth: Party
let check: CheckPath

beforeAll(async () => {
  server = await startPlain()
  server.answer = ({ url = '', method = '' }, response) => {
    requests.push({ url, method })
    const document = url === '/crl' ? crl : ocsp
    response.writeHead(document === undefined ? 404 : 200).end(document)
  }
  root = await party('Root', 'authority')
  byList = await handMade('By list', [crlAt(`${server.origin}/crl`)], root)
  byOcsp = await handMade('By OCSP', [ocspAt(`${server.origin}/ocsp`)], root)
  byBoth = await handMade('By both', [ocspAt(`${server.origin}/ocsp`), crlAt(`${server.origin}/crl`)], root)
})
afterAll(() => server.close())
beforeEach(() => {
  requests = []
  crl = undefined
  ocsp = undefined
  check = pathCheck(createFetch({ allowHttpForDemo: true }))
})

const path = (...parties: readonly Party[]): CertificatePath => parties.map(({ base64 }) => readCertificate(base64))

const hard = (...parties: readonly Party[]) => check(path(...parties), 'hard', NOW)

describe('R-IA-30: a certificate that says nothing of its status', () => {
  test('is not asked about, and neither is the anchor', async () => {
    const silent = await party('Silent', 'signing', root)
    const anchor = await handMade('Anchor', [crlAt(`${server.origin}/crl`)])
    await hard(silent, root)
    await hard(anchor)
    expect(requests).toEqual([])
  })
})

describe('A-219: by list', () => {
  const list = (changes: Partial<ListOrder> = {}) => revocationList({ issuer: root, ...changes })

  test('good when it is not in a list of today, which is kept until the next one', async () => {
    crl = list({ revoked: [byOcsp] })
    await hard(byList, root)
    await hard(byList, root)
    expect(requests).toEqual([{ url: '/crl', method: 'GET' }])
    await expect(check(path(byList, root), 'hard', NOW + DAY)).rejects.toEqual(fault('TRUST_REVOKED'))
    expect(requests).toHaveLength(2)
  })

  test('a newer list is asked for every hour, and the one that is kept stands in while it cannot be had', async () => {
    crl = list()
    await hard(byList, root)
    crl = undefined
    await check(path(byList, root), 'hard', NOW + 2 * HOUR)
    await check(path(byList, root), 'hard', NOW + 2 * HOUR + 1)
    expect(requests).toHaveLength(3)
    crl = list()
    await check(path(byList, root), 'hard', NOW + 2 * HOUR + 2)
    await check(path(byList, root), 'hard', NOW + 2 * HOUR + 3)
    expect(requests).toHaveLength(4)
    crl = list({ thisUpdate: NOW + 2 * HOUR, revoked: [byList] })
    await expect(check(path(byList, root), 'hard', NOW + 4 * HOUR)).rejects.toEqual(fault('TRUST_REVOKED'))
  })

  test('a list that is older than the one that is kept does not take its place', async () => {
    crl = list({ thisUpdate: NOW - HOUR, revoked: [byList] })
    await expect(hard(byList, root)).rejects.toEqual(fault('TRUST_REVOKED'))
    crl = list({ thisUpdate: NOW - 2 * HOUR })
    await expect(check(path(byList, root), 'hard', NOW + 2 * HOUR)).rejects.toEqual(fault('TRUST_REVOKED'))
  })

  test('TRUST_REVOKED when it is in the list, hard and soft; none does not ask', async () => {
    crl = list({ revoked: [byOcsp, byList] })
    await expect(hard(byList, root)).rejects.toEqual(fault('TRUST_REVOKED'))
    await expect(check(path(byList, root), 'soft', NOW)).rejects.toEqual(fault('TRUST_REVOKED'))
    requests = []
    await check(path(byList, root), 'none', NOW)
    expect(requests).toEqual([])
  })

  test('TRUST_REVOKED for an authority on the way', async () => {
    const middle = await handMade('Middle', [crlAt(`${server.origin}/crl`)], root)
    const leaf = await handMade('Leaf', [], middle)
    crl = list({ revoked: [middle] })
    await expect(hard(leaf, middle, root)).rejects.toEqual(fault('TRUST_REVOKED'))
  })

  test('TRUST_REVOKED when the list cannot be had; soft goes on', async () => {
    await expect(hard(byList, root)).rejects.toEqual(fault('TRUST_REVOKED'))
    await check(path(byList, root), 'soft', NOW)
  })

  test.each<[string, () => Promise<Buffer> | Buffer]>([
    ['of yesterday', () => list({ nextUpdate: NOW })],
    ['of tomorrow', () => list({ thisUpdate: NOW + DAY, nextUpdate: NOW + 2 * DAY })],
    ['signed by somebody else', () => list({ signer: byList })],
    ['by a namesake of the issuer', async () => revocationList({ issuer: await party('Root', 'authority') })],
    ['by another issuer, with the same key', () => list({ issuer: { ...root, subject: { commonName: 'Other' } } })],
    ['that is about authorities only', () => list({ scope: [scopes.authorities] })],
    ['that is indirect', () => list({ scope: [scopes.indirect] })],
    ['of another place', () => list({ scope: [scopes.place('http://root.example/other.crl')] })],
    ['that breaks off', () => list().subarray(0, 60)],
    ['that is something else', () => Buffer.from('<html>')],
  ])('TRUST_REVOKED for a list %s', async (_, make) => {
    crl = await make()
    await expect(hard(byList, root)).rejects.toEqual(fault('TRUST_REVOKED'))
    await check(path(byList, root), 'soft', NOW)
  })

  test('a list of this place and these certificates counts', async () => {
    crl = list({ scope: [scopes.place(`${server.origin}/crl`), scopes.others] })
    await hard(byList, root)
  })

  test('TRUST_REVOKED when all it names is LDAP', async () => {
    const ldap = await handMade('LDAP', [crlAt('ldap://root.example/cn=crl')], root)
    await expect(hard(ldap, root)).rejects.toEqual(fault('TRUST_REVOKED'))
  })
})

describe('A-219: by OCSP', () => {
  const answer = (changes: Partial<StatusOrder> = {}) =>
    ocspAnswer({ issuer: root, about: byOcsp, status: 'good', ...changes })

  test('good when the issuer says so, which is kept', async () => {
    ocsp = answer()
    await hard(byOcsp, root)
    await hard(byOcsp, root)
    expect(requests).toEqual([{ url: '/ocsp', method: 'POST' }])
  })

  test('TRUST_REVOKED when the issuer says so', async () => {
    ocsp = answer({ status: 'revoked' })
    await expect(hard(byOcsp, root)).rejects.toEqual(fault('TRUST_REVOKED'))
    await expect(check(path(byOcsp, root), 'soft', NOW)).rejects.toEqual(fault('TRUST_REVOKED'))
  })

  test('TRUST_REVOKED for what was good an hour ago', async () => {
    ocsp = answer()
    await hard(byOcsp, root)
    ocsp = answer({ status: 'revoked', thisUpdate: NOW + HOUR })
    await expect(check(path(byOcsp, root), 'hard', NOW + 2 * HOUR)).rejects.toEqual(fault('TRUST_REVOKED'))
  })

  test('good without a nextUpdate when it is of today, and then asked about each time', async () => {
    ocsp = answer({ thisUpdate: NOW - HOUR, nextUpdate: undefined })
    await hard(byOcsp, root)
    await check(path(byOcsp, root), 'hard', NOW + 1000)
    expect(requests).toHaveLength(2)
  })

  test('TRUST_REVOKED for what its issuer knows no more, also while nobody answers', async () => {
    ocsp = answer()
    await hard(byOcsp, root)
    ocsp = answer({ status: 'unknown' })
    await expect(check(path(byOcsp, root), 'hard', NOW + 2 * HOUR)).rejects.toEqual(fault('TRUST_REVOKED'))
    ocsp = undefined
    await expect(check(path(byOcsp, root), 'hard', NOW + 2 * HOUR + 1)).rejects.toEqual(fault('TRUST_REVOKED'))
  })

  test('who wants to know while it is asked is told the same', async () => {
    ocsp = answer()
    await Promise.all([hard(byOcsp, root), hard(byOcsp, root), hard(byOcsp, root)])
    expect(requests).toHaveLength(1)
  })

  test('A-214: TRUST_REVOKED after ten places that know nothing, however many it names', async () => {
    const places = Array.from({ length: 30 }, (_, number) => `${server.origin}/ocsp/${number}`)
    const talker = await handMade('Talker', [ocspAt(...places)], root)
    await expect(hard(talker, root)).rejects.toEqual(fault('TRUST_REVOKED'))
    expect(requests).toHaveLength(10)
  })

  test.each([
    [11, '11 certificates'],
    [3_000, 'more than 65536 octets'],
  ])('A-252: TRUST_REVOKED for an answer with %i certificates, none of which is looked at', async (count, detail) => {
    const stranger = await handMade('Stranger', [], root)
    ocsp = answer({ given: Array.from({ length: count }, () => stranger) })
    await expect(hard(byOcsp, root)).rejects.toMatchObject({
      code: 'TRUST_REVOKED',
      detail: expect.stringContaining(detail),
    })
  })

  test('the issuer may have a responder', async () => {
    const responder = await handMade('Responder', [ocspSigning], root)
    ocsp = answer({ signer: responder, given: [responder] })
    await hard(byOcsp, root)
  })

  test.each<[string, () => Promise<Buffer> | Buffer]>([
    ['who does not know', () => answer({ status: 'unknown' })],
    ['of yesterday', () => answer({ nextUpdate: NOW })],
    ['of last week, that does not say until when', () => answer({ thisUpdate: NOW - 7 * DAY, nextUpdate: undefined })],
    ['of tomorrow', () => answer({ thisUpdate: NOW + DAY, nextUpdate: NOW + 2 * DAY })],
    ['about another certificate', () => answer({ about: byList })],
    ['of a stranger', async () => answer({ signer: await party('Root', 'authority') })],
    [
      'of somebody whom the issuer knows but has not made its responder',
      async () => {
        const other = await handMade('Other', [plainExtension('2.5.29.37', Buffer.from('3000', 'hex'))], root)
        return answer({ signer: other, given: [other] })
      },
    ],
    [
      "of another issuer's responder",
      async () => {
        const responder = await handMade('Responder', [ocspSigning], await party('Root', 'authority'))
        return answer({ signer: responder, given: [responder] })
      },
    ],
    ['who refuses', () => Buffer.from('30030a0106', 'hex')],
    ['who says something else', () => Buffer.from('<html>')],
  ])('TRUST_REVOKED for an answer %s', async (_, make) => {
    ocsp = await make()
    await expect(hard(byOcsp, root)).rejects.toEqual(fault('TRUST_REVOKED'))
    await check(path(byOcsp, root), 'soft', NOW)
  })
})

test('where there are both, OCSP is asked first and the list when it does not know', async () => {
  ocsp = ocspAnswer({ issuer: root, about: byBoth, status: 'unknown' })
  crl = revocationList({ issuer: root })
  await hard(byBoth, root)
  expect(requests.map(({ url }) => url)).toEqual(['/ocsp', '/crl'])
  crl = revocationList({ issuer: root, revoked: [byBoth] })
  check = pathCheck(createFetch({ allowHttpForDemo: true }))
  await expect(hard(byBoth, root)).rejects.toEqual(fault('TRUST_REVOKED'))
})

test('A-213: a certificate cannot make the node ask at home', async () => {
  crl = revocationList({ issuer: root })
  check = pathCheck(createFetch())
  await expect(hard(byList, root)).rejects.toMatchObject({ code: 'TRUST_REVOKED', cause: { code: 'MD_FETCH' } })
  expect(requests).toEqual([])
})

describe('A-265: a responder by a certificate that would not do on a path', () => {
  const answerBy = async (responder: Party) => {
    ocsp = ocspAnswer({ issuer: root, about: byOcsp, status: 'good', signer: responder, given: [responder] })
    return hard(byOcsp, root)
  }
  const usage = (bits: number) => criticalExtension('2.5.29.15', bitString(Buffer.from([bits])))

  test.each<[string, () => Promise<Party>]>([
    ['signed with SHA-1', () => handMade('Responder', [ocspSigning], root, 'sha1')],
    [
      'with a critical extension that is not understood',
      () => handMade('Responder', [ocspSigning, criticalExtension('1.2.3.4', sequence())], root),
    ],
    ['whose key is for certificates and lists only', () => handMade('Responder', [ocspSigning, usage(0x06)], root)],
  ])('%s does not count: TRUST_REVOKED', async (_, made) => {
    await expect(answerBy(await made())).rejects.toEqual(fault('TRUST_REVOKED'))
  })

  test('what is learnt where more is granted is not kept for those to whom less is', async () => {
    const responder = await handMade('Responder', [ocspSigning, usage(0x80)], root)
    ocsp = ocspAnswer({ issuer: root, about: byOcsp, status: 'good', signer: responder, given: [responder] })
    await check(path(byOcsp, root), 'hard', NOW, { strength: {}, pkcs1Certificates: true })
    await check(path(byOcsp, root), 'hard', NOW)
    expect(requests).toHaveLength(2)
  })
})
