import { openSync, writeSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { nationalSpEntity } from '../src/profiles/national/metadata.ts'
import { writeInstant } from '../src/saml/instants.ts'
import { writeEntityDescriptor } from '../src/saml/metadata/entity.ts'
import { originsOf } from '../src/trust/origins.ts'
import { keepTrust } from '../src/trust/refresh.ts'
import { readInThreads } from '../src/trust/threads.ts'
import { md } from '../src/xml/names.ts'
import { el, writeXml } from '../src/xml/writer.ts'
import { createCertificate, createKey } from '../src/xmlsec/certificate.ts'
import { signingKey } from '../src/xmlsec/keys.ts'
import { signElement } from '../src/xmlsec/sign.ts'

/**
 * How long a federation's aggregate of 5,000 entities and 20 MB holds up the thread that serves sign-ins: the longest
 * pause of the event loop while it is read at start, and while it is read again.
 */

const ENTITIES = 5_000
const OCTETS_OF_AN_ENTITY = 4_200
const DAY = 86_400_000
/** Milliseconds in which nothing is done: the pauses then are those of the machine. */
const IDLE = 20_000

interface Party {
  readonly privateKey: string
  readonly certificate: string
}

async function party(commonName: string, usage: 'signing' | 'encryption'): Promise<Party> {
  const key = await createKey('P-256')
  const certificate = createCertificate({ subject: { commonName }, key, now: Date.now() - DAY, days: 30, usage })
  return { privateKey: key, certificate }
}

const der = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '')

async function aggregate(signer: Party): Promise<Uint8Array> {
  const parties = await Promise.all(
    Array.from({ length: 50 }, async (_, at) => ({
      signing: await party(`signing ${at}`, 'signing'),
      encryption: await party(`encryption ${at}`, 'encryption'),
    })),
  )
  const entities = Array.from({ length: ENTITIES }, (_, at) => {
    const { signing, encryption } = parties[at % parties.length] ?? {}
    const keys = { signing: [der(signing?.certificate ?? '')], encryption: [der(encryption?.certificate ?? '')] }
    const id = `https://portal${at}.example/metadata`
    const organization = {
      name: `Agency ${at}`,
      displayName: `Agency ${at}`,
      url: `https://portal${at}.example/`,
      lang: 'en',
    }
    const entity = nationalSpEntity(
      { entityId: id, id: `_${at}`, validUntil: Date.now() + 7 * DAY, keys, organization },
      [`https://portal${at}.example/acs`],
    )
    const { length } = writeXml(writeEntityDescriptor(entity))
    const description = 'a service of this agency '.repeat(Math.max(0, Math.ceil((OCTETS_OF_AN_ENTITY - length) / 25)))
    const contacts = [
      { contactType: 'other', company: description.slice(0, 1_000), emailAddresses: [], telephoneNumbers: [] },
    ]
    return writeEntityDescriptor({ ...entity, contacts: [...contacts, ...contacts] })
  })
  const validUntil = writeInstant(Date.now() + 7 * DAY)
  const key = signingKey({ privateKey: signer.privateKey, certificates: [signer.certificate] })
  return writeXml(
    await signElement(el(md('EntitiesDescriptor'), { ID: '_all', validUntil }, ...entities), key, { chain: true }),
  )
}

const folder = await mkdtemp(join(tmpdir(), 'passerelle-'))
try {
  const signer = await party('federation', 'signing')
  const octets = await aggregate(signer)
  await writeFile(join(folder, 'all.xml'), octets)
  await writeFile(join(folder, 'anchor.pem'), signer.certificate)
  const source = {
    files: [join(folder, 'all.xml')],
    anchors: [join(folder, 'anchor.pem')],
    roles: ['service-provider'],
    aggregate: false,
  } as const
  const say = (line: string) => process.stdout.write(`${line}\n`)
  say(`${ENTITIES} entities, ${(octets.length / 1e6).toFixed(1)} MB`)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const measured = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    delay.reset()
    delay.enable()
    const start = performance.now()
    const result = await work()
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    delay.disable()
    say(`${what}: ${seconds} s, longest pause ${(delay.max / 1e6).toFixed(0)} ms`)
    return result
  }
  const idle = () => new Promise<void>((resolve) => setTimeout(resolve, IDLE))
  await measured('nothing at all, which is the floor', idle)
  const problems: string[] = []
  const logged = openSync(join(folder, 'log'), 'w')
  const info = (text: string) => void writeSync(logged, `${JSON.stringify({ level: 'info', text })}\n`)
  const trust = await measured('read at start', () =>
    keepTrust({
      origins: originsOf({ sources: [source], read: readInThreads() }, () =>
        Promise.reject(new Error('nothing is fetched')),
      ),
      suspended: async () => ({ countries: [], entityIds: [], sources: [], schemes: [] }),
      period: DAY,
      clock: Date.now,
      random: Math.random,
      log: { info, warn: (text) => problems.push(text) },
    }),
  )
  await measured('read again', () => trust.refresh())
  await measured('nothing at all once more', idle)
  say(`${trust.registry.all('service-provider').length} trusted, ${problems.length} problems`)
  for (const problem of problems.slice(0, 3)) say(problem)
  trust.stop()
} finally {
  await rm(folder, { recursive: true })
}
