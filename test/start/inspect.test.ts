import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeXml } from '../../src/xml/writer.ts'
import { answer, node, peers, request, requestPart } from '../unit/inspect/samples.ts'

/** `passerelle inspect` as it is installed: its words, its exit codes, what it prints where. */

const root = join(import.meta.dirname, '..', '..')

interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(words: readonly string[], input: string | Uint8Array = ''): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['bin/passerelle.js', 'inspect', ...words], { cwd: root })
    const out = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => {
      out.stdout += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      out.stderr += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...out }))
    child.stdin.on('error', () => undefined).end(input)
  })
}

describe('passerelle inspect', () => {
  let folder = ''
  const at = (name: string) => join(folder, name)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-inspect-'))
    const key = await node()
    await Promise.all([
      writeFile(at('request.xml'), await request()),
      writeFile(at('unsigned.xml'), writeXml(requestPart())),
      writeFile(at('response.xml'), await answer()),
      writeFile(at('text.txt'), 'no message.'),
      writeFile(at('peers.pem'), peers.connector.signingKey.certificate + peers.proxyService.signingKey.certificate),
      writeFile(at('own.key'), key.privateKey),
      writeFile(at('own.pem'), key.certificate),
    ])
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('0: accepted, as one JSON object and nothing else', async () => {
    const ran = await run([at('request.xml'), '--trust', at('peers.pem'), '--json'])
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(ran.stdout)).toMatchObject({
      verdict: 'accepted',
      kind: 'AuthnRequest',
      issuer: peers.connector.entityId,
      signature: { present: true, valid: true, trusted: true },
      encryption: null,
      decrypted: false,
      assertion: null,
    })
  }, 60_000)

  test('0: from standard input, decrypted, with no word of the key', async () => {
    const message = Buffer.from(await answer()).toString('base64')
    const words = ['-', '--trust', at('peers.pem'), '--decrypt', at('own.key'), '--json']
    const { code, stdout, stderr } = await run(words, message)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      encoding: 'base64',
      decrypted: true,
      assertion: { nameId: 'XB/XA/02635542Y' },
    })
    const secret = (await node()).privateKey.split('\n')[1] ?? ''
    expect(stdout + stderr).not.toContain(secret.slice(0, 40))
  }, 60_000)

  test('1: refused, and every line says that nobody signed it', async () => {
    const { code, stdout } = await run([at('unsigned.xml'), '--trust', at('peers.pem')])
    expect(code).toBe(1)
    expect(stdout).toContain('error   DS_MISSING [R-MF-40]')
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^UNVERIFIED /)
  }, 60_000)

  test('1: refused at another time', async () => {
    const words = [at('response.xml'), '--trust', at('peers.pem'), '--decrypt', at('own.key'), '--json']
    const { code, stdout } = await run([...words, '--at', '2035-01-01'])
    expect(code).toBe(1)
    const found: readonly { readonly code: string }[] = JSON.parse(stdout).findings
    expect(found.map((one) => one.code)).toContain('SAML_TIME')
  }, 60_000)

  test('2: nothing to read, and the object says so', async () => {
    const { code, stdout } = await run([at('text.txt'), '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'unreadable', kind: null, findings: [{ code: 'XML_PARSE' }] })
  }, 60_000)

  test.each([
    ['no file', [], 'one file is needed'],
    ['an option it does not know', ['--sign', 'x'], '--sign'],
    ['a time that is none', ['-', '--at', 'noon'], '--at takes a time'],
    ['a file that is not there', ['/nowhere.xml'], '/nowhere.xml cannot be read'],
  ])(
    '2: %s, on standard error alone',
    async (_, words, said) => {
      const { code, stdout, stderr } = await run(words)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(said)
    },
    60_000,
  )

  test('2: what does not end is not read to its end', async () => {
    const child = spawn(process.execPath, ['bin/passerelle.js', 'inspect', '/dev/zero'], { cwd: root })
    const [code] = await once(child, 'close')
    expect(code).toBe(2)
  }, 60_000)

  test('nothing but the exit code, when whoever reads has left', async () => {
    const child = spawn(process.execPath, ['bin/passerelle.js', 'inspect', at('unsigned.xml')], { cwd: root })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk
    })
    const [code] = await once(child, 'close')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  }, 60_000)

  test.each([
    ['--trust', 'own.key', 'own.key: CFG_INVALID'],
    ['--decrypt', 'own.pem', 'own.pem: CFG_INVALID'],
  ])(
    '2: %s with a file of the other kind, which is named and not quoted',
    async (option, file, said) => {
      const { code, stdout, stderr } = await run([at('request.xml'), option, at(file)])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain(said)
      expect(stderr).not.toMatch(/BEGIN|MIG|MII/)
    },
    60_000,
  )
})
