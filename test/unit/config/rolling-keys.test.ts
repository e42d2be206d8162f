import { type LoadedConfig, loadConfig } from '../../../src/config/load.ts'
import { type ConfigFolder, configFolder, leastConfig } from '../../testkit/config.ts'
import { testKey } from '../../testkit/keys.ts'

/** Keys that stand beside others while they take over. */
let folder: ConfigFolder
beforeEach(async () => {
  folder = await configFolder()
  for (const name of ['coming', 'gone']) {
    const key = await testKey(`config ${name}`)
    await folder.write(`keys/${name}.key`, key.privateKey)
    await folder.write(`keys/${name}.pem`, key.certificate)
  }
})
afterEach(() => folder.remove())

const gone = { privateKey: 'keys/gone.key', certificates: ['keys/gone.pem'] }

async function load(messages: object, encryption: object): Promise<LoadedConfig> {
  const keys = {
    ...leastConfig.keys,
    messages: { ...leastConfig.keys.messages, ...messages },
    encryption: { ...leastConfig.keys.encryption, ...encryption },
  }
  const file = await folder.write('node.json', JSON.stringify({ ...leastConfig, keys }))
  return loadConfig({ file, environment: {}, now: Date.now() })
}

const problem = (line: string) => ({ code: 'CFG_INVALID', detail: expect.stringContaining(`\n  ${line}`) })

test('the next certificate and the previous key are read with the others', async () => {
  const { keys } = await load({ next: ['keys/coming.pem'] }, { previous: gone })
  expect(keys.messages.next).toEqual([(await testKey('config coming')).certificate])
  expect(keys.encryption.previous?.privateKey).toBe((await testKey('config gone')).privateKey)
})

test('CFG_INVALID for files that are not there, with their paths', async () => {
  await expect(load({ next: ['keys/none.pem'] }, {})).rejects.toMatchObject(problem('keys.messages.next[0]: '))
  await expect(load({}, { previous: { ...gone, privateKey: 'keys/none.key' } })).rejects.toMatchObject(
    problem('keys.encryption.previous.privateKey: '),
  )
  await expect(load({}, { previous: { ...gone, certificates: ['keys/coming.pem'] } })).rejects.toMatchObject(
    problem('keys.encryption.previous.certificates: must begin with the certificate of the private key'),
  )
})

test('R-CR-30: CFG_INVALID when a key that signs, signed or will sign is one that is or was encrypted to', async () => {
  const line = 'keys.encryption: must be another key than keys.messages (R-CR-30)'
  await expect(load({}, { previous: leastConfig.keys.messages })).rejects.toMatchObject(problem(line))
  await expect(load({ next: ['keys/gone.pem'] }, { previous: gone })).rejects.toMatchObject(problem(line))
  await expect(load({ next: ['keys/encryption.pem'] }, {})).rejects.toMatchObject(problem(line))
})

test('CFG_INVALID for what makes no sense: a next key to encrypt to, a previous one to sign', async () => {
  await expect(load({ previous: gone }, {})).rejects.toMatchObject(problem('keys.messages: there is no key'))
  await expect(load({}, { next: ['keys/coming.pem'] })).rejects.toMatchObject(
    problem('keys.encryption: there is no key'),
  )
})
