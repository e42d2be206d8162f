import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createCertificate, createKey, type KeyKind, type Usage } from '../xmlsec/certificate.ts'
import { UsageError } from './usage.ts'
import { written } from './written.ts'

/** By the names of the example in docs/config.md. Other countries' nodes take P-256; SAML products at home know RSA. */
const wanted: readonly { readonly name: string; readonly kind: KeyKind; readonly usage: Usage }[] = [
  { name: 'messages', kind: 'P-256', usage: 'signing' },
  { name: 'encryption', kind: 'P-256', usage: 'encryption' },
  { name: 'metadata', kind: 'P-256', usage: 'signing' },
  { name: 'national', kind: 'RSA-3072', usage: 'signing' },
  { name: 'national-enc', kind: 'RSA-3072', usage: 'encryption' },
]

/** X.520: the longest organizationName. */
const LONGEST_NAME = 64
const LONGEST_DAYS = 3_650

interface Owner {
  readonly country: string
  readonly organization: string
  readonly days: number
}

/** Writes a node's five keys with certificates of their own, and overwrites nothing. */
export async function keys(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      country: { type: 'string' },
      organization: { type: 'string' },
      days: { type: 'string', default: '730' },
    },
  })
  const [folder, ...more] = positionals
  if (folder === undefined || more.length > 0) throw new UsageError('one folder is needed')
  const owner = ownerOf(values)
  const files = wanted.map((one) => ({
    ...one,
    key: join(folder, `${one.name}.key`),
    pem: join(folder, `${one.name}.pem`),
  }))
  for (const { key, pem } of files) for (const path of [key, pem]) await expectAbsent(path)
  await written(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }))
  for (const { name, kind, usage, key, pem } of files) {
    const privateKey = await createKey(kind)
    await written(key, () => writeFile(key, privateKey, { flag: 'wx', mode: 0o600 }))
    await written(pem, () => writeFile(pem, certificateOf(name, privateKey, usage, owner), { flag: 'wx' }))
    process.stdout.write(`${key}\n${pem}\n`)
  }
  return 0
}

type Given = Readonly<Partial<Record<keyof Owner, string>>>

function ownerOf({ country = '', organization = '', days = '' }: Given): Owner {
  if (!/^[A-Z]{2}$/.test(country)) throw new UsageError('--country is needed: two capitals')
  if (organization === '' || organization.length > LONGEST_NAME)
    throw new UsageError(
      `--organization is needed: the name of whose keys they are, ${LONGEST_NAME} characters at most`,
    )
  const count = /^\d{1,4}$/.test(days) ? Number(days) : 0
  if (count < 1 || count > LONGEST_DAYS) throw new UsageError(`--days takes a number from 1 to ${LONGEST_DAYS}`)
  return { country, organization, days: count }
}

/** PKCS#1 under an RSA certificate: the products that know RSA only do not know more of it. */
function certificateOf(name: string, key: string, usage: Usage, { days, ...owner }: Owner): string {
  const subject = { ...owner, commonName: `eIDAS ${name}` }
  return createCertificate({ subject, key, usage, days, now: Date.now(), rsa: 'pkcs1' })
}

/** A second run would replace keys that other parties may rely on. */
async function expectAbsent(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (isThere) throw new UsageError(`${path} is there already`)
}
