import { join } from 'node:path'
import { openServer } from '../../demo/party.ts'
import { runInBackground } from './background.ts'
import {
  type IdentityProviderPlan,
  type NodeFace,
  namedFacts,
  type Peer,
  type PeerPlan,
  publishedAt,
  type Service,
  SUBSTANTIAL,
  wanted,
} from './peer.ts'

/**
 * Keycloak as a country's identity provider, and as a service provider: a broker between the connector and an application
 * that speaks OpenID Connect. It is set up by its administration API, as its console does it, and reads our metadata
 * through the imports of the console.
 */
export interface Keycloak {
  /** Reads the proxy service's metadata as a client, whose users are the citizens. */
  provide(plan: IdentityProviderPlan): Promise<Peer>
  /** Reads the connector's metadata as an identity provider. */
  broker(node: NodeFace): Promise<Service>
  /** Changes attributes of the client that the proxy service is. */
  change(attributes: Readonly<Record<string, string>>): Promise<void>
  stop(): Promise<void>
}

/** Where test/keycloak/run.js has unpacked it. */
const HOME = process.env['PASSERELLE_KEYCLOAK'] ?? ''
const REALM = 'xa'
const ALIAS = 'eidas'
const PERSISTENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const admin = { username: 'admin', password: 'only for this test' }

export const keycloakId = (host: string, port: number) => `http://${host}:${port}/realms/${REALM}`

/** What Keycloak says of the level of every sign-in. */
export const CLASS = 'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified'

export async function startKeycloak({
  host,
  port,
  folder,
}: Pick<PeerPlan, 'host' | 'port' | 'folder'>): Promise<Keycloak> {
  const origin = `http://${host}:${port}`
  const { stop } = await runInBackground({
    command: '/bin/bash',
    words: [
      join(HOME, 'bin/kc.sh'),
      'start',
      '--optimized',
      '--cache=local',
      '--http-enabled=true',
      '--hostname-strict=false',
      `--http-host=${host}`,
      `--http-port=${port}`,
    ],
    log: `${folder}.keycloak.out`,
    environment: { KC_BOOTSTRAP_ADMIN_USERNAME: admin.username, KC_BOOTSTRAP_ADMIN_PASSWORD: admin.password },
    ready: () =>
      fetch(`${origin}/realms/master`).then(
        ({ ok }) => ok,
        () => false,
      ),
    patience: 600_000,
  })
  const api = newApi(origin)
  await api.send('POST', '', { realm: REALM, enabled: true, sslRequired: 'none' })
  // Attributes of users that no profile names, and no page that asks for a first name and an e-mail address.
  const permissions = { view: ['admin', 'user'], edit: ['admin', 'user'] }
  await api.send('PUT', `/${REALM}/users/profile`, {
    attributes: ['username', 'email'].map((name) => ({ name, permissions })),
    unmanagedAttributePolicy: 'ENABLED',
  })
  let client = ''
  let stopApplication: () => Promise<void> = () => Promise.resolve()
  return {
    async provide(plan) {
      client = await provide(api, plan)
      return {
        entityId: keycloakId(host, port),
        metadata: await publishedAt(`${keycloakId(host, port)}/protocol/saml/descriptor`),
        stop,
      }
    },
    async broker(node) {
      const application = await openApplication(keycloakId(host, port))
      stopApplication = application.stop
      await broker(api, node, application.origin)
      const entityId = keycloakId(host, port)
      const metadata = await publishedAt(`${entityId}/broker/${ALIAS}/endpoint/descriptor`)
      return { entityId, page: `${application.origin}/page`, metadata, stop: application.stop }
    },
    async change(attributes) {
      const path = `/${REALM}/clients/${client}`
      const known = await api.send('GET', path)
      await api.send('PUT', path, { ...known, attributes: { ...Object(known['attributes']), ...attributes } })
    },
    stop: () => Promise.all([stopApplication(), stop()]).then(() => undefined),
  }
}

/** What the API says: passed on, and hardly looked into. */
type Said = Readonly<Record<string, unknown>>

type Api = ReturnType<typeof newApi>

function newApi(origin: string) {
  const token = async () => {
    const body = new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', ...admin })
    const response = await fetch(`${origin}/realms/master/protocol/openid-connect/token`, { method: 'POST', body })
    const said: Said = await response.json()
    return String(said['access_token'])
  }
  const call = async (method: string, path: string, body: RequestInit['body'], type?: string): Promise<Said> => {
    const headers = {
      authorization: `Bearer ${await token()}`,
      ...(type === undefined ? {} : { 'content-type': type }),
    }
    const response = await fetch(`${origin}/admin/realms${path}`, { method, headers, body: body ?? null })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`)
    return text === '' ? { location: response.headers.get('location') ?? '' } : JSON.parse(text)
  }
  return {
    send: (method: string, path: string, value?: object) =>
      call(method, path, value === undefined ? undefined : JSON.stringify(value), 'application/json'),
    sendText: (path: string, text: string) => call('POST', path, text, 'text/plain'),
    sendForm: (path: string, form: FormData) => call('POST', path, form),
  }
}

/** The proxy service as a client; resolves to the name that the API has for it. */
async function provide(api: Api, plan: IdentityProviderPlan): Promise<string> {
  const { node, scheme, citizens } = plan
  const imported = await api.sendText(`/${REALM}/client-description-converter`, Buffer.from(node.metadata).toString())
  const created = await api.send('POST', `/${REALM}/clients`, {
    ...imported,
    attributes: {
      ...Object(imported['attributes']),
      'saml.server.signature': 'true',
      'saml.assertion.signature': 'false',
      'saml.signature.algorithm': 'RSA_SHA256',
      'saml.client.signature': 'true',
      'saml.encrypt': 'false',
      'saml.force.post.binding': 'true',
      saml_name_id_format: 'persistent',
    },
    // Without role_list, which says Role once for each role.
    defaultClientScopes: [],
    protocolMappers: Object.values(scheme.attributeNames).map((name) => ({
      name,
      protocol: 'saml',
      protocolMapper: 'saml-user-attribute-mapper',
      config: { 'user.attribute': name, 'attribute.name': name, 'attribute.nameformat': 'Basic' },
    })),
  })
  const facts = namedFacts(plan)
  for (const { user, password } of citizens) {
    await api.send('POST', `/${REALM}/users`, {
      username: user,
      enabled: true,
      attributes: facts[`${user}:${password}`],
      credentials: [{ type: 'password', value: password, temporary: false }],
    })
  }
  return String(created['location']).split('/').at(-1) ?? ''
}

/** A name that none of the attributes has which every user of Keycloak has, such as firstName. */
const attributeFor = (id: string) => `eidas${id}`

/** The connector as an identity provider, and the application behind. */
async function broker(api: Api, node: NodeFace, application: string): Promise<void> {
  const form = new FormData()
  form.set('providerId', 'saml')
  form.set('file', new Blob([Buffer.from(node.metadata)]), 'node.xml')
  const imported = await api.sendForm(`/${REALM}/identity-provider/import-config`, form)
  await api.send('POST', `/${REALM}/identity-provider/instances`, {
    alias: ALIAS,
    providerId: 'saml',
    enabled: true,
    config: {
      ...imported,
      wantAuthnRequestsSigned: 'true',
      signatureAlgorithm: 'RSA_SHA256',
      validateSignature: 'true',
      postBindingAuthnRequest: 'true',
      postBindingResponse: 'true',
      wantAssertionsEncrypted: 'true',
      wantAssertionsSigned: 'false',
      forceAuthn: 'true',
      nameIDPolicyFormat: PERSISTENT,
      principalType: 'SUBJECT',
      authnContextClassRefs: JSON.stringify([SUBSTANTIAL]),
      authnContextComparisonType: 'minimum',
      attributeConsumingServiceIndex: '1',
      attributeConsumingServiceName: 'Moving house',
      syncMode: 'FORCE',
    },
  })
  for (const { id, name } of wanted) {
    await api.send('POST', `/${REALM}/identity-provider/instances/${ALIAS}/mappers`, {
      name: id,
      identityProviderAlias: ALIAS,
      identityProviderMapper: 'saml-user-attribute-idp-mapper',
      config: { 'attribute.name': name, 'user.attribute': attributeFor(id), syncMode: 'FORCE' },
    })
  }
  await api.send('POST', `/${REALM}/clients`, {
    clientId: 'application',
    publicClient: true,
    redirectUris: [`${application}/*`],
    protocolMappers: wanted.map(({ id }) => ({
      name: id,
      protocol: 'openid-connect',
      protocolMapper: 'oidc-usermodel-attribute-mapper',
      config: {
        'user.attribute': attributeFor(id),
        'claim.name': id,
        'id.token.claim': 'true',
        'jsonType.label': 'String',
      },
    })),
  })
}

/** An application that speaks OpenID Connect with Keycloak, and shows what it is told. */
async function openApplication(realm: string): Promise<{ readonly origin: string; stop(): Promise<void> }> {
  const server = await openServer(0)
  const callback = `${server.url}/callback`
  server.serve(async (request, response) => {
    const url = new URL(request.url ?? '', server.url)
    const code = url.searchParams.get('code')
    if (url.pathname === '/page') {
      const query = {
        client_id: 'application',
        response_type: 'code',
        scope: 'openid',
        redirect_uri: callback,
        kc_idp_hint: ALIAS,
      }
      response.writeHead(303, { location: `${realm}/protocol/openid-connect/auth?${new URLSearchParams(query)}` }).end()
      return
    }
    if (code === null) return void response.writeHead(403).end(String(url.searchParams.get('error')))
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'application',
      redirect_uri: callback,
      code,
    })
    const said: Said = await (await fetch(`${realm}/protocol/openid-connect/token`, { method: 'POST', body })).json()
    const claims: Said = JSON.parse(Buffer.from(String(said['id_token']).split('.')[1] ?? '', 'base64url').toString())
    response.end(
      Object.entries(claims)
        .map(([name, value]) => `${name}=${value}`)
        .join('\0'),
    )
  })
  return { origin: server.url, stop: () => server.stop() }
}
