import { messageLimits } from '../../../src/xml/limits.ts'
import { ns, saml } from '../../../src/xml/names.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { el } from '../../../src/xml/writer.ts'
import { encryptElement, recipient } from '../../../src/xmlsec/encrypt.ts'
import { readEncrypted } from '../../../src/xmlsec/encrypted-data.ts'
import { eidasEncryption, nationalEncryption } from '../../../src/xmlsec/encryption-policy.ts'
import { testKey } from '../../testkit/keys.ts'
import { swap, textOf } from './forge.ts'
import { outcome } from './samples.ts'

/* Rules 20 and 21: every element of encrypted data has the attributes and children written down for it, and no others. */

type Kind = 'RSA-3072' | 'P-256'

async function written(kind: Kind): Promise<string> {
  const { certificate } = await testKey('recipient', kind, 'encryption')
  return textOf(el(saml('EncryptedAssertion'), {}, await encryptElement(Buffer.from('x'), recipient(certificate))))
}

const read = (xml: string, policy = eidasEncryption) => readEncrypted(scan(Buffer.from(xml), messageLimits), policy)

async function verdict(kind: Kind, change: (xml: string) => string): Promise<string> {
  const xml = change(await written(kind))
  return outcome(() => read(xml))
}

const stray = `<ds:SPKIData xmlns:ds="${ns.ds}"></ds:SPKIData>`

/** Where the `index`th element of that name begins and ends, as its two tags. */
function tagsOf(xml: string, name: string, index: number) {
  const tags = [...xml.matchAll(new RegExp(`<(/?)${name}(?=[ >])[^>]*>`, 'g'))]
  const start = tags.filter(([, slash]) => slash === '')[index]
  if (start === undefined) throw new TypeError(`no ${name} ${index}`)
  let depth = 0
  const end = tags.slice(tags.indexOf(start)).find(([, slash]) => {
    depth += slash === '' ? 1 : -1
    return depth === 0
  })
  if (end === undefined) throw new TypeError(`${name} ${index} does not end`)
  return { start, end }
}

const inserting = (xml: string, at: number, text: string): string => xml.slice(0, at) + text + xml.slice(at)

const withAttribute =
  (name: string, index: number, attribute = 'Foo="1"') =>
  (xml: string) => {
    const { start } = tagsOf(xml, name, index)
    return inserting(xml, start.index + start[0].length - 1, ` ${attribute}`)
  }

const withChild =
  (name: string, index: number, child = stray) =>
  (xml: string) =>
    inserting(xml, tagsOf(xml, name, index).end.index, child)

describe.each(['RSA-3072', 'P-256'] as const)('%s: closed, ENC_STRUCT for what is one too many', (kind) => {
  test.each([
    ['saml2:EncryptedAssertion', 0],
    ['xenc:EncryptedData', 0],
    ['xenc:EncryptionMethod', 0],
    ['xenc:EncryptedKey', 0],
    ['xenc:CipherData', 0],
    ['xenc:CipherValue', 0],
    ['xenc:CipherData', 1],
    ['xenc:CipherValue', 1],
  ] as const)('%s %d', async (name, index) => {
    expect(await verdict(kind, withAttribute(name, index))).toBe('ENC_STRUCT')
    expect(await verdict(kind, withChild(name, index))).toBe('ENC_STRUCT')
    if (name !== 'xenc:CipherValue') expect(await verdict(kind, withChild(name, index, 'x'))).toBe('ENC_STRUCT')
  })

  test('but for an Id, and the MIME type of the data', async () => {
    for (const [name, attribute] of [
      ['xenc:EncryptedData', 'Id="_e"'],
      ['xenc:EncryptedData', 'MimeType="text/xml"'],
      ['ds:KeyInfo', 'Id="_i"'],
      ['xenc:EncryptedKey', 'Id="_k"'],
    ] as const) {
      expect(await verdict(kind, withAttribute(name, 0, attribute))).toBe('accepted')
    }
  })

  test('A-284: Recipient, and what stands beside the key, is passed over', async () => {
    expect(await verdict(kind, withAttribute('xenc:EncryptedKey', 0, 'Recipient="https://other.example"'))).toBe(
      'accepted',
    )
    const beside = swap('<xenc:EncryptedKey', '<ds:KeyName>x</ds:KeyName><ds:RetrievalMethod URI="#_k"/>$&')
    expect(await verdict(kind, beside)).toBe('accepted')
    const carried =
      '<xenc:ReferenceList><xenc:DataReference URI="#_e"/></xenc:ReferenceList><xenc:CarriedKeyName>x</xenc:CarriedKeyName>'
    expect(await verdict(kind, swap('</xenc:EncryptedKey>', `${carried}$&`))).toBe('accepted')
  })
})

describe('RSA-OAEP: ENC_ALG for a parameter too many', () => {
  test.each([
    ['xenc:EncryptionMethod', 1],
    ['ds:DigestMethod', 0],
    ['xenc11:MGF', 0],
  ] as const)('%s', async (name, index) => {
    expect(await verdict('RSA-3072', withAttribute(name, index))).toBe('ENC_ALG')
    expect(await verdict('RSA-3072', withChild(name, index))).toBe('ENC_ALG')
  })

  test('A-139: a parameter that is there and says nothing is not one that is absent', async () => {
    const bare = (name: string) => swap(new RegExp(`(<${name}[^>]*?) Algorithm="[^"]*"`), '$1')
    const xml = await written('RSA-3072')
    for (const name of ['ds:DigestMethod', 'xenc11:MGF']) {
      expect(outcome(() => read(bare(name)(xml), nationalEncryption))).toBe('ENC_ALG')
    }
  })
})

describe('key agreement: every element is closed', () => {
  test.each([
    ['xenc:EncryptionMethod', 1, 'ENC_STRUCT'],
    ['xenc:AgreementMethod', 0, 'ENC_STRUCT'],
    ['xenc11:KeyDerivationMethod', 0, 'ENC_STRUCT'],
    ['xenc11:ConcatKDFParams', 0, 'ENC_ALG'],
    ['ds:DigestMethod', 0, 'ENC_ALG'],
    ['ds:KeyValue', 0, 'ENC_STRUCT'],
    ['ds11:ECKeyValue', 0, 'ENC_STRUCT'],
    ['ds11:NamedCurve', 0, 'ENC_STRUCT'],
    ['ds11:PublicKey', 0, 'ENC_STRUCT'],
    ['ds11:DEREncodedKeyValue', 0, 'ENC_STRUCT'],
  ] as const)('%s %d: %s', async (name, index, code) => {
    expect(await verdict('P-256', withAttribute(name, index))).toBe(code)
    expect(await verdict('P-256', withChild(name, index))).toBe(code)
  })

  test('xenc:OriginatorKeyInfo holds what is known, xenc:RecipientKeyInfo what it likes', async () => {
    for (const [name, code] of [
      ['xenc:OriginatorKeyInfo', 'ENC_STRUCT'],
      ['xenc:RecipientKeyInfo', 'accepted'],
    ] as const) {
      expect(await verdict('P-256', withChild(name, 0))).toBe(code)
      expect(await verdict('P-256', withChild(name, 0, 'x'))).toBe(code)
    }
  })

  test.each(['ds11:ECKeyValue', 'ds11:DEREncodedKeyValue'])('%s may have an Id', async (name) => {
    expect(await verdict('P-256', withAttribute(name, 0, 'Id="_p"'))).toBe('accepted')
  })

  test('R-CR-16: what has no Algorithm has none of ours', async () => {
    for (const name of ['xenc:AgreementMethod', 'xenc11:KeyDerivationMethod', 'ds:DigestMethod']) {
      const bare = swap(new RegExp(`(<${name}[^>]*?) Algorithm="[^"]*"`), '$1')
      expect(await verdict('P-256', bare)).toBe('ENC_ALG')
    }
  })

  test('what it says is what is read', async () => {
    const key = await testKey('recipient', 'P-256', 'encryption')
    const xml = (await written('P-256')).replace('AlgorithmID="0000"', 'AlgorithmID="0001"')
    const parties = xml
      .replace('PartyUInfo="0000"', 'PartyUInfo="0002"')
      .replace('PartyVInfo="0000"', 'PartyVInfo="0003"')
    const { key: agreed } = read(parties)
    expect(agreed).toMatchObject({
      kind: 'ec',
      wrap: 'http://www.w3.org/2001/04/xmlenc#kw-aes256',
      kdfHash: { node: 'sha256' },
      otherInfo: Buffer.from([1, 2, 3]),
      curve: { name: 'prime256v1' },
      recipients: [{ kind: 'certificate', der: Buffer.from(key.decryption.certificate, 'base64') }],
    })
    expect(agreed.wrapped).toHaveLength(40)
  })

  test('who it is for may be left unsaid', async () => {
    const unsaid = swap(/<xenc:RecipientKeyInfo.*<\/xenc:RecipientKeyInfo>/s, '')(await written('P-256'))
    expect(read(unsaid, nationalEncryption).key.recipients).toEqual([])
    expect(read(unsaid).key.recipients).toEqual([])
  })

  test('A-142: two ephemeral keys are one and the same, and something else is none', async () => {
    const der = /<ds11:DEREncodedKeyValue.*<\/ds11:DEREncodedKeyValue>/s
    expect(await verdict('P-256', swap(der, '$&$&'))).toBe('accepted')
    const [one, other] = [await written('P-256'), await written('P-256')]
    expect(outcome(() => read(one.replace(der, der.exec(other)?.[0] ?? '')))).toBe('ENC_KEY')
    expect(await verdict('P-256', swap(/(<ds11:DEREncodedKeyValue[^>]*>)[^<]*/, '$1*'))).toBe('ENC_KEY')
    expect(await verdict('P-256', swap(/(<ds11:PublicKey[^>]*>)[^<]*/, '$1*'))).toBe('ENC_KEY')
    expect(await verdict('P-256', swap(/<ds11:PublicKey.*<\/ds11:PublicKey>/, ''))).toBe('ENC_STRUCT')
    expect(await verdict('P-256', swap(/<ds11:ECKeyValue.*<\/ds11:ECKeyValue>/, ''))).toBe('ENC_STRUCT')
  })
})

test('A-145: without KeyInfo there is no key', async () => {
  const bare = swap(/<ds:KeyInfo.*<\/ds:KeyInfo>/s, '')
  expect(await verdict('RSA-3072', bare)).toBe('ENC_STRUCT')
  const xml = await written('RSA-3072')
  expect(outcome(() => read(bare(xml), nationalEncryption))).toBe('ENC_STRUCT')
})
