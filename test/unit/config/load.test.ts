import { createPrivateKey, randomBytes } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { type LoadedConfig, loadConfig } from '../../../src/config/load.ts'
import { type ConfigFolder, configFolder, leastConfig } from '../../testkit/config.ts'
import { testKey } from '../../testkit/keys.ts'

const sealKey = (): string => randomBytes(32).toString('base64')

describe('loading a configuration', () => {
  let folder: ConfigFolder
  beforeEach(async () => {
    folder = await configFolder()
  })
  afterEach(() => folder.remove())

  const load = async (
    value: unknown = leastConfig,
    environment: Readonly<Record<string, string>> = {},
    now = Date.now(),
  ): Promise<LoadedConfig> => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return loadConfig({ file: await folder.write('node.json', text), environment, now })
  }

  const problem = (...parts: readonly string[]) => ({
    code: 'CFG_INVALID',
    detail: expect.stringMatching(
      new RegExp(parts.map((part) => part.replace(/[[\].()*?+$^|\\]/g, '\\$&')).join('[^]*')),
    ),
  })

  test('gives configuration, key texts and secrets, and warns of what is weak', async () => {
    const first = sealKey()
    const second = sealKey()
    const environment = { REDIS_URL: 'rediss://redis.internal:6379', PASSERELLE_SEAL_KEYS: `${first}, ${second}` }
    const { config, keys, secrets, warnings } = await load(leastConfig, environment)
    expect(config.keys.messages.privateKey).toBe(join(folder.directory, 'keys/messages.key'))
    expect(keys.messages.privateKey).toBe((await testKey('config messages')).privateKey)
    expect(keys.messages.certificates).toHaveLength(1)
    expect(secrets.redisUrl).toBe(environment.REDIS_URL)
    expect(secrets.sealKeys.map((key) => Buffer.from(key).toString('base64'))).toEqual([first, second])
    expect(warnings).toEqual([])
  })

  test('a secret may be in a file that the environment names, and not in both places', async () => {
    const key = sealKey()
    const path = await folder.write('seal', `${key}\n`)
    const environment = { REDIS_URL: 'rediss://redis.internal', PASSERELLE_SEAL_KEYS_FILE: path }
    expect((await load(leastConfig, environment)).secrets.sealKeys).toHaveLength(1)
    await expect(load(leastConfig, { ...environment, PASSERELLE_SEAL_KEYS: key })).rejects.toMatchObject(
      problem('PASSERELLE_SEAL_KEYS: must not be set beside PASSERELLE_SEAL_KEYS_FILE'),
    )
    const missing = { PASSERELLE_SEAL_KEYS_FILE: join(folder.directory, 'none') }
    await expect(load(leastConfig, missing)).rejects.toMatchObject(
      problem('none cannot be read: there is no such file'),
    )
  })

  test('no secret is in the configuration itself', async () => {
    const { config } = await load(leastConfig, {
      REDIS_URL: 'redis://:hunter2@localhost',
      PASSERELLE_SEAL_KEYS: sealKey(),
    })
    expect(JSON.stringify(config)).not.toMatch(/hunter2|BEGIN|sealKeys/)
  })

  test('a file with a chain gives one certificate after the other', async () => {
    const leaf = (await testKey('config messages')).certificate
    const chain = (await testKey('config anchor')).certificate
    await folder.write('keys/messages.pem', `a comment\n${leaf}\n${chain}`)
    const { keys } = await load()
    expect(keys.messages.certificates.map((pem) => pem.trim())).toEqual([leaf.trim(), chain.trim()])
  })

  test('CFG_INVALID with the problems of file, environment, key files and metadata together', async () => {
    await folder.write('keys/messages.key', 'nothing')
    const broken = { ...leastConfig, country: 'se', keys: { ...leastConfig.keys } }
    await expect(load(broken, { PASSERELLE_SEAL_KEYS: 'short' })).rejects.toMatchObject(
      problem('country: ', 'keys.messages.privateKey: ', 'PASSERELLE_SEAL_KEYS[0]: '),
    )
  })

  test('CFG_INVALID for a file that is not there, or neither YAML nor JSON, without quoting it', async () => {
    await expect(
      loadConfig({ file: join(folder.directory, 'no.json'), environment: {}, now: 0 }),
    ).rejects.toMatchObject(problem('no.json cannot be read: there is no such file'))
    const text = '{\n"country": "SE",\n"password": "hunter2"\n'
    await expect(load(text)).rejects.toMatchObject({
      code: 'CFG_INVALID',
      detail: expect.not.stringContaining('hunter'),
    })
    await expect(load(text)).rejects.toMatchObject(
      problem('a comma, colon, quote or bracket is missing (line 4, column 1)'),
    )
  })

  test('a problem has its line and column, and zod is not quoted', async () => {
    const text = 'country: SE\nlisten:\n  port: high\nsecret: hunter2\n'
    const loading = load(text)
    await expect(loading).rejects.toMatchObject(
      problem('node.json', 'listen.port: must be a number (line 3, column 3)'),
    )
    await expect(loading).rejects.toMatchObject(
      problem('there is no key "secret" (docs/config.md lists all) (line 4, column 1)'),
    )
    await expect(loading).rejects.toMatchObject({
      detail: expect.not.stringMatching(/hunter|Invalid|expected|received/),
    })
  })

  test('A-228: CFG_INVALID for __proto__ anywhere in the file', async () => {
    const text = JSON.stringify({ ...leastConfig, connector: { serviceProviders: { mappings: { x: {} } } } })
    await expect(load(text.replace('"x":', '"__proto__":'))).rejects.toMatchObject(
      problem('the key __proto__ is never one'),
    )
  })

  describe('keys', () => {
    test.each([
      ['messages', 'encryption'],
      ['metadata', 'encryption'],
      ['national', 'encryption'],
      ['messages', 'nationalEncryption'],
      ['metadata', 'nationalEncryption'],
      ['national', 'nationalEncryption'],
    ])('A-151: CFG_INVALID when the key of %s is also that of %s, in another file', async (signing, encryption) => {
      const { privateKey } = await testKey(`config ${signing}`)
      const { certificate } = await testKey(`config ${signing}`, 'P-256', 'signing')
      await folder.write(`keys/${encryption}.key`, privateKey)
      await folder.write(`keys/${encryption}.pem`, certificate)
      await expect(load()).rejects.toMatchObject(
        problem(`keys.${encryption}: must be another key than keys.${signing}`),
      )
    })

    test('one key may sign messages and metadata', async () => {
      const { messages } = leastConfig.keys
      const { config } = await load({
        ...leastConfig,
        keys: { ...leastConfig.keys, metadata: messages, national: messages },
      })
      expect(config.keys.metadata).toEqual(config.keys.messages)
    })

    test('a private key in the older form for EC is one like others', async () => {
      const { privateKey } = await testKey('config messages')
      const older = createPrivateKey(privateKey).export({ type: 'sec1', format: 'pem' }).toString()
      await folder.write('keys/messages.key', older)
      expect((await load()).keys.messages.privateKey).toBe(privateKey)
    })

    test('CFG_INVALID when the certificate is of another key', async () => {
      await folder.write('keys/national.pem', (await testKey('config anchor')).certificate)
      await expect(load()).rejects.toMatchObject(problem('keys.national.certificates: must begin with'))
    })

    test('CFG_INVALID when the chain stands in front of the certificate', async () => {
      const [leaf, chain] = [await testKey('config national'), await testKey('config anchor')]
      await folder.write('keys/national.pem', chain.certificate + leaf.certificate)
      await expect(load()).rejects.toMatchObject(problem('keys.national.certificates: must begin with'))
    })

    test('CFG_INVALID for files that are missing or hold something else, without their contents', async () => {
      await folder.write('keys/metadata.key', '-----BEGIN PRIVATE KEY-----\nMIIsecret\n-----END PRIVATE KEY-----')
      await folder.write('keys/metadata.pem', '-----BEGIN CERTIFICATE-----\nMIIother\n-----END CERTIFICATE-----')
      const keys = { ...leastConfig.keys, national: { privateKey: 'no.key', certificates: ['no.pem'] } }
      const loading = load({ ...leastConfig, keys })
      await expect(loading).rejects.toMatchObject(
        problem(
          'keys.metadata.privateKey',
          'keys.metadata.certificates[0]',
          'keys.national.privateKey: ',
          'no.key cannot be read: there is no such file or folder',
          'keys.national.certificates[0]: ',
          'no.pem cannot be read: there is no such file or folder',
        ),
      )
      await expect(loading).rejects.toMatchObject({ detail: expect.not.stringMatching(/MII/) })
    })

    test('CFG_INVALID for a public key or a certificate in place of the private key', async () => {
      await folder.write('keys/messages.key', (await testKey('config messages')).certificate)
      await expect(load()).rejects.toMatchObject(problem('keys.messages.privateKey: must be an unencrypted'))
    })

    test('R-IA-34, A-259: warns of a private key that others may read', async () => {
      await chmod(join(folder.directory, 'keys/messages.key'), 0o644)
      expect((await load()).warnings).toContainEqual(expect.stringMatching(/private key .*messages\.key is open/))
    })

    test('warns of a certificate that is not valid today', async () => {
      const in1000Days = Date.now() + 1000 * 86_400_000
      expect((await load(leastConfig, {}, in1000Days)).warnings).toContainEqual(
        expect.stringMatching(/^the certificate of keys\.messages is not valid today, but from .* GMT to .* GMT$/),
      )
    })
  })

  describe('trust', () => {
    test('CFG_INVALID for anchors and metadata that are not there', async () => {
      const [foreign, national] = leastConfig.trust.sources
      const sources = [
        { ...foreign, directory: 'nowhere' },
        { ...national, files: ['metadata/idp.xml', 'no.xml'], anchors: ['no.pem'] },
      ]
      await expect(load({ ...leastConfig, trust: { sources } })).rejects.toMatchObject(
        problem('trust.sources[0].directory', 'trust.sources[1].files[1]', 'trust.sources[1].anchors[0]'),
      )
    })
  })

  describe('secrets', () => {
    test.each([
      ['short', randomBytes(16).toString('base64')],
      ['long', randomBytes(33).toString('base64')],
      ['base64url', Buffer.alloc(32, 0xfb).toString('base64url')],
      ['hexadecimal', randomBytes(32).toString('hex')],
      ['all the same octet', Buffer.alloc(32, 7).toString('base64')],
      ['a repeated word', Buffer.from('secret!!'.repeat(4)).toString('base64')],
      ['missing behind a comma', `${sealKey()},`],
    ])('CFG_INVALID for a seal key that is %s', async (_, PASSERELLE_SEAL_KEYS) => {
      const loading = load(leastConfig, { PASSERELLE_SEAL_KEYS })
      await expect(loading).rejects.toMatchObject(problem('PASSERELLE_SEAL_KEYS['))
      await expect(loading).rejects.toMatchObject({ detail: expect.not.stringContaining(PASSERELLE_SEAL_KEYS) })
    })

    test('CFG_INVALID for the same seal key twice', async () => {
      const key = sealKey()
      await expect(load(leastConfig, { PASSERELLE_SEAL_KEYS: `${key},${key}` })).rejects.toMatchObject(
        problem('PASSERELLE_SEAL_KEYS: must differ'),
      )
    })

    test('CFG_INVALID for Redis without seal keys', async () => {
      for (const more of [{}, { PASSERELLE_SEAL_KEYS: '' }]) {
        await expect(load(leastConfig, { REDIS_URL: 'redis://localhost', ...more })).rejects.toMatchObject(
          problem('PASSERELLE_SEAL_KEYS: must be set when REDIS_URL is'),
        )
      }
    })

    test.each(['localhost:6379', 'http://localhost', 'redis:///x', 'redis://h?enableOfflineQueue=true', 'redis://h#x'])(
      'CFG_INVALID for REDIS_URL %s, which is not quoted',
      async (REDIS_URL) => {
        const loading = load(leastConfig, { REDIS_URL, PASSERELLE_SEAL_KEYS: sealKey() })
        await expect(loading).rejects.toMatchObject(problem('REDIS_URL: must be'))
        await expect(loading).rejects.toMatchObject({ detail: expect.not.stringContaining(REDIS_URL) })
      },
    )

    test('an empty variable is one that is not set; other variables are nobody’s business', async () => {
      const { secrets } = await load(leastConfig, { REDIS_URL: '', PASSERELLE_SEAL_KEYS: '', HOME: '/root' })
      expect(secrets).toEqual({ sealKeys: [] })
    })
  })

  describe('warnings', () => {
    test('of http, of a switch set without need, of memory, and of Redis without TLS', async () => {
      const http = { ...leastConfig, baseUrl: 'http://localhost:8080', allowHttpForDemo: true }
      expect((await load(http)).warnings).toEqual([
        expect.stringMatching(/^baseUrl is http/),
        expect.stringMatching(/^without REDIS_URL/),
      ])
      const open = { REDIS_URL: 'redis://redis.internal', PASSERELLE_SEAL_KEYS: sealKey() }
      expect((await load({ ...leastConfig, allowHttpForDemo: true }, open)).warnings).toEqual([
        'allowHttpForDemo is set without need',
        'Redis is reached without TLS',
      ])
    })

    test('R-IA-25: of metadata from abroad that may be valid for long', async () => {
      const [first, ...others] = leastConfig.trust.sources
      const trust = { ...leastConfig.trust, sources: [{ ...first, validityDays: 60 }, ...others] }
      const abroad = /^trust\.sources\[0\] takes metadata that is valid for more than 14 days/
      expect((await load({ ...leastConfig, trust })).warnings).toContainEqual(expect.stringMatching(abroad))
    })

    test('R-CR-20: of certificates from abroad that may be signed with PKCS#1', async () => {
      const [first, ...others] = leastConfig.trust.sources
      const trust = { ...leastConfig.trust, sources: [{ ...first, pkcs1Certificates: true }, ...others] }
      const abroad = /^trust\.sources\[0\] takes certificates that are signed with PKCS#1/
      expect((await load({ ...leastConfig, trust })).warnings).toContainEqual(expect.stringMatching(abroad))
    })

    test('R-IA-25: of a list that may count for long', async () => {
      const { anchors } = leastConfig.trust.sources[0] ?? {}
      const list = { url: 'https://lists.example/list.xml', anchors, countries: [{ country: 'XB' }] }
      const warningsWith = async (nextUpdateDays: number) => {
        const trust = { ...leastConfig.trust, lists: [{ ...list, nextUpdateDays }], copies: 'copies' }
        return (await load({ ...leastConfig, trust })).warnings
      }
      const long = /^trust\.lists\[0\] takes a list whose next one is due in more than 31 days/
      expect(await warningsWith(32)).toContainEqual(expect.stringMatching(long))
      expect(await warningsWith(31)).not.toContainEqual(expect.stringMatching(long))
    })

    test('none for Redis on this machine', async () => {
      const local = { REDIS_URL: 'redis://127.0.0.1:6379/2', PASSERELLE_SEAL_KEYS: sealKey() }
      expect((await load(leastConfig, local)).warnings).toEqual([])
    })
  })
})
