import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { z } from 'zod'
import { type ImportEdge, importsBelow, importsOf } from '../testkit/imports.ts'

/**
 * The walls of the house: which folder may import which, who may use which package, and that nothing goes in circles.
 * docs/adr/0003 says why two of the walls are there.
 */

const root = join(import.meta.dirname, '..', '..')
const src = join(root, 'src')

/**
 * What the demo imports of the node: what any program may that embeds one, and nothing else. Its command is one of the
 * node's command line: it is refused, and ended, as the others are.
 */
const demoMayImport = ['index.ts', 'cli/commands.ts', 'cli/guard.ts', 'cli/running.ts', 'cli/usage.ts']
const ofTheCommandLine = ['main.ts', 'command.ts']

/** Folder (or file at the top) to what it may import besides itself. Everyone may import errors. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['cli'],
  'node.ts': ['node', 'config', 'observe', 'store', 'web', 'xml'],
  node: [
    'config',
    'connector',
    'faces',
    'identity',
    'observe',
    'profiles',
    'proxy-service',
    'relay',
    'saml',
    'store',
    'trust',
    'web',
    'xmlsec',
  ],
  'index.ts': [
    'node.ts',
    'config',
    'connector/addresses.ts',
    'faces/passport.ts',
    'node',
    'observe',
    'proxy-service/addresses.ts',
    'xmlsec/certificate.ts',
  ],
  cli: ['node.ts', 'node', 'inspect', 'config', 'observe', 'saml', 'trust', 'xml', 'xmlsec'],
  inspect: ['saml', 'xmlsec', 'xml', 'profiles', 'trust', 'identity'],
  config: ['identity'],
  connector: ['faces', 'relay', 'profiles', 'trust', 'identity'],
  'proxy-service': ['faces', 'relay', 'profiles', 'trust', 'identity'],
  faces: ['relay', 'profiles', 'saml', 'xmlsec', 'trust', 'identity', 'xml'],
  trust: ['saml', 'xmlsec', 'xml', 'profiles', 'identity'],
  profiles: ['saml', 'xmlsec', 'xml', 'identity'],
  saml: ['xmlsec', 'xml'],
  xmlsec: ['xml'],
  xml: [],
  web: ['relay/faces.ts'],
  observe: ['relay/events.ts'],
  store: ['relay', 'identity'],
  relay: ['identity'],
  identity: [],
  errors: [],
}

/** Package (or node: module) to the folders and files that may use it. What is not named here nobody may. */
const mayUse: Readonly<Record<string, readonly string[]>> = {
  'libxml2-wasm': ['xml'],
  express: ['web'],
  helmet: ['web'],
  ioredis: ['store/redis.ts'],
  'prom-client': ['observe/metrics.ts'],
  yaml: ['config/text.ts'],
  zod: ['config', 'store/record.ts'],
  // XML cryptography is xmlsec's alone. The others: hashes of handles and keys of the store, the seal of what is in it,
  // certificate paths, private keys read from files, and the names of the options of TLS.
  'node:crypto': [
    'xmlsec',
    'store/seal.ts',
    'store/key.ts',
    'relay/flow-cookie.ts',
    'trust/x509.ts',
    'trust/copies.ts',
    'trust/ocsp.ts',
    'trust/signed-der.ts',
    'trust/fetch.ts',
    'config/key-files.ts',
    'inspect/private-keys.ts',
    'node/random.ts',
  ],
  // The modules that the configuration names as strategies.
  '(computed)': ['node/strategy-modules.ts'],
  // What reaches outside the process, and what unpacks: only where it is expected.
  'node:fs': ['observe/log-file.ts', 'xml/schema.ts'],
  'node:fs/promises': ['config', 'trust/files.ts', 'trust/copies.ts', 'cli', 'node/trust.ts'],
  'node:dns/promises': ['trust/fetch.ts'],
  'node:http': ['web', 'node/listening.ts', 'trust/fetch.ts'],
  'node:https': ['trust/fetch.ts'],
  'node:tls': ['trust/fetch.ts'],
  'node:net': ['node/listening.ts', 'trust/fetch.ts', 'trust/addresses.ts'],
  'node:inspector': ['cli/guard.ts'],
  'node:worker_threads': ['trust/threads.ts', 'trust/thread.ts'],
  'node:os': ['cli/serve.ts'],
  'node:zlib': ['saml/bindings/redirect.ts', 'inspect/unwrap.ts'],
}

/** These only compute. */
const free = ['node:events', 'node:buffer', 'node:module', 'node:path', 'node:url', 'node:util']

/** The mint of the brand, and the only files that may call it. */
const mint = { file: 'xmlsec/signed.ts', name: 'markSigned' }
const minters = ['xmlsec/verify.ts', 'xmlsec/octets.ts', 'xmlsec/decrypt.ts']

const banned = ['helpers', 'utils', 'util', 'common', 'types', 'shared', 'lib', 'misc']

/** A place is a folder, or a file. */
function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`)
}

function topOf(path: string): string {
  return path.split('/')[0] ?? path
}

function crossesWall({ from, to }: ImportEdge): boolean {
  if (topOf(from) === topOf(to) || topOf(to) === 'errors') return false
  return !(mayImport[topOf(from)] ?? []).some((place) => isWithin(to, place))
}

function usesUnallowed({ from, to }: ImportEdge): boolean {
  return !free.includes(to) && !(mayUse[to] ?? []).some((place) => isWithin(from, place))
}

function reachesPastIndex({ from, to }: ImportEdge): boolean {
  const [index = '', ...commandLine] = demoMayImport.map((path) => `../src/${path}`)
  return to !== index && !(ofTheCommandLine.includes(from) && commandLine.includes(to))
}

function takesMint({ from, to, names }: ImportEdge): boolean {
  const takes = names.includes(mint.name) || (to === mint.file && names.includes('*'))
  return takes && !minters.includes(from)
}

const isOurs = ({ to }: ImportEdge): boolean => to.endsWith('.ts')

function written(edges: readonly ImportEdge[]): readonly string[] {
  return [...new Set(edges.map(({ from, to }) => `${from} -> ${to}`))]
}

/** The first circle that is found, as its files in order. */
function circle(edges: readonly ImportEdge[]): readonly string[] | undefined {
  const next = new Map<string, readonly string[]>()
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const to of next.get(file) ?? []) {
      const found = visit(to, [...path, file])
      if (found !== undefined) return found
    }
    done.add(file)
    return undefined
  }
  for (const file of next.keys()) {
    const found = visit(file, [])
    if (found !== undefined) return found
  }
  return undefined
}

describe('the walls of the source tree', () => {
  const edges = importsBelow(src)
  const ours = edges.filter(isOurs)
  const foreign = edges.filter((edge) => !isOurs(edge))

  it('is read: the tree has imports', () => {
    expect(ours.length).toBeGreaterThan(10)
  })

  it('every import between folders is one the table allows', () => {
    expect(written(ours.filter(crossesWall))).toEqual([])
  })

  it('every package is used only where the table says', () => {
    expect(written(foreign.filter(usesUnallowed))).toEqual([])
  })

  it('only verification mints the Signed brand', () => {
    expect(written(ours.filter(takesMint))).toEqual([])
  })

  it('no file imports itself by way of others', () => {
    expect(circle(ours)).toBeUndefined()
  })

  it('no folder is named for what it is not, and none but the whole hides behind an index', () => {
    const paths = readdirSync(src, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'))
    expect(paths.filter((path) => banned.includes(posix.basename(path, '.ts')))).toEqual([])
    expect(paths.filter((path) => posix.basename(path) === 'index.ts')).toEqual(['index.ts'])
  })

  it('every folder at the top is in the table', () => {
    expect(readdirSync(src).filter((name) => mayImport[name] === undefined)).toEqual([])
  })
})

describe('the wall between the node and the demo', () => {
  const dependencies = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .transform((read) => Object.keys(read.dependencies))
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

  it('the demo imports the node through src/index.ts alone; its command is of the command line', () => {
    const taken = importsBelow(join(root, 'demo')).filter(({ to }) => to.startsWith('..'))
    expect(taken.length).toBeGreaterThan(3)
    expect(written(taken.filter(reachesPastIndex))).toEqual([])
  })

  it.each([
    ['portal.ts', '../src/node.ts'],
    ['portal.ts', '../src/cli/usage.ts'],
    ['command.ts', '../src/xmlsec/verify.ts'],
    ['portal.ts', '../bench/login.ts'],
  ])('refuses demo/%s importing %s', (from, to) => {
    expect(reachesPastIndex({ from, to, names: [] })).toBe(true)
  })

  it('the node imports nothing outside src/', () => {
    expect(written(importsBelow(src).filter(({ to }) => to.startsWith('..')))).toEqual([])
  })

  it('package.json has as dependencies what the node uses, and nothing else', () => {
    const used = new Set(importsBelow(src).map(({ to }) => to))
    const packages = [...used].filter((to) => !/\.ts$|^node:|^\(/.test(to))
    expect(dependencies.toSorted()).toEqual(packages.toSorted())
  })
})

describe('the check itself', () => {
  const edge = (from: string, source: string): readonly ImportEdge[] => importsOf(from, source)

  it.each([
    ['a plain import', "import { a } from '../saml/ids.ts'"],
    ['an import for its effects', "import '../saml/ids.ts'"],
    ['an import of a type', "import type { A } from '../saml/ids.ts'"],
    ['an export from', "export { a } from '../saml/ids.ts'"],
    ['an export of everything', "export * from '../saml/ids.ts'"],
    ['a dynamic import', "async function f() { await import('../saml/ids.ts') }"],
    ['a type written in place', "type A = import('../saml/ids.ts').A"],
    ['a require', "const a = require('../saml/ids.ts')"],
  ])('sees %s across a wall', (_, source) => {
    expect(written(edge('relay/relay.ts', source).filter(crossesWall))).toEqual(['relay/relay.ts -> saml/ids.ts'])
  })

  it('does not mind what stands in comments and strings', () => {
    expect(edge('relay/relay.ts', "// import '../saml/ids.ts'\nconst a = \"import '../saml/ids.ts'\"")).toEqual([])
  })

  it.each([
    ['relay/relay.ts', '../xmlsec/verify.ts'],
    ['web/app.ts', '../relay/relay.ts'],
    ['store/redis.ts', '../faces/saml-idp.ts'],
    ['xml/scanner.ts', '../xmlsec/verify.ts'],
    ['saml/response.ts', '../profiles/profile.ts'],
    ['connector/connector.ts', '../proxy-service/policy.ts'],
    ['identity/loa.ts', '../relay/faces.ts'],
    ['errors/faults.ts', '../xml/names.ts'],
    ['profiles/profile.ts', '../node.ts'],
  ])('refuses %s importing %s', (from, specifier) => {
    expect(edge(from, `import '${specifier}'`).filter(crossesWall)).toHaveLength(1)
  })

  it('lets the allowed edges pass', () => {
    expect(edge('saml/response.ts', "import '../xmlsec/verify.ts'").filter(crossesWall)).toEqual([])
    expect(edge('web/app.ts', "import '../relay/faces.ts'").filter(crossesWall)).toEqual([])
    expect(edge('xml/scanner.ts', "import '../errors/faults.ts'").filter(crossesWall)).toEqual([])
  })

  it.each([
    ['xmlsec/verify.ts', 'libxml2-wasm'],
    ['saml/ids.ts', 'node:crypto'],
    ['relay/relay.ts', 'express'],
    ['web/app.ts', 'lodash'],
    ['xml/schema.ts', '(computed)'],
  ])('refuses %s using %s', (from, to) => {
    expect(usesUnallowed({ from, to, names: [] })).toBe(true)
  })

  it('knows a package by its name, whatever is imported of it', () => {
    const [plain, scoped] = edge(
      'web/app.ts',
      "import 'express/lib/router.js'; import '@node-saml/passport-saml/lib/x.js'",
    )
    expect([plain?.to, scoped?.to]).toEqual(['express', '@node-saml/passport-saml'])
  })

  it.each([
    ['under its name', "import { markSigned } from '../xmlsec/signed.ts'"],
    ['under another name', "import { markSigned as mark } from '../xmlsec/signed.ts'"],
    ['with everything', "import * as signed from '../xmlsec/signed.ts'"],
    ['passed on', "export { markSigned } from '../xmlsec/signed.ts'"],
    ['by way of a minter', "import { markSigned } from '../xmlsec/verify.ts'"],
  ])('refuses the mint of the brand %s', (_, source) => {
    expect(edge('saml/response.ts', source).filter(takesMint)).toHaveLength(1)
  })

  it('leaves the mint to verification and the brand to everyone', () => {
    expect(edge('saml/response.ts', "import type { Signed } from '../xmlsec/signed.ts'").filter(takesMint)).toEqual([])
    expect(edge('xmlsec/verify.ts', "import { markSigned } from './signed.ts'").filter(takesMint)).toEqual([])
  })

  it('finds a circle of three and not a diamond', () => {
    const to = (from: string, target: string): ImportEdge => ({ from, to: target, names: [] })
    expect(circle([to('a', 'b'), to('b', 'c'), to('c', 'a')])).toEqual(['a', 'b', 'c', 'a'])
    expect(circle([to('a', 'b'), to('a', 'c'), to('b', 'd'), to('c', 'd')])).toBeUndefined()
  })
})
