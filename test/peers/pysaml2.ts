import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mappingOf, nationalSchemes } from '../../demo/national-schemes.ts'
import { runInBackground } from './background.ts'
import {
  type IdentityProviderPlan,
  namedFacts,
  type Peer,
  type PeerPlan,
  publishedAt,
  SERVICE,
  type Service,
  SUBSTANTIAL,
  wanted,
  writePair,
} from './peer.ts'

/**
 * pysaml2 in the smallest application (pysaml2.py). PASSERELLE_PYTHON names another Python than Debian's, to try another
 * version of the library.
 */
const PYTHON = process.env['PASSERELLE_PYTHON'] ?? '/usr/bin/python3'
const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), 'pysaml2.py')

const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings:'
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const algorithms = {
  signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
}

export interface PythonService extends Service {
  /** The same page by a request over redirect. */
  readonly redirect: string
}

export interface PythonProvider extends Peer {
  /** Switches the encryption of assertions on or off; the next sign-in has it. */
  encrypt(encrypts: boolean): Promise<void>
}

export async function startPythonService(plan: PeerPlan): Promise<PythonService> {
  const { host, port, node } = plan
  const origin = `http://${host}:${port}`
  const stop = await start('sp', plan, {
    node: node.entityId,
    saml: {
      ...common(plan),
      allow_unknown_attributes: true,
      service: {
        sp: {
          name: SERVICE,
          name_id_format: [PERSISTENT],
          authn_requests_signed: true,
          want_response_signed: true,
          want_assertions_signed: false,
          allow_unsolicited: false,
          force_authn: 'true',
          sp_type: 'public',
          sp_type_in_metadata: false,
          requested_attributes: wanted.map(({ id, name, required }) => ({
            name,
            friendly_name: id,
            name_format: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
            required,
          })),
          requested_authn_context: { authn_context_class_ref: [SUBSTANTIAL], comparison: 'minimum' },
          endpoints: { assertion_consumer_service: [[`${origin}/acs`, `${BINDINGS}HTTP-POST`]] },
        },
      },
    },
  })
  return {
    entityId: `${origin}/metadata`,
    page: `${origin}/private/page`,
    redirect: `${origin}/private/redirect`,
    metadata: await publishedAt(`${origin}/metadata`),
    stop,
  }
}

/** pysaml2 says the names that it knows by its own attribute maps, all others as they are. */
const asSaid: Readonly<Record<string, string>> = {
  surname: 'urn:mace:dir:attribute-def:surname',
  givenName: 'urn:mace:dir:attribute-def:givenName',
}

const { attributes, loa } = mappingOf(nationalSchemes.XA)
export const pythonMapping = {
  attributes: Object.fromEntries(Object.entries(attributes).map(([name, uri]) => [asSaid[name] ?? name, uri])),
  loa,
}

export const pythonProviderId = (host: string, port: number) => `http://${host}:${port}/metadata`

export async function startPythonProvider(plan: IdentityProviderPlan): Promise<PythonProvider> {
  const { host, port, scheme, level } = plan
  const origin = `http://${host}:${port}`
  const sso = ['HTTP-POST', 'HTTP-Redirect'].map((binding) => [`${origin}/sso`, BINDINGS + binding])
  const stop = await start('idp', plan, {
    users: namedFacts(plan),
    classRef: scheme.levels[level],
    saml: {
      ...common(plan),
      service: {
        idp: {
          name: 'National eID',
          name_id_format: [PERSISTENT],
          want_authn_requests_signed: true,
          endpoints: { single_sign_on_service: sso },
          policy: { default: { lifetime: { minutes: 5 }, name_form: scheme.nameFormat } },
        },
      },
    },
  })
  const encrypt = async (encrypts: boolean) => {
    await publishedAt(`${origin}/switch?encrypts=${encrypts}`)
  }
  return { entityId: pythonProviderId(host, port), metadata: await publishedAt(`${origin}/metadata`), encrypt, stop }
}

/** What either kind needs of pysaml2: keys, and the node's metadata, which it takes by its signature. */
function common({ folder, host, port }: PeerPlan) {
  const path = (name: string) => join(folder, name)
  const pair = { key_file: path('pysaml2.key.pem'), cert_file: path('pysaml2.crt.pem') }
  return {
    entityid: `http://${host}:${port}/metadata`,
    xmlsec_binary: '/usr/bin/xmlsec1',
    ...pair,
    encryption_keypairs: [pair],
    signing_algorithm: algorithms.signature,
    digest_algorithm: algorithms.digest,
    accepted_time_diff: 60,
    metadata: {
      remote: [
        {
          url: `http://${host}:${port}/node.xml`,
          cert: path('anchor.crt.pem'),
          // What is signed: one entity.
          node_name: 'urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor',
        },
      ],
    },
  }
}

async function start(kind: 'sp' | 'idp', plan: PeerPlan, configuration: object): Promise<() => Promise<void>> {
  const { folder, host, port, node } = plan
  const path = (name: string) => join(folder, name)
  await mkdir(folder, { recursive: true })
  await writePair(folder, 'pysaml2')
  await writeFile(path('node.xml'), node.metadata)
  await writeFile(path('anchor.crt.pem'), node.anchor)
  await writeFile(
    path('plan.json'),
    JSON.stringify({ host, port, metadata: path('node.xml'), ...algorithms, ...configuration }),
  )
  const { stop } = await runInBackground({
    command: PYTHON,
    words: ['-u', PROGRAM, kind, path('plan.json')],
    log: path('python.out'),
    ready: () =>
      fetch(`http://${host}:${port}/metadata`).then(
        ({ ok }) => ok,
        () => false,
      ),
  })
  return stop
}
