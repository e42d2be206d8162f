import { constants, verify, X509Certificate } from 'node:crypto'
import { NodeFault } from '../../../src/errors/node-fault.ts'
import type { OpenDocument } from '../../../src/xml/document.ts'
import { messageLimits } from '../../../src/xml/limits.ts'
import { ns, samlp } from '../../../src/xml/names.ts'
import { prepareSchemas } from '../../../src/xml/schema.ts'
import { signatureAlgorithms } from '../../../src/xmlsec/algorithms.ts'
import { checks, type OwnKeys, selfTest } from '../../../src/xmlsec/self-test.ts'
import { type Check, type Kernel, kernel } from '../../../src/xmlsec/self-test-check.ts'
import {
  detachedOctets,
  ecCertificate,
  rsaCertificate,
  signatureVectors,
} from '../../../src/xmlsec/self-test-vectors.ts'
import type { Expected } from '../../../src/xmlsec/verify.ts'
import { testKey } from '../../testkit/keys.ts'

/* Rule 25 of docs/verify-path.md: the self-test passes, and no fault it looks for gets past it. */

async function own(): Promise<OwnKeys> {
  const [ec, rsa, reader] = [
    await testKey(),
    await testKey('peer', 'RSA-3072'),
    await testKey('reader', 'P-256', 'encryption'),
  ]
  const national = rsa.signing('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')
  const encryption = await testKey('recipient', 'RSA-3072', 'encryption')
  return { signing: [ec.signing(), rsa.signing(), national], decryption: [encryption.decryption, reader.decryption] }
}

async function fails({ carryOut }: Check, broken: Kernel): Promise<boolean> {
  return carryOut(broken).then(
    () => false,
    () => true,
  )
}

async function failing(broken: Partial<Kernel>): Promise<readonly string[]> {
  const list = checks(await own())
  const verdicts = await Promise.all(list.map((one) => fails(one, { ...kernel, ...broken })))
  return list.filter((_, index) => verdicts[index]).map(({ name }) => name)
}

/* What a function that says yes to everything gives instead of a refusal: the work of the right one on a good vector. */

const ecdsa = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'
const good = Buffer.from(`<saml2:Issuer xmlns:saml2="${ns.saml}">peer</saml2:Issuer>`)
const vouched = Buffer.from(signatureVectors[ecdsa].message)
const trusting: Expected = {
  root: [samlp('AuthnRequest')],
  schema: 'protocol',
  limits: messageLimits,
  keysFor: () => ({ keys: [kernel.verificationKey(ecCertificate)], algorithms: [ecdsa] }),
}
const unsigned = Buffer.from(vouched.toString().replace(/<ds:Signature .*<\/ds:Signature>/, ''))
const beside = {
  octets: Buffer.from(detachedOctets),
  signature: Buffer.from(signatureVectors[ecdsa].detached, 'base64'),
  algorithm: ecdsa,
}
const readable = Buffer.from(
  `<saml2:Assertion xmlns:saml2="${ns.saml}" ID="_a0" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><saml2:Issuer>peer</saml2:Issuer><saml2:Subject><saml2:NameID>x</saml2:NameID></saml2:Subject></saml2:Assertion>`,
)

/** Decides of each call whether its outcome is turned round: a result into a fault, a refusal into a result. */
class Saboteur {
  readonly #turns: (call: number) => boolean
  #calls = 0

  constructor(turns: (call: number) => boolean) {
    this.#turns = turns
  }

  get calls(): number {
    return this.#calls
  }

  call<R>(right: () => R, yes: () => R): R {
    this.#calls += 1
    if (!this.#turns(this.#calls)) return right()
    const [refused] = attempt(right)
    if (refused) return yes()
    throw new NodeFault('INTERNAL', 'turned')
  }

  async later<R>(right: () => Promise<R>, yes: () => Promise<R>): Promise<R> {
    this.#calls += 1
    if (!this.#turns(this.#calls)) return right()
    const refused = await right().then(
      () => false,
      () => true,
    )
    if (refused) return yes()
    throw new NodeFault('INTERNAL', 'turned')
  }
}

function attempt(act: () => unknown): readonly [refused: boolean] {
  try {
    act()
    return [false]
  } catch {
    return [true]
  }
}

function sabotaged(by: Saboteur): Kernel {
  const document = (real: OpenDocument): OpenDocument => ({
    root: real.root,
    validate: (schema) =>
      by.call(
        () => real.validate(schema),
        () => undefined,
      ),
    canonical: (target, options) =>
      by.call(
        () => real.canonical(target, options),
        () => good,
      ),
    whole: real.whole,
  })
  return {
    concatKdf: (...given) =>
      by.call(
        () => kernel.concatKdf(...given),
        () => Buffer.alloc(32),
      ),
    decryptContent: (...given) =>
      by.later(
        () => kernel.decryptContent(...given),
        async () => Buffer.from('plaintext'),
      ),
    encryptElement: (...given) =>
      by.later(
        () => kernel.encryptElement(...given),
        () => kernel.encryptElement(...given),
      ),
    readEncrypted: (...given) =>
      by.call(
        () => kernel.readEncrypted(...given),
        () => ({
          cipher: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
          octets: Buffer.alloc(40),
          key: {
            kind: 'rsa',
            transport: {
              uri: '',
              digestUri: '',
              mgfUri: '',
              hash: signatureAlgorithms[ecdsa].hash,
            },
            wrapped: Buffer.alloc(384),
            recipients: [],
          },
        }),
      ),
    readPlaintext: (octets, expected) =>
      by.call(
        () => kernel.readPlaintext(octets, expected),
        () => kernel.readPlaintext(readable, expected),
      ),
    recipient: (...given) =>
      by.call(
        () => kernel.recipient(...given),
        () => kernel.recipient(rsaCertificate),
      ),
    scan: (octets, limits) =>
      by.call(
        () => kernel.scan(octets, limits),
        () => kernel.scan(good, messageLimits),
      ),
    signElement: (...given) =>
      by.later(
        () => kernel.signElement(...given),
        () => kernel.signElement(...given),
      ),
    signOctets: (...given) =>
      by.later(
        () => kernel.signOctets(...given),
        () => kernel.signOctets(...given),
      ),
    verificationKey: (...given) =>
      by.call(
        () => kernel.verificationKey(...given),
        () => kernel.verificationKey(rsaCertificate),
      ),
    withDocument: (octets, limits, use) =>
      by.call(
        () => kernel.withDocument(octets, limits, (real) => use(document(real))),
        () =>
          kernel.withDocument(good, messageLimits, ({ root }) =>
            use({ root, validate: () => undefined, canonical: () => good, whole: (octets) => octets }),
          ),
      ),
    withVerified: (xml, expected, read) =>
      by.call(
        () => kernel.withVerified(xml, expected, read),
        () => kernel.withVerified(vouched, trusting, read),
      ),
    withVerifiedOctets: (xml, expected, detached, read) =>
      by.call(
        () => kernel.withVerifiedOctets(xml, expected, detached, read),
        () => kernel.withVerifiedOctets(unsigned, trusting, beside, read),
      ),
  }
}

/** Calls of the kernel that a check makes. */
async function callsOf({ carryOut }: Check): Promise<number> {
  const saboteur = new Saboteur(() => false)
  await carryOut(sabotaged(saboteur))
  return saboteur.calls
}

beforeAll(() => {
  prepareSchemas()
})

test('every algorithm and every guard passes', async () => {
  await expect(selfTest(await own())).resolves.toBeUndefined()
})

test('every check has a name of its own', async () => {
  const names = checks(await own()).map(({ name }) => name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

test('every algorithm of the table is tested', async () => {
  const names = checks(await own()).map(({ name }) => name)
  for (const uri of Object.keys(signatureAlgorithms)) {
    expect(names).toContain(`${uri.slice(uri.indexOf('#') + 1)} verifies a message`)
  }
})

test('no check passes when any one call in it has the opposite outcome', async () => {
  const missed: string[] = []
  for (const one of checks(await own())) {
    const calls = await callsOf(one)
    if (calls === 0) missed.push(`${one.name}: tests nothing`)
    for (let turned = 1; turned <= calls; turned += 1) {
      const saboteur = new Saboteur((call) => call === turned)
      if (!(await fails(one, sabotaged(saboteur)))) missed.push(`${one.name}: call ${turned}`)
    }
  }
  expect(missed).toEqual([])
})

describe('a kernel that is broken in one way is found out', () => {
  const yes = sabotaged(new Saboteur(() => true))

  test('signatures: yes to everything', async () => {
    const found = await failing({
      withVerified: (_, __, read) => kernel.withVerified(vouched, trusting, read),
      withVerifiedOctets: (_, __, ___, read) => kernel.withVerifiedOctets(unsigned, trusting, beside, read),
    })
    const all = checks(await own()).map(({ name }) => name)
    const bad = all.filter((name) => /^[a-z0-9]+-.* refuses .*message$|^verification refuses/.test(name))
    expect(bad.length).toBeGreaterThan(100)
    expect(found).toEqual(expect.arrayContaining(bad))
  })

  test('F8: PSS with any length of salt', async () => {
    const key = new X509Certificate(Buffer.from(rsaCertificate, 'base64')).publicKey
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
    const found = await failing({
      withVerifiedOctets: (xml, expected, detached, read) =>
        detached.algorithm.endsWith('sha256-rsa-MGF1') &&
        verify('sha256', detached.octets, { key, ...padding }, detached.signature)
          ? kernel.withVerifiedOctets(unsigned, trusting, beside, read)
          : kernel.withVerifiedOctets(xml, expected, detached, read),
    })
    expect(found).toContain('sha256-rsa-MGF1 refuses a salt of no octets beside a message')
  })

  test('F8: ECDSA in DER', async () => {
    const key = new X509Certificate(Buffer.from(ecCertificate, 'base64')).publicKey
    const found = await failing({
      withVerifiedOctets: (xml, expected, detached, read) =>
        detached.algorithm === ecdsa && verify('sha256', detached.octets, key, detached.signature)
          ? kernel.withVerifiedOctets(unsigned, trusting, beside, read)
          : kernel.withVerifiedOctets(xml, expected, detached, read),
    })
    expect(found).toEqual(['ecdsa-sha256 refuses a signature in DER beside a message'])
  })

  test('the odd signatures are the right key’s own: with the guard they fall, without it they would not', () => {
    const rsa = new X509Certificate(Buffer.from(rsaCertificate, 'base64')).publicKey
    const { odd } = signatureVectors['http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1']
    const saltless = { key: rsa, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 0 }
    const signature = Buffer.from(odd.detached, 'base64')
    expect(verify('sha384', Buffer.from(detachedOctets), saltless, signature)).toBe(true)
  })

  test('decryption: a tag that nobody looks at', async () => {
    const found = await failing({ decryptContent: yes.decryptContent })
    for (const bits of [128, 192, 256]) {
      for (const what of ['a changed tag', 'a tag of 12 octets', 'changed ciphertext', 'another IV']) {
        expect(found).toContain(`aes${bits}-gcm refuses ${what}`)
      }
    }
    expect(found).toContain('kw-aes256 after ConcatKDF with sha256 refuses another initial value')
    expect(found).toContain('encryption key 1 refuses changed content')
  })

  test('decryption: another plaintext', async () => {
    const found = await failing({
      decryptContent: async (...given) => (await kernel.decryptContent(...given)).reverse(),
    })
    expect(found).toEqual(
      expect.arrayContaining(['aes128-gcm opens what is known', 'a fresh key decrypts what eIDAS peers send']),
    )
  })

  test('derivation: one bit', async () => {
    const found = await failing({
      concatKdf: (...given) => {
        const key = kernel.concatKdf(...given)
        key.writeUInt8(key.readUInt8(0) ^ 1)
        return key
      },
    })
    expect(found).toHaveLength(6)
    expect(found[0]).toBe('kw-aes128 after ConcatKDF with sha256 derives what is known')
  })

  test('F2: a canonicalisation that drops U+FEFF', async () => {
    const found = await failing({
      withDocument: (octets, limits, use) =>
        kernel.withDocument(octets, limits, (real) =>
          use({
            ...real,
            canonical: (...given) =>
              Buffer.from(
                Buffer.from(real.canonical(...given))
                  .toString()
                  .replace('\ufeff', ''),
              ),
          }),
        ),
    })
    expect(found).toEqual(['canonicalisation keeps U+FEFF'])
  })

  test('F3: a document that opens although libxml2 stopped half-way', async () => {
    const found = await failing({
      withDocument: (octets, limits, use) => {
        const [refused] = attempt(() => kernel.withDocument(octets, limits, () => 'opened'))
        return kernel.withDocument(refused ? good : octets, refused ? messageLimits : limits, use)
      },
    })
    expect(found).toContain('documents are not opened with a name in a relative namespace')
  })

  test('schema: nothing is validated', async () => {
    const found = await failing({
      withDocument: (octets, limits, use) =>
        kernel.withDocument(octets, limits, (real) => use({ ...real, validate: () => undefined })),
    })
    expect(found).toEqual([
      'schema refuses a stray element',
      'schema refuses an element out of its place',
      'schema refuses a missing attribute',
    ])
  })

  test('scanner: comments, processing instructions and CDATA are passed over', async () => {
    const found = await failing({
      scan: (octets, limits) => kernel.scan(octets, { ...limits, markup: 'read' }),
    })
    expect(found).toEqual([
      'scanner refuses a comment',
      'scanner refuses a processing instruction',
      'scanner refuses a CDATA section',
    ])
  })

  test('scanner: a gate that is open', async () => {
    const found = await failing({ scan: () => kernel.scan(good, messageLimits) })
    const all = checks(await own()).map(({ name }) => name)
    expect(found).toEqual(expect.arrayContaining(all.filter((name) => name.startsWith('scanner refuses'))))
  })

  test('keys: whatever a certificate holds', async () => {
    const found = await failing({ verificationKey: yes.verificationKey })
    expect(found).toEqual(
      expect.arrayContaining([
        'keys: an RSA key of 2048 bits is refused',
        'keys: an RSA exponent of 3 is refused',
        'keys: a curve given by its parameters is refused',
        'keys: a curve that is not on the list is refused',
      ]),
    )
  })
})

test('a miss stops the start, and every miss is named', async () => {
  const broken = { ...kernel, scan: () => kernel.scan(good, messageLimits), concatKdf: () => Buffer.alloc(32) }
  const fault: unknown = await selfTest(await own(), broken).catch((thrown: unknown) => thrown)
  expect(fault).toMatchObject({
    code: 'SELF_TEST',
    detail: expect.stringMatching(
      /scanner refuses a document type \(SELF_TEST: accepted instead of XML_DOCTYPE\).*; kw-aes256 after ConcatKDF with sha512 derives what is known/,
    ),
  })
})

test('A-121: an own key whose private half signs for another certificate stops the start', async () => {
  const [one, other] = [await testKey(), await testKey('stranger')]
  const crossed = { ...one.signing(), certificates: other.signing().certificates }
  await expect(selfTest({ signing: [crossed], decryption: [] })).rejects.toMatchObject({
    code: 'SELF_TEST',
    detail: `signing key 1 signs messages (DS_SIG: ${ecdsa}); signing key 1 signs octets (BIND_SIG: ${ecdsa})`,
  })
})
