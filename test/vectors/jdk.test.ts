import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeXml } from '../../src/xml/writer.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from '../../src/xmlsec/algorithms.ts'
import type { KeyKind } from '../../src/xmlsec/certificate.ts'
import { signElement } from '../../src/xmlsec/sign.ts'
import { withVerified } from '../../src/xmlsec/verify.ts'
import { testKey } from '../testkit/keys.ts'
import { assertion, expecting, response, trusting } from '../unit/xmlsec/samples.ts'
import { run, scratch, withProgram } from './tools.ts'

/* The JDK's XML signatures: the one other implementation here that knows RSASSA-PSS. It has no Brainpool curves. */

const cases: readonly (readonly [KeyKind, SignatureAlgorithm])[] = [
  ['RSA-3072', 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'],
  ['RSA-3072', 'http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1'],
  ['RSA-3072', 'http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1'],
  ['P-256', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'],
  ['P-384', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384'],
  ['P-521', 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512'],
]

const numbered = cases.map(([kind, algorithm], index) => [index, kind, algorithm] as const)

const verify = fileURLToPath(new URL('./Verify.java', import.meta.url))

withProgram('java')('the JDK', () => {
  const files = scratch()
  afterAll(files.remove)
  let answers: readonly string[] = []

  /** One launch for all: most of its time goes into starting. */
  beforeAll(async () => {
    const jobs: string[] = []
    for (const [index, [kind, algorithm]] of cases.entries()) {
      const path = (name: string): string => files.path(`${index}.${name}`)
      const key = await testKey('peer', kind)
      const signed = Buffer.from(writeXml(await signElement(response('_r0', assertion()), key.signing(algorithm))))
      writeFileSync(path('crt'), key.certificate)
      writeFileSync(path('key'), key.privateKey)
      writeFileSync(path('ours'), signed)
      writeFileSync(path('forged'), signed.toString().replace('>Ada<', '>Eve<'))
      writeFileSync(path('unsigned'), writeXml(response('_r0', assertion())))
      jobs.push('verify', path('ours'), path('crt'), 'verify', path('forged'), path('crt'))
      jobs.push('sign', path('unsigned'), path('key'), path('crt'), algorithm)
      jobs.push(signatureAlgorithms[algorithm].digestUri, path('theirs'))
    }
    answers = run('java', verify, ...jobs)
      .trim()
      .split('\n')
  }, 60_000)

  test.each(numbered)('case %s verifies what we sign, and nothing else: %s, %s', (index) => {
    expect(answers.slice(3 * index, 3 * index + 3)).toEqual(['true', 'false', 'signed'])
  })

  test.each(numbered)('case %s signs what we verify: %s, %s', async (index, kind, algorithm) => {
    const key = await testKey('peer', kind)
    const theirs = readFileSync(files.path(`${index}.theirs`))
    const expected = expecting(trusting(key.verification))
    expect(withVerified(theirs, expected, (root, by) => [root.local, by.algorithm])).toEqual(['Response', algorithm])
  })
})
