import { X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commands } from '../../../src/cli/commands.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { nodeKeys, testKernel } from '../../../src/node/keys.ts'
import { configFolder, leastConfig } from '../../testkit/config.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-keys-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs `keys` and gives what it said, on either stream, and its exit code. */
async function run(...words: readonly string[]): Promise<{ code: number; said: string }> {
  let said = ''
  const streams = [process.stdout, process.stderr]
  const writes = streams.map(({ write }) => write)
  for (const stream of streams) {
    stream.write = (text: unknown) => {
      said += String(text)
      return true
    }
  }
  try {
    return { code: await commands(['keys', ...words]), said }
  } finally {
    for (const [at, stream] of streams.entries()) stream.write = writes[at] as typeof stream.write
  }
}

const owner = ['--country', 'SE', '--organization', 'Example Agency'] as const
const names = ['messages', 'encryption', 'metadata', 'national', 'national-enc']
const files = names.flatMap((name) => [`${name}.key`, `${name}.pem`])

describe('passerelle keys', () => {
  test('makes a key and a certificate for each purpose, the key for the owner of the file alone (A-259)', async () => {
    const made = join(folder, 'new', 'keys')
    const { code, said } = await run(made, ...owner, '--days', '30')
    expect({ code, said }).toEqual({ code: 0, said: files.map((name) => `${join(made, name)}\n`).join('') })
    expect((await readdir(made)).toSorted()).toEqual(files.toSorted())
    for (const name of names) {
      expect((await stat(join(made, `${name}.key`))).mode & 0o777).toBe(0o600)
      const certificate = new X509Certificate(await readFile(join(made, `${name}.pem`)))
      expect(certificate.subject).toBe(`C=SE\nO=Example Agency\nCN=eIDAS ${name}`)
      expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBe(30 * 86_400_000)
    }
  })

  test('they are what a configuration asks for: no problem, no warning about them, and the self-test passes', async () => {
    const node = await configFolder()
    try {
      const made = join(node.directory, 'made')
      expect((await run(made, ...owner)).code).toBe(0)
      const pair = (name: string) => ({ privateKey: `made/${name}.key`, certificates: [`made/${name}.pem`] })
      const [messages, encryption, metadata, national, nationalEncryption] = names.map(pair)
      const keys = { messages, encryption, metadata, national, nationalEncryption }
      const file = await node.write('config.json', JSON.stringify({ ...leastConfig, keys }))
      const loaded = await loadConfig({ file, environment: {}, now: Date.now() })
      expect(loaded.warnings.filter((warning) => /key|certificate/.test(warning))).toEqual([])
      await testKernel(nodeKeys(loaded))
    } finally {
      await node.remove()
    }
  })

  test('a key that is there already stays, and none is made beside it', async () => {
    const other = await mkdtemp(join(folder, 'old-'))
    await writeFile(join(other, 'national.key'), 'precious')
    const { code, said } = await run(other, ...owner)
    expect(code).toBe(2)
    expect(said).toContain(`${join(other, 'national.key')} is there already`)
    expect(await readdir(other)).toEqual(['national.key'])
    expect(await readFile(join(other, 'national.key'), 'utf8')).toBe('precious')
  })

  test('a folder that cannot be made is told by its path', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    const { code, said } = await run(join(file, 'keys'), ...owner)
    expect(code).toBe(2)
    expect(said).toContain(`${join(file, 'keys')} cannot be written: it is not a folder, or not in one`)
  })
})
