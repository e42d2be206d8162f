import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OPEN_PAGE, PRIVATE_PAGE, startApache } from './apache.ts'
import { runInBackground } from './background.ts'
import { type PeerPlan, publishedAt, SERVICE, type Service, SUBSTANTIAL, wanted, writePair } from './peer.ts'

/**
 * The Shibboleth SP: mod_shib in an Apache, shibd behind it. It takes the connector's metadata only with a signature
 * that verifies and a date, signs its requests, and asks as eIDAS does, by a template for its AuthnRequest.
 */
export interface Shibboleth extends Service {
  /** A sign-in with the request the product makes of itself, by redirect. */
  readonly ordinary: string
  /** Asks whether somebody is signed in, without showing anything, and goes on to a page for everybody. */
  readonly passive: string
}

export async function startShibboleth(plan: PeerPlan): Promise<Shibboleth> {
  const { folder, host, port } = plan
  const path = (name: string) => join(folder, name)
  const origin = `http://${host}:${port}`
  const entityId = `${origin}/Shibboleth.sso/Metadata`
  await writeConfiguration(plan, entityId)
  const daemon = await runInBackground({
    command: '/usr/sbin/shibd',
    words: ['-F', '-f', '-c', path('shibboleth2.xml'), '-p', path('shibd.pid')],
    log: path('shibd.out'),
    ready: async () => existsSync(path('shibd.sock')),
  })
  try {
    const apache = await startApache({ ...plan, modules: { mod_shib: 'mod_shib.so' }, directives: directives(folder) })
    const stop = () => Promise.all([apache.stop(), daemon.stop()]).then(() => undefined)
    const initiator = (name: string, more: Readonly<Record<string, string>>) =>
      `${origin}/Shibboleth.sso/${name}?${new URLSearchParams(more)}`
    return {
      entityId,
      page: origin + PRIVATE_PAGE,
      ordinary: initiator('Ordinary', { target: origin + PRIVATE_PAGE }),
      passive: initiator('Login', { isPassive: 'true', target: origin + OPEN_PAGE }),
      metadata: await publishedAt(entityId),
      stop,
    }
  } catch (thrown) {
    await daemon.stop()
    throw thrown
  }
}

/** Whether Shibboleth's own query tool finds the node in the metadata, under the same configuration. */
export async function shibbolethFinds(plan: PeerPlan): Promise<boolean> {
  await writeConfiguration(plan, 'https://sp.example/shibboleth')
  const environment = { ...process.env, SHIBSP_CONFIG: join(plan.folder, 'shibboleth2.xml') }
  const { stdout } = spawnSync('/usr/bin/mdquery', ['-e', plan.node.entityId], { encoding: 'utf8', env: environment })
  return stdout.includes(`entityID="${plan.node.entityId}"`)
}

async function writeConfiguration(plan: PeerPlan, entityId: string): Promise<void> {
  const { folder, node } = plan
  const path = (name: string) => join(folder, name)
  await mkdir(folder, { recursive: true })
  await writePair(folder, 'shibboleth-signing')
  await writePair(folder, 'shibboleth-encryption', 'encryption')
  await writeFile(path('node.xml'), node.metadata)
  await writeFile(path('anchor.crt.pem'), node.anchor)
  await writeFile(path('attribute-map.xml'), attributeMap())
  await writeFile(path('shibboleth2.xml'), configuration(plan, entityId))
  for (const name of ['shibd', 'native']) await writeFile(path(`${name}.logger`), logger(path(`${name}.log`)))
}

const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings:'
const URI_NAME = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri'

function configuration({ folder, node }: PeerPlan, entityId: string): string {
  const path = (name: string) => join(folder, name)
  return `<SPConfig xmlns="urn:mace:shibboleth:3.0:native:sp:config" xmlns:conf="urn:mace:shibboleth:3.0:native:sp:config"
    xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" clockSkew="60">
  <OutOfProcess logger="${path('shibd.logger')}"/>
  <InProcess logger="${path('native.logger')}"/>
  <UnixListener address="${path('shibd.sock')}"/>
  <ApplicationDefaults entityID="${entityId}" REMOTE_USER="PersonIdentifier" signing="true" requireTransportAuth="false">
    <Sessions lifetime="3600" timeout="3600" relayState="ss:mem" handlerSSL="false" cookieProps="http" redirectLimit="exact">
      <SessionInitiator type="SAML2" Location="/Login" id="Login" isDefault="true" entityID="${node.entityId}"
          outgoingBindings="${BINDINGS}HTTP-POST" template="/etc/shibboleth/bindingTemplate.html">
        ${requestTemplate()}
      </SessionInitiator>
      <SessionInitiator type="SAML2" Location="/Ordinary" id="Ordinary" entityID="${node.entityId}"
          outgoingBindings="${BINDINGS}HTTP-Redirect"/>
      <md:AssertionConsumerService Location="/SAML2/POST" index="1" Binding="${BINDINGS}HTTP-POST" conf:ignoreNoPassive="true"/>
      <Handler type="MetadataGenerator" Location="/Metadata" signing="false"/>
      <Handler type="Session" Location="/Session" showAttributeValues="true"/>
    </Sessions>
    <Errors supportContact="root@localhost"/>
    <MetadataProvider type="XML" validate="true" path="${path('node.xml')}">
      <MetadataFilter type="RequireValidUntil" maxValidityInterval="1209600"/>
      <MetadataFilter type="Signature" certificate="${path('anchor.crt.pem')}" verifyBackup="false"/>
    </MetadataProvider>
    <AttributeExtractor type="XML" validate="true" reloadChanges="false" path="${path('attribute-map.xml')}"/>
    <CredentialResolver type="File" use="signing" key="${path('shibboleth-signing.key.pem')}" certificate="${path('shibboleth-signing.crt.pem')}"/>
    <CredentialResolver type="File" use="encryption" key="${path('shibboleth-encryption.key.pem')}" certificate="${path('shibboleth-encryption.crt.pem')}"/>
  </ApplicationDefaults>
  <SecurityPolicyProvider type="XML" validate="true" path="/etc/shibboleth/security-policy.xml"/>
  <ProtocolProvider type="XML" validate="true" reloadChanges="false" path="/etc/shibboleth/protocols.xml"/>
</SPConfig>
`
}

/** ID, time, destination and issuer are the SP's; the rest goes out as it stands here. */
function requestTemplate(): string {
  const attributes = wanted.map(
    ({ id, name, required }) =>
      `<eidas:RequestedAttribute FriendlyName="${id}" Name="${name}" NameFormat="${URI_NAME}" isRequired="${required}"/>`,
  )
  return `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
            xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:eidas="http://eidas.europa.eu/saml-extensions"
            ID="template" Version="2.0" IssueInstant="2020-01-01T00:00:00Z" ForceAuthn="true" ProviderName="${SERVICE}">
          <samlp:Extensions><eidas:SPType>public</eidas:SPType>
            <eidas:RequestedAttributes>${attributes.join('')}</eidas:RequestedAttributes></samlp:Extensions>
          <samlp:NameIDPolicy AllowCreate="true" Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"/>
          <samlp:RequestedAuthnContext Comparison="minimum">
            <saml:AuthnContextClassRef>${SUBSTANTIAL}</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>
        </samlp:AuthnRequest>`
}

function attributeMap(): string {
  const attributes = wanted.map(({ id, name }) => `  <Attribute name="${name}" id="${id}"/>\n`)
  return `<Attributes xmlns="urn:mace:shibboleth:2.0:attribute-map">\n${attributes.join('')}</Attributes>\n`
}

function logger(file: string): string {
  return [
    'log4j.rootCategory=INFO, file',
    'log4j.appender.file=org.apache.log4j.FileAppender',
    `log4j.appender.file.fileName=${file}`,
    'log4j.appender.file.layout=org.apache.log4j.PatternLayout',
    'log4j.appender.file.layout.ConversionPattern=%d{%Y-%m-%d %H:%M:%S} %p %c %x: %m%n',
    '',
  ].join('\n')
}

function directives(folder: string): string {
  return `ShibConfig ${join(folder, 'shibboleth2.xml')}
<Location /Shibboleth.sso>
  SetHandler shib
</Location>
<Location /private>
  AuthType shibboleth
  ShibRequestSetting requireSession true
  Require shib-session
</Location>
<Location /open>
  AuthType shibboleth
  Require shibboleth
</Location>`
}
