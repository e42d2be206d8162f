import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { login } from '../../demo/browse.ts'
import { type Citizen, citizens } from '../../demo/citizens.ts'
import { prepareNode } from '../../demo/demo-node.ts'
import { startFederation } from '../../demo/federation.ts'
import type { Federation } from '../../demo/federation-model.ts'
import { freePorts } from '../testkit/ports.ts'
import { newNotingAgent } from './citizen.ts'
import { type SignedFile, verifiers } from './verifiers.ts'

/*
 * What our nodes sign, as it stands in the browser or on the web, held against other implementations: every kind of
 * message of a sign-in in both directions of the demo, and metadata by keys of several kinds.
 */

interface Signed {
  readonly name: string
  readonly xml: string
}

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata'
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'

let folder: string
let signed: readonly Signed[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-signatures-'))
  signed = [...(await messages()), ...(await metadata())]
}, 240_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The messages of our nodes, by who sends what; parties' own are left out. */
async function messages(): Promise<readonly Signed[]> {
  const federation = await startFederation({ ports: await freePorts(7) })
  try {
    const found = new Map<string, string>()
    for (const from of ['XA', 'XB'] as const) {
      for (const message of await signIn(federation, from)) {
        const issuer = /<saml2:Issuer[^>]*>http:\/\/localhost:\d+\/([^<]+)</.exec(message)?.[1]
        const kind = /^<saml2p:(\w+)/.exec(message)?.[1]
        if (issuer !== undefined && kind !== undefined) found.set(`${kind} of ${issuer} towards ${from}`, message)
      }
    }
    return [...found].map(([name, xml]) => ({ name, xml }))
  } finally {
    await federation.stop()
  }
}

async function signIn({ portals }: Federation, from: Citizen['country']): Promise<readonly string[]> {
  const portal = portals.find(({ country }) => country !== from)
  const citizen = citizens.find(({ country, level }) => country === from && level !== 'low')
  if (portal === undefined || citizen === undefined) throw new TypeError('there is no such portal or citizen')
  const agent = newNotingAgent()
  await login({ ...citizen, portal: portal.url }, agent)
  return agent.carried.map(({ xml }) => xml.toString())
}

async function metadata(): Promise<readonly Signed[]> {
  const all: Signed[] = []
  for (const metadataKey of ['P-256', 'P-384', 'RSA-3072'] as const) {
    const parent = join(folder, metadataKey)
    await mkdir(parent)
    const scheme = { kind: 'passport', strategy: 'national' } as const
    const node = await prepareNode({ country: 'XA', other: 'XB', parent, port: 8080, scheme, metadataKey })
    for (const [path, document] of await node.published()) {
      all.push({ name: `${path} by ${metadataKey}`, xml: Buffer.from(document).toString() })
    }
  }
  return all
}

function algorithmOf({ xml }: Signed): string {
  return /<ds:SignatureMethod Algorithm="([^"]+)"/.exec(xml)?.[1] ?? ''
}

/** The certificate in the signature; that it is the one of the metadata, others test. */
function certificateOf({ xml }: Signed): string {
  const body = /<ds:X509Certificate>([^<]+)</.exec(xml)?.[1] ?? ''
  return `-----BEGIN CERTIFICATE-----\n${body.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
}

async function filesOf(one: Signed, index: number, change: (xml: string) => string): Promise<SignedFile> {
  const xml = join(folder, `${index}.xml`)
  const certificate = join(folder, `${index}.pem`)
  await writeFile(xml, change(one.xml))
  await writeFile(certificate, certificateOf(one))
  const root = /^<\w+:(\w+)/.exec(one.xml)?.[1] ?? ''
  return { xml, certificate, root: `${root === 'EntityDescriptor' ? METADATA : PROTOCOL}:${root}` }
}

test('there is something of every kind', () => {
  expect(signed.map(({ name }) => name).toSorted()).toEqual(
    [
      ...['XA', 'XB'].flatMap((from) => [
        `AuthnRequest of connector/metadata/eidas towards ${from}`,
        `Response of proxy-service/metadata/eidas towards ${from}`,
        `Response of connector/metadata/national towards ${from}`,
      ]),
      'AuthnRequest of proxy-service/metadata/national towards XA',
      ...['P-256', 'P-384', 'RSA-3072'].flatMap((kind) =>
        ['connector', 'proxy-service'].flatMap((half) =>
          ['eidas', 'national'].map((face) => `/${half}/metadata/${face} by ${kind}`),
        ),
      ),
    ].toSorted(),
  )
  expect(new Set(signed.map(algorithmOf)).size).toBe(4)
})

test.each(Object.entries(verifiers))(
  '%s verifies all that is signed as it knows, and nothing that was changed',
  async (_, verifier) => {
    const known = signed.filter((one) => verifier.knows(algorithmOf(one)))
    const verdicts = async (change: (xml: string) => string) => {
      const files = await Promise.all(known.map((one, index) => filesOf(one, index, change)))
      return Object.fromEntries(verifier.verify(files).map((verdict, index) => [known[index]?.name, verdict]))
    }
    const all = (verdict: boolean) => Object.fromEntries(known.map(({ name }) => [name, verdict]))
    expect(known.length).toBeGreaterThan(10)
    expect(await verdicts((xml) => xml)).toEqual(all(true))
    expect(await verdicts((xml) => xml.replace(/(IssueInstant|validUntil)="2/, '$1="3'))).toEqual(all(false))
  },
  120_000,
)
