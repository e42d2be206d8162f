import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { problemText } from '../../../src/trust/changes.ts'
import { createFetch } from '../../../src/trust/fetch.ts'
import { originsOf, type SourceSettings } from '../../../src/trust/origins.ts'
import { type KeptTrust, keepTrust } from '../../../src/trust/refresh.ts'
import { nobodySuspended } from '../../../src/trust/suspension.ts'
import { signingKey } from '../../../src/xmlsec/keys.ts'
import { type LocalServer, startPlain, startTls, type TlsAuthority, tlsAuthority } from '../../testkit/tls.ts'
import { crlAt, handMade, party, revocationList } from './certificates.ts'
import {
  aggregate,
  CONNECTOR,
  connector,
  DAY,
  NOW,
  type PeerKeys,
  peerKeys,
  proxyService,
  published,
  SERVICE,
} from './samples.ts'

let keys: PeerKeys
let authority: TlsAuthority
let server: LocalServer
let folder: string
/** Path to what is published there; anything else is 404. */
const documents = new Map<string, Uint8Array>()
let requests: string[] = []

beforeAll(async () => {
  keys = await peerKeys()
  authority = await tlsAuthority()
  server = await startTls(await authority.issue('localhost'))
  server.answer = ({ url = '' }, response) => {
    requests.push(url)
    const document = documents.get(url)
    response.writeHead(document === undefined ? 404 : 200).end(document)
  }
})
afterAll(() => server.close())

const kept: KeptTrust[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trust-urls-'))
  await writeFile(join(folder, 'anchor.pem'), keys.metadata.certificate)
  documents.clear()
  requests = []
})
afterEach(async () => {
  for (const trust of kept.splice(0)) trust.stop()
  await rm(folder, { recursive: true })
})

async function keep(
  source: Partial<SourceSettings> & { readonly path: string },
  clock = () => NOW,
  copies = join(folder, 'copies'),
  { startsFromCopies = false, timeoutMilliseconds = 5_000 } = {},
) {
  const { path, ...changes } = source
  const settings: SourceSettings = {
    url: server.origin + path,
    anchors: [join(folder, 'anchor.pem')],
    roles: ['connector', 'proxy-service'],
    country: 'XB',
    aggregate: false,
    ...changes,
  }
  const fetch = createFetch({ authorities: [authority.certificate], allowHttpForDemo: true, timeoutMilliseconds })
  const trust = await keepTrust({
    origins: originsOf({ sources: [settings], copies, allowHttpForDemo: true }, fetch),
    suspended: async () => nobodySuspended,
    period: DAY,
    clock,
    random: () => 0.5,
    log: { info: () => undefined, warn: () => undefined },
    startsFromCopies,
  })
  kept.push(trust)
  return trust
}

const ids = ({ registry }: KeptTrust) =>
  [...registry.all('connector'), ...registry.all('proxy-service')].map(({ entityId }) => entityId)
const codes = (trust: KeptTrust) => trust.problems().map(({ fault }) => fault.code)

/** Publishes a connector whose entityID is where it is published. */
async function publishAt(path: string, changes: object = {}): Promise<string> {
  const entityId = server.origin + path
  documents.set(path, await published({ ...connector(keys), entityId, ...changes }, keys.metadata.signing()))
  return entityId
}

test('R-IA-24, R-IA-27, R-IA-28: metadata from its HTTPS URL, which is its entityID', async () => {
  const entityId = await publishAt('/metadata')
  const trust = await keep({ path: '/metadata' })
  expect(ids(trust)).toEqual([entityId])
  expect(trust.problems()).toEqual([])
})

describe('A-208: the entity that is expected', () => {
  test('MD_ENTITY for another one, though the anchor has signed it', async () => {
    documents.set('/metadata', await published(connector(keys), keys.metadata.signing()))
    expect(codes(await keep({ path: '/metadata' }))).toEqual(['MD_ENTITY'])
  })

  test('MD_ENTITY for the right one among others', async () => {
    const octets = await published(aggregate([connector(keys), proxyService(keys)]), keys.metadata.signing())
    documents.set('/metadata', octets)
    expect(codes(await keep({ path: '/metadata', entityId: CONNECTOR }))).toEqual(['MD_ENTITY'])
  })

  test('may be named, or be any in an aggregate, if the operator says so', async () => {
    documents.set('/one', await published(connector(keys), keys.metadata.signing()))
    expect(ids(await keep({ path: '/one', entityId: CONNECTOR }))).toEqual([CONNECTOR])
    const octets = await published(aggregate([connector(keys), proxyService(keys)]), keys.metadata.signing())
    documents.set('/all', octets)
    expect(ids(await keep({ path: '/all', aggregate: true }))).toEqual([CONNECTOR, SERVICE])
  })
})

describe('a start from copies', () => {
  const restart = (clock = () => NOW) =>
    keep({ path: '/metadata' }, clock, join(folder, 'copies'), { startsFromCopies: true, timeoutMilliseconds: 1_000 })

  /** From now on nobody at that address says anything; gives back what was there. */
  const hang = () => {
    const { answer } = server
    server.answer = () => undefined
    return () => {
      server.answer = answer
    }
  }

  test('does not wait for a source that hangs; what is wrong with it is known when its time is over', async () => {
    const entityId = await publishAt('/metadata')
    await keep({ path: '/metadata' })
    const wake = hang()
    try {
      const trust = await restart()
      expect(ids(trust)).toEqual([entityId])
      expect(codes(trust)).toEqual([])
      await trust.refresh()
      expect(codes(trust)).toEqual(['MD_FETCH'])
      expect(ids(trust)).toEqual([entityId])
    } finally {
      wake()
    }
  })

  test('reads the source all the same: a key that was taken back meanwhile is gone', async () => {
    const entityId = await publishAt('/metadata')
    await keep({ path: '/metadata' })
    const other = connector({ ...keys, signing: keys.metadata })
    documents.set('/metadata', await published({ ...other, entityId }, keys.metadata.signing()))
    const trust = await restart()
    const held = () => trust.registry.find(entityId, 'connector')?.keys.keys.map(({ certificate }) => certificate)
    const fresh = [keys.metadata.verification.certificate]
    for (let turn = 0; turn < 200 && held()?.[0] !== fresh[0]; turn += 1) await pause(20)
    expect(held()).toEqual(fresh)
  })

  test('waits where there is no copy, or none that counts any more', async () => {
    const entityId = await publishAt('/metadata', { validUntil: NOW + 3_600_000 })
    expect(ids(await restart())).toEqual([entityId])
    await publishAt('/metadata')
    const again = await restart(() => NOW + 7_200_000)
    expect(ids(again)).toEqual([entityId])
    expect(codes(again)).toEqual([])
  })
})

describe('the last good copy', () => {
  test('R-IA-29: stands in while the peer cannot be reached, also after a restart', async () => {
    const entityId = await publishAt('/metadata')
    await keep({ path: '/metadata' })
    documents.clear()
    const trust = await keep({ path: '/metadata' })
    expect(ids(trust)).toEqual([entityId])
    expect(codes(trust)).toEqual(['MD_FETCH'])
  })

  test('A-215: not beyond its validUntil', async () => {
    await publishAt('/metadata')
    await keep({ path: '/metadata' })
    documents.clear()
    expect(ids(await keep({ path: '/metadata' }, () => NOW + 7 * DAY))).toEqual([])
  })

  test('A-207: MD_ROLLBACK for older metadata after a restart', async () => {
    const entityId = await publishAt('/metadata')
    await keep({ path: '/metadata' })
    await publishAt('/metadata', { validUntil: NOW + DAY })
    const trust = await keep({ path: '/metadata' })
    expect(codes(trust)).toEqual(['MD_ROLLBACK'])
    expect(trust.registry.find(entityId, 'connector')?.validUntil).toBe(NOW + 7 * DAY)
  })

  test('R-IA-34: proves nothing: it is verified as if it came fresh', async () => {
    await publishAt('/metadata')
    await keep({ path: '/metadata' })
    const [copy = ''] = await readdir(join(folder, 'copies'))
    await writeFile(join(folder, 'copies', copy), await published(connector(keys), keys.signing.signing()))
    documents.clear()
    expect(ids(await keep({ path: '/metadata' }))).toEqual([])
  })

  test('is written whole or not at all; that it cannot be is told and harms nobody', async () => {
    const entityId = await publishAt('/metadata')
    const trust = await keep({ path: '/metadata' }, () => NOW, join(folder, 'anchor.pem', 'no-folder'))
    for (const _ of ['at first', 'and while it lasts']) {
      expect(ids(trust)).toEqual([entityId])
      expect(trust.problems().map(problemText)).toEqual([
        `metadata from ${entityId} is used, but: MD_FETCH: its copy cannot be written: it is not a folder, or not in one`,
      ])
      await trust.refresh()
    }
  })

  test('that cannot be read is told beside what made it needed', async () => {
    const entityId = await publishAt('/metadata')
    await keep({ path: '/metadata' })
    const [copy = ''] = await readdir(join(folder, 'copies'))
    await rm(join(folder, 'copies', copy))
    await mkdir(join(folder, 'copies', copy))
    documents.clear()
    const trust = await keep({ path: '/metadata' })
    const [problem = ''] = trust.problems().map(problemText)
    expect(problem).toMatch(`metadata from ${entityId} is not used: MD_FETCH: `)
    expect(problem).toMatch(/; its copy cannot be read: it is a folder$/)
  })
})

test('A-213: MD_FETCH for this machine where it is not the demo', async () => {
  await publishAt('/metadata')
  const source: SourceSettings = {
    url: `${server.origin}/metadata`,
    anchors: [join(folder, 'anchor.pem')],
    roles: ['connector'],
    country: 'XB',
    aggregate: false,
  }
  const fetch = createFetch({ authorities: [authority.certificate] })
  const [origin] = originsOf({ sources: [source], copies: folder }, fetch)
  const listing = await origin?.documents({ which: 'all', clock: () => NOW, period: DAY })
  const [document] = listing?.documents ?? []
  await expect(document?.octets()).rejects.toMatchObject({ code: 'MD_FETCH' })
  expect(requests).toEqual([])
})

describe('R-IA-30: a signer under an authority', () => {
  let crl: Buffer | undefined

  async function keepUnderAuthority() {
    const status = await startPlain()
    status.answer = (_, response) => response.writeHead(crl === undefined ? 404 : 200).end(crl)
    const root = await party('Root', 'authority')
    const signer = await handMade('Signer', [crlAt(`${status.origin}/crl`)], root)
    const key = signingKey({ privateKey: signer.key, certificates: [signer.certificate] })
    const entityId = `${server.origin}/metadata`
    documents.set('/metadata', await published({ ...connector(keys), entityId }, key))
    await writeFile(join(folder, 'root.pem'), root.certificate)
    const changes = { path: '/metadata', anchors: [join(folder, 'root.pem')] }
    crl = revocationList({ issuer: root })
    return { trust: await keep(changes), root, signer, entityId, status, changes }
  }

  test('TRUST_REVOKED: once it is revoked its entities are gone', async () => {
    const { trust, root, signer, entityId, status, changes } = await keepUnderAuthority()
    expect(ids(trust)).toEqual([entityId])
    crl = revocationList({ issuer: root, revoked: [signer] })
    const restarted = await keep(changes)
    expect(codes(restarted)).toEqual(['TRUST_REVOKED'])
    expect(ids(restarted)).toEqual([])
    await status.close()
  })

  test('A-219: nothing new is taken while its status cannot be learnt, and what was taken stays', async () => {
    const { trust, entityId, status, changes } = await keepUnderAuthority()
    crl = undefined
    expect(ids(trust)).toEqual([entityId])
    const restarted = await keep(changes)
    expect(codes(restarted)).toEqual(['TRUST_REVOKED'])
    expect(ids(restarted)).toEqual([entityId])
    const unknown = await keep(changes, () => NOW, join(folder, 'other-copies'))
    expect(ids(unknown)).toEqual([])
    await status.close()
  })
})
