import { setTimeout as pause } from 'node:timers/promises'
import { NodeFault } from '../../../src/errors/node-fault.ts'
import { readAnchors } from '../../../src/trust/chain.ts'
import type { Listing, Origin, TrustDocument } from '../../../src/trust/document.ts'
import { type KeptTrust, keepTrust, type RefreshOptions } from '../../../src/trust/refresh.ts'
import { readMetadata, type TrustSource } from '../../../src/trust/sources.ts'
import { isSchemeSuspended, nobodySuspended, type Suspension } from '../../../src/trust/suspension.ts'
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
import { source } from './sources.ts'

let keys: PeerKeys
let ofConnector: Uint8Array
let ofService: Uint8Array

beforeAll(async () => {
  keys = await peerKeys()
  ofConnector = await published(connector(keys), keys.metadata.signing())
  ofService = await published(proxyService(keys), keys.metadata.signing())
})

/** A place whose document a test replaces. */
class Place implements Origin {
  readonly name: string
  octets: Uint8Array | NodeFault
  settings: TrustSource
  /** Fingerprints struck off. */
  revoked: readonly string[] = []
  listing: 'good' | 'broken' = 'good'

  constructor(name: string, octets: Uint8Array) {
    this.name = name
    this.octets = octets
    this.settings = { ...source, place: `${name}.xml`, source: name }
  }

  async documents(): Promise<Listing> {
    if (this.listing === 'broken') throw new NodeFault('MD_FETCH', 'no directory')
    const octets = async () => {
      if (this.octets instanceof NodeFault) throw this.octets
      return this.octets
    }
    const anchors = () => readAnchors([keys.metadata.certificate], { revoked: this.revoked })
    const verified: TrustDocument['verified'] = async (found, now) => readMetadata(found, this.settings, anchors(), now)
    return { documents: [{ place: this.settings.place, octets, verified }] }
  }
}

interface Kept {
  readonly trust: KeptTrust
  readonly infos: string[]
  readonly warnings: string[]
}

const kept: KeptTrust[] = []
afterEach(() => {
  for (const trust of kept.splice(0)) trust.stop()
})

async function keep(origins: readonly Origin[], changes: Partial<RefreshOptions> = {}): Promise<Kept> {
  const infos: string[] = []
  const warnings: string[] = []
  const trust = await keepTrust({
    origins,
    suspended: async () => nobodySuspended,
    period: DAY,
    clock: () => NOW,
    random: () => 0.5,
    log: { info: (text) => infos.push(text), warn: (text) => warnings.push(text) },
    ...changes,
  })
  kept.push(trust)
  return { trust, infos, warnings }
}

const ids = ({ registry }: KeptTrust) =>
  [...registry.all('connector'), ...registry.all('proxy-service')].map(({ entityId }) => entityId)

const codes = (trust: KeptTrust) => trust.problems().map(({ fault }) => fault.code)

describe('a document that may be kept for a day', () => {
  test('R-IA-30: is judged again every hour all the same, and not fetched for that', async () => {
    let now = NOW
    let isRevoked = false
    let fetched = 0
    let judged = 0
    const anchors = readAnchors([keys.metadata.certificate])
    const document: TrustDocument = {
      place: 'xb.xml',
      async octets() {
        fetched += 1
        return ofConnector
      },
      async verified(octets, at) {
        judged += 1
        if (isRevoked) throw new NodeFault('TRUST_REVOKED', 'signer')
        return { ...readMetadata(octets, { ...source, place: 'xb.xml' }, anchors, at), cacheDuration: 86_400 }
      },
      copy: { read: async () => undefined, write: async () => undefined },
    }
    const { trust } = await keep([{ documents: async () => ({ documents: [document] }) }], {
      clock: () => now,
      period: 20,
    })
    /** Lets time pass, until this is so, or for a few refreshes. */
    const passing = async (hours: number, isSo = () => false, most = 10) => {
      now += hours * 3_600_000
      for (let turn = 0; turn < most && !isSo(); turn += 1) await pause(20)
    }
    await passing(0.9)
    expect([fetched, judged]).toEqual([1, 1])
    await passing(0.2, () => judged === 2, 200)
    await passing(0)
    expect([fetched, judged]).toEqual([1, 2])
    isRevoked = true
    await passing(0.9)
    expect(ids(trust)).toEqual([CONNECTOR])
    await passing(0.2, () => ids(trust).length === 0, 200)
    expect(ids(trust)).toEqual([])
    expect(codes(trust)).toEqual(['TRUST_REVOKED'])
  })
})

describe('a refresh', () => {
  test('where nothing is fetched, a start waits until everything was read', async () => {
    const place = new Place('xb', Buffer.from('<broken'))
    const { warnings } = await keep([place], { startsFromCopies: true })
    expect(warnings).toEqual([expect.stringMatching(/^metadata from xb.xml is not used: XML_PARSE/)])
  })

  test('R-LAW-6: takes what is new and lets go what is gone, and says so once', async () => {
    const place = new Place('xb', ofConnector)
    const { trust, infos } = await keep([place])
    expect(infos).toEqual([expect.stringMatching(`^connector ${CONNECTOR} of XB is trusted until `)])
    await trust.refresh()
    expect(infos).toHaveLength(1)
    place.octets = ofService
    await trust.refresh()
    expect(ids(trust)).toEqual([SERVICE])
    expect(infos.slice(1)).toEqual([
      expect.stringMatching(`^proxy-service ${SERVICE} of XB is trusted until `),
      `connector ${CONNECTOR} of XB is not trusted any more`,
    ])
  })

  test('A-273: lines of the log for thousands of parties are written a hundred at a time', async () => {
    const loaded = readMetadata(ofConnector, source, readAnchors([keys.metadata.certificate]), NOW)
    const entities = loaded.entities.flatMap((one) =>
      Array.from({ length: 350 }, (_, at) => ({ ...one, entityId: `${CONNECTOR}/${at}` })),
    )
    const document: TrustDocument = {
      place: 'xb.xml',
      octets: async () => ofConnector,
      verified: async () => ({ ...loaded, entities }),
    }
    let turn = 0
    let isDone = false
    const next = (): void => {
      turn += 1
      if (!isDone) setImmediate(next)
    }
    next()
    const lines = new Map<number, number>()
    const info = () => void lines.set(turn, (lines.get(turn) ?? 0) + 1)
    const { trust } = await keep([{ documents: async () => ({ documents: [document] }) }], {
      log: { info, warn: () => undefined },
    })
    isDone = true
    expect(ids(trust)).toHaveLength(350)
    expect([...lines.values()]).toEqual([100, 100, 100, 50])
  })

  test('says when a peer has other keys or endpoints', async () => {
    const place = new Place('xb', ofConnector)
    const { trust, infos } = await keep([place])
    const changed = { ...keys, signing: keys.metadata }
    place.octets = await published(connector(changed), keys.metadata.signing())
    await trust.refresh()
    expect(infos.slice(1)).toEqual([`connector ${CONNECTOR} of XB has other signing keys`])
    expect(trust.registry.find(CONNECTOR, 'connector')?.keys.keys).toMatchObject([
      { certificate: keys.metadata.verification.certificate },
    ])
  })

  test('A-215: a bad document disturbs no other, and what it held stays; told once, and once that it is over', async () => {
    const bad = new Place('bad', ofConnector)
    const { trust, warnings, infos } = await keep([bad, new Place('good', ofService)])
    for (const octets of [new NodeFault('MD_FETCH', 'gone'), Buffer.from('<broken'), ofConnector.slice(0, -9)]) {
      bad.octets = octets
      await trust.refresh()
      await trust.refresh()
      expect(ids(trust)).toEqual([CONNECTOR, SERVICE])
    }
    expect(codes(trust)).toEqual(['XML_PARSE'])
    expect(warnings.map((text) => /: ([A-Z_]+)/.exec(text)?.[1])).toEqual(['MD_FETCH', 'XML_PARSE', 'XML_PARSE'])
    bad.octets = ofConnector
    await trust.refresh()
    expect(trust.problems()).toEqual([])
    expect(infos.at(-1)).toBe('metadata from bad.xml is as it should be again')
  })

  test('A-215: what is held stays until its validUntil and no longer', async () => {
    let now = NOW
    const place = new Place('xb', ofConnector)
    const { trust, infos } = await keep([place], { clock: () => now })
    place.octets = new NodeFault('MD_FETCH')
    now = NOW + 7 * DAY
    expect(ids(trust)).toEqual([])
    await trust.refresh()
    expect(trust.registry.held()).toEqual([])
    expect(infos.at(-1)).toBe(`connector ${CONNECTOR} of XB is not trusted any more`)
  })

  test('A-207: MD_ROLLBACK for an older document, in whole: nobody comes back by it and nobody goes', async () => {
    const place = new Place('xb', ofConnector)
    const { trust } = await keep([place])
    const older = aggregate([proxyService(keys)], NOW + DAY)
    place.octets = await published(older, keys.metadata.signing())
    await trust.refresh()
    expect(codes(trust)).toEqual(['MD_ROLLBACK'])
    expect(ids(trust)).toEqual([CONNECTOR])
    expect(trust.registry.find(CONNECTOR, 'connector')?.validUntil).toBe(NOW + 7 * DAY)
  })

  describe('A-266: what says when it was issued', () => {
    const issuedAt = (at: number, days: number, entities = [connector(keys)]) =>
      published(aggregate(entities, NOW + days * DAY, at), keys.metadata.signing())
    const withOtherKey = () => [connector({ ...keys, signing: keys.metadata })]
    const keyOf = ({ registry }: KeptTrust) => registry.find(CONNECTOR, 'connector')?.keys.keys[0]?.certificate

    test('replaces what was issued before, though it is valid for less long: a stolen key is out of use at once', async () => {
      const place = new Place('xb', await issuedAt(NOW - 2 * DAY, 10))
      const { trust } = await keep([place])
      place.octets = await issuedAt(NOW - DAY, 1, withOtherKey())
      await trust.refresh()
      expect(trust.problems()).toEqual([])
      expect(keyOf(trust)).toBe(keys.metadata.verification.certificate)
    })

    test('MD_ROLLBACK for what was issued before it, however long that is valid, and for what does not say', async () => {
      const place = new Place('xb', await issuedAt(NOW - DAY, 1, withOtherKey()))
      const { trust } = await keep([place])
      for (const older of [await issuedAt(NOW - 2 * DAY, 10), ofConnector]) {
        place.octets = older
        await trust.refresh()
        expect(codes(trust)).toEqual(['MD_ROLLBACK'])
        expect(keyOf(trust)).toBe(keys.metadata.verification.certificate)
      }
    })

    test('replaces what does not say it, where it was issued after that had been seen', async () => {
      let now = NOW
      const place = new Place('xb', ofConnector)
      const { trust } = await keep([place], { clock: () => now })
      place.octets = await issuedAt(NOW - 1_000, 1, withOtherKey())
      await trust.refresh()
      expect(codes(trust)).toEqual(['MD_ROLLBACK'])
      now = NOW + 3_600_000
      place.octets = await issuedAt(NOW + 1_800_000, 1, withOtherKey())
      await trust.refresh()
      expect(trust.problems()).toEqual([])
      expect(keyOf(trust)).toBe(keys.metadata.verification.certificate)
    })

    test('MD_TIME for what was issued in the future', async () => {
      const place = new Place('xb', await issuedAt(NOW + DAY, 10))
      const { trust } = await keep([place])
      expect(codes(trust)).toEqual(['MD_TIME'])
    })
  })

  describe('A-268: what does not say when it was issued', () => {
    const withKeys = async (signing: readonly (keyof PeerKeys)[], days: number) => {
      const { roles, ...entity } = connector(keys)
      const [own, ...others] = roles.sp?.keys ?? []
      const said = certificatesOf(signing).map((one) => own && { ...own, certificates: [one] })
      const sp = roles.sp && { ...roles.sp, keys: [...said.flatMap((one) => (one ? [one] : [])), ...others] }
      return published({ ...entity, validUntil: NOW + days * DAY, roles: { sp } }, keys.metadata.signing())
    }
    const keysOf = ({ registry }: KeptTrust) =>
      registry.find(CONNECTOR, 'connector')?.keys.keys.map(({ certificate }) => certificate)
    const certificatesOf = (names: readonly (keyof PeerKeys)[]) =>
      names.map((name) => keys[name].verification.certificate)

    test('MD_ROLLBACK though it only takes a key away: what is older than both would be the newer one then', async () => {
      const place = new Place('xb', await withKeys(['signing', 'metadata'], 10))
      const { trust } = await keep([place])
      for (const older of [await withKeys(['signing'], 1), await withKeys(['signing', 'metadata'], 5)]) {
        place.octets = older
        await trust.refresh()
        expect(codes(trust)).toEqual(['MD_ROLLBACK'])
        expect(keysOf(trust)).toEqual(certificatesOf(['signing', 'metadata']))
      }
    })

    test('counts where the operator puts it in place of the file that is taken away, under another name', async () => {
      const place = new Place('xb', await withKeys(['signing', 'metadata'], 10))
      const { trust } = await keep([place])
      place.octets = await withKeys(['signing'], 1)
      place.settings = { ...place.settings, place: 'xb-2.xml' }
      await trust.refresh()
      expect(trust.problems()).toEqual([])
      expect(keysOf(trust)).toEqual(certificatesOf(['signing']))
    })
  })

  test('R-IA-25: a signer that counts no more takes its entities with it', async () => {
    const place = new Place('xb', ofConnector)
    const { trust } = await keep([place])
    const [anchor] = readAnchors([keys.metadata.certificate]).certificates
    place.revoked = [anchor?.x509.fingerprint256 ?? '']
    await trust.refresh()
    expect(codes(trust)).toEqual(['TRUST_REVOKED'])
    expect(ids(trust)).toEqual([])
  })

  test('A-205: a stranger takes nobody with him', async () => {
    const place = new Place('xb', ofConnector)
    const { trust } = await keep([place])
    place.octets = await published(connector(keys), keys.signing.signing())
    await trust.refresh()
    expect(codes(trust)).toEqual(['MD_SIG'])
    expect(ids(trust)).toEqual([CONNECTOR])
  })

  test('A-217: an entity in two documents of one source is of the first', async () => {
    const second = new Place('second', ofConnector)
    second.settings = { ...second.settings, source: 'first' }
    const { trust } = await keep([new Place('first', ofConnector), second])
    expect(codes(trust)).toEqual(['MD_ENTITY'])
    expect(trust.registry.held()).toMatchObject([{ entityId: CONNECTOR, place: 'first.xml' }])
  })

  test('a directory that cannot be read has the documents it had', async () => {
    const place = new Place('xb', ofConnector)
    const { trust } = await keep([place])
    place.listing = 'broken'
    place.octets = ofService
    await trust.refresh()
    expect(codes(trust)).toEqual(['MD_FETCH'])
    expect(ids(trust)).toEqual([SERVICE])
  })

  test('R-IA-29, R-LAW-6: happens by itself, again and again, until it is stopped', async () => {
    const place = new Place('xb', ofConnector)
    const { trust } = await keep([place], { period: 20 })
    place.octets = ofService
    await pause(300)
    expect(ids(trust)).toEqual([SERVICE])
    trust.stop()
    place.octets = ofConnector
    await pause(100)
    expect(ids(trust)).toEqual([SERVICE])
  })
})

describe('suspension', () => {
  test.each<[string, Partial<Suspension>, readonly string[]]>([
    ['a country', { countries: ['XB'] }, []],
    ['another country', { countries: ['XC'] }, [CONNECTOR, SERVICE]],
    ['an entity', { entityIds: [SERVICE] }, [CONNECTOR]],
    ['a source', { sources: ['one'] }, [SERVICE]],
  ])('%s', async (_, some, left) => {
    let suspension = nobodySuspended
    const { trust } = await keep([new Place('one', ofConnector), new Place('two', ofService)], {
      suspended: async () => suspension,
    })
    expect(ids(trust)).toEqual([CONNECTOR, SERVICE])
    suspension = { ...nobodySuspended, ...some }
    await trust.refresh()
    expect(ids(trust)).toEqual(left)
    expect(trust.suspension()).toEqual(suspension)
    expect(trust.registry.find(CONNECTOR, 'connector') !== undefined).toBe(left.includes(CONNECTOR))
    suspension = nobodySuspended
    await trust.refresh()
    expect(ids(trust)).toEqual([CONNECTOR, SERVICE])
  })

  test('R-LAW-22: a scheme of our own is suspended by its name or its entityID', () => {
    const scheme = { name: 'card', entityId: 'https://idp.example/metadata' }
    expect(isSchemeSuspended(scheme, nobodySuspended)).toBe(false)
    expect(isSchemeSuspended(scheme, { ...nobodySuspended, schemes: ['app'], sources: ['card'] })).toBe(false)
    expect(isSchemeSuspended(scheme, { ...nobodySuspended, schemes: ['card'] })).toBe(true)
    expect(isSchemeSuspended(scheme, { ...nobodySuspended, entityIds: [scheme.entityId] })).toBe(true)
  })

  test('takes effect before any source is read, and is told', async () => {
    let suspension = nobodySuspended
    const slow = new Place('xb', ofConnector)
    const { trust, infos } = await keep([slow], { suspended: async () => suspension })
    const documents = slow.documents.bind(slow)
    slow.documents = () => pause(200).then(documents)
    suspension = { ...nobodySuspended, countries: ['XB'] }
    const refreshed = trust.refresh()
    await pause(20)
    expect(ids(trust)).toEqual([])
    await refreshed
    expect(infos.slice(1)).toEqual(['suspended: XB', `connector ${CONNECTOR} of XB is not trusted any more`])
  })

  test('is told once of each word that suspends nobody, for it may be misspelt', async () => {
    const suspension = {
      countries: ['XB', 'XZ'],
      entityIds: ['https://typo'],
      sources: ['xc'],
      schemes: ['card', 'app'],
    }
    const { trust, warnings } = await keep([new Place('xb', ofConnector)], {
      suspended: async () => suspension,
      schemes: ['app'],
    })
    await trust.refresh()
    expect(warnings).toEqual([
      'XZ is suspended, but in no metadata',
      'https://typo is suspended, but in no metadata',
      'xc is suspended, but no source has this name',
      'card is suspended, but no scheme has this name',
    ])
  })

  test('stays as it is while the configuration cannot be read', async () => {
    let suspended: RefreshOptions['suspended'] = async () => ({ ...nobodySuspended, countries: ['XB'] })
    const { trust, warnings } = await keep([new Place('xb', ofConnector)], { suspended: () => suspended() })
    suspended = async () => Promise.reject(new NodeFault('CFG_INVALID', 'is not JSON'))
    await trust.refresh()
    expect(ids(trust)).toEqual([])
    expect(warnings).toEqual(['suspensions stay as they are: CFG_INVALID: is not JSON'])
  })
})
