import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { EntityDescriptor } from '../../src/saml/metadata/entity.ts'
import { type ConfigFolder, configFolder, leastConfig } from '../testkit/config.ts'
import { type TestKey, testKey } from '../testkit/keys.ts'
import { CONNECTOR, connector, type PeerKeys, peerKeys, published } from '../unit/trust/samples.ts'

/* `passerelle check` as an operator runs it: what it says of metadata that others have written. */

const root = join(import.meta.dirname, '..', '..')

let folder: ConfigFolder
let keys: PeerKeys
let other: TestKey
beforeAll(async () => {
  folder = await configFolder()
  keys = await peerKeys()
  other = await testKey('metadata of another country')
  await folder.write('keys/xb.pem', keys.metadata.certificate)
  await folder.write('keys/xc.pem', other.certificate)
})
afterAll(() => folder.remove())

/** Metadata as a file of the folder, signed with this key. */
async function place(name: string, entity: EntityDescriptor, { signing }: TestKey): Promise<void> {
  await folder.write(name, Buffer.from(await published(entity, signing())).toString('utf8'))
}

/** The same entityID as of another country. */
function ofCountry(nodeCountry: string, changes: Partial<EntityDescriptor> = {}): EntityDescriptor {
  const { roles, ...entity } = connector(keys)
  return { ...entity, roles: { sp: roles.sp && { ...roles.sp, nodeCountry } }, ...changes }
}

const source = (country: string) => {
  const name = country.toLowerCase()
  return { name, files: [`${name}.xml`], anchors: [`keys/${name}.pem`], roles: ['connector'], country }
}

/** Lines on standard output, and the exit code. */
async function checked(trust: object): Promise<{ readonly code: unknown; readonly lines: readonly string[] }> {
  const file = await folder.write('config.json', JSON.stringify({ ...leastConfig, trust }))
  const child = spawn(process.execPath, ['bin/passerelle.js', 'check', file], { cwd: root })
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  const [code] = await once(child, 'close')
  return { code, lines: Buffer.concat(parts).toString('utf8').split('\n').slice(0, -1) }
}

describe('passerelle check', () => {
  test('A-262 says whose entityID two sources claim, until the operator says which', async () => {
    await place('xb.xml', ofCountry('XB'), keys.metadata)
    await place('xc.xml', ofCountry('XC'), other)
    const sources = [source('XB'), source('XC')]
    const { code, lines } = await checked({ sources })
    expect(code).toBe(1)
    expect(lines.filter((line) => /MD_OWNER/.test(line) && line.includes(CONNECTOR))).not.toEqual([])
    expect(lines.filter((line) => line.startsWith('peer'))).toEqual([])
    const owners = [{ role: 'connector', entityId: CONNECTOR, source: 'xb' }]
    const said = await checked({ sources, owners })
    expect(said.lines.filter((line) => line.startsWith('peer'))).toEqual([
      expect.stringMatching(`^peer     connector ${CONNECTOR} of XB, until `),
    ])
    // The other claim is told, as it may be an error or an attack.
    expect(said.lines.filter((line) => /MD_OWNER/.test(line))).toHaveLength(1)
  }, 60_000)

  test('A-267 says each thing on one line of its own, whatever an entityID is made of', async () => {
    const odd = ['\n', '\r\n', '\u0085', '\u009b31m', '\u2028', '\u202e', '\u0378']
    for (const [at, mark] of odd.entries()) {
      const entityId = `https://xb.example/${mark}problem  forged`
      await place(`odd-${at}.xml`, ofCountry('XB', { entityId }), keys.metadata)
    }
    const files = odd.map((_, at) => `odd-${at}.xml`)
    const { lines } = await checked({ sources: [{ ...source('XB'), files }] })
    for (const line of lines) {
      expect(line).toMatch(/^(key|peer|warning|problem) |^\d+ problems?$|^ok$/)
      expect(line).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]*$/u)
      expect(line).not.toMatch(/^problem {2}forged/)
    }
    // All are refused but the last, which is a character that Unicode has not assigned yet.
    expect(lines.filter((line) => /^problem .*MD_STRUCT: no usable entityID/.test(line))).toHaveLength(odd.length - 1)
    expect(lines.filter((line) => line.startsWith('peer'))).toEqual([expect.stringContaining('\\u{378}problem')])
  }, 60_000)
})
