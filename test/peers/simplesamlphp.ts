import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listens, runInBackground } from './background.ts'
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
 * SimpleSAMLphp as a country's identity provider, under PHP's own web server: its login form in front of a list of
 * users, and one level of assurance for all. It takes the proxy service's metadata by its metarefresh module, which
 * verifies the signature, and wants requests signed. Its assertions go signed and, as its only cipher is AES-CBC, not
 * encrypted, unless a test wants to see that.
 */
export interface SimpleSaml extends Peer {
  /** Switches the encryption of assertions on or off; the next sign-in has it. */
  encrypt(encrypts: boolean): Promise<void>
}

const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const INSTALLED = '/usr/share/simplesamlphp'

export const simpleSamlId = (host: string, port: number) => `http://${host}:${port}/saml2/idp/metadata.php`

export async function startSimpleSaml(plan: IdentityProviderPlan): Promise<SimpleSaml> {
  const { folder, host, port } = plan
  const entityId = simpleSamlId(host, port)
  await prepare(plan)
  await writeFile(
    join(folder, 'authsources.php'),
    php('config', { national: { 0: 'exampleauth:UserPass', ...namedFacts(plan) } }),
  )
  const encrypt = (encrypts: boolean) =>
    writeFile(join(folder, 'metadata/saml20-idp-hosted.php'), php('metadata', { [entityId]: hosted(plan, encrypts) }))
  await encrypt(false)
  await loadMetadata(plan, 'saml20-sp-remote.php')
  return { ...(await serve(plan, entityId)), entityId, encrypt }
}

/**
 * SimpleSAMLphp as a service provider, with an authentication source of its saml module. Its page is the one of its own
 * that shows what an authentication source says of the user.
 */
export async function startSimpleSamlService(plan: PeerPlan): Promise<Service> {
  const { folder, host, port } = plan
  const origin = `http://${host}:${port}`
  const entityId = `${origin}/module.php/saml/sp/metadata.php/eidas`
  await prepare(plan)
  await writeFile(join(folder, 'authsources.php'), php('config', { eidas: service(plan, entityId) }))
  await loadMetadata(plan, 'saml20-idp-remote.php')
  const page = `${origin}/module.php/core/authenticate.php?as=eidas`
  return { ...(await serve(plan, entityId)), entityId, page }
}

async function prepare(plan: PeerPlan): Promise<void> {
  const path = (name: string) => join(plan.folder, name)
  for (const name of ['metadata', 'log', 'sessions', 'data', 'tmp']) await mkdir(path(name), { recursive: true })
  await writePair(plan.folder, 'simplesamlphp')
  await writeFile(path('config.php'), php('config', configuration(plan)))
}

async function serve({ folder, host, port }: PeerPlan, metadataAt: string): Promise<Pick<Peer, 'metadata' | 'stop'>> {
  const { stop } = await runInBackground({
    command: 'php',
    // Or it would go on with a file it has read, however it changed.
    words: ['-d', 'opcache.enable=0', '-S', `${host}:${port}`, '-t', join(INSTALLED, 'www')],
    log: join(folder, 'php.out'),
    environment: { SIMPLESAMLPHP_CONFIG_DIR: folder },
    ready: () => listens(host, port),
  })
  try {
    return { metadata: await publishedAt(metadataAt), stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

/** Throws with what the module says when the document does not verify against the anchor. */
async function loadMetadata({ folder, node }: PeerPlan, written: string): Promise<void> {
  const path = (name: string) => join(folder, name)
  await writeFile(path('node.xml'), node.metadata)
  await writeFile(path('anchor.crt.pem'), node.anchor)
  const words = ['--certificate=anchor.crt.pem', `--out-dir=${path('metadata')}`, path('node.xml')]
  const program = join(INSTALLED, 'modules/metarefresh/bin/metarefresh.php')
  const said = execFileSync('php', [program, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SIMPLESAMLPHP_CONFIG_DIR: folder },
  })
  if (!existsSync(path(`metadata/${written}`))) throw new Error(`no metadata taken: ${said}`)
}

/** A PHP file that sets a variable; values are those JSON knows. */
function php(variable: string, value: object): string {
  const literal = JSON.stringify(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'")
  return `<?php\n$${variable} = json_decode('${literal}', true);\n`
}

function configuration({ folder, host, port }: PeerPlan) {
  const path = (name: string) => `${join(folder, name)}/`
  return {
    baseurlpath: `http://${host}:${port}/`,
    certdir: path('.'),
    loggingdir: path('log'),
    datadir: path('data'),
    tempdir: path('tmp'),
    metadatadir: path('metadata'),
    attributenamemapdir: '/etc/simplesamlphp/attributemap/',
    technicalcontact_name: 'Operations',
    technicalcontact_email: 'operations@eid.example',
    secretsalt: 'only for this test, made of nothing',
    'auth.adminpassword': 'nobody uses this',
    errorreporting: false,
    'logging.handler': 'file',
    'logging.level': 7,
    'enable.saml20-idp': true,
    'module.enable': { exampleauth: true, core: true, saml: true, metarefresh: true },
    'store.type': 'phpsession',
    'session.phpsession.savepath': path('sessions'),
    'session.cookie.secure': false,
    'session.cookie.samesite': null,
    'language.cookie.secure': false,
    'language.cookie.samesite': null,
    'metadata.sources': [{ type: 'flatfile' }],
  }
}

function hosted({ scheme, level }: IdentityProviderPlan, encrypts: boolean) {
  return {
    host: '__DEFAULT__',
    privatekey: 'simplesamlphp.key.pem',
    certificate: 'simplesamlphp.crt.pem',
    auth: 'national',
    'signature.algorithm': 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'saml20.sign.response': true,
    'assertion.encryption': encrypts,
    'validate.authnrequest': true,
    SingleSignOnServiceBinding: ['HTTP-Redirect', 'HTTP-POST'].map(
      (binding) => `urn:oasis:names:tc:SAML:2.0:bindings:${binding}`,
    ),
    NameIDFormat: PERSISTENT,
    authproc: {
      10: { class: 'saml:PersistentNameID', attribute: scheme.attributeNames.PersonIdentifier },
      20: { class: 'saml:AuthnContextClassRef', AuthnContextClassRef: scheme.levels[level] },
    },
  }
}

function service({ node }: PeerPlan, entityID: string) {
  return {
    0: 'saml:SP',
    entityID,
    idp: node.entityId,
    privatekey: 'simplesamlphp.key.pem',
    certificate: 'simplesamlphp.crt.pem',
    'sign.authnrequest': true,
    'signature.algorithm': 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    ForceAuthn: true,
    AuthnContextClassRef: SUBSTANTIAL,
    AuthnContextComparison: 'minimum',
    NameIDPolicy: { Format: PERSISTENT, AllowCreate: true },
    name: { en: SERVICE },
    attributes: Object.fromEntries(wanted.map(({ id, name }) => [id, name])),
    'attributes.required': wanted.filter(({ required }) => required).map(({ name }) => name),
    'attributes.NameFormat': 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
  }
}
