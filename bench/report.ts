import { cpus } from 'node:os'
import type { Row } from './measure.ts'

const preamble = `Milliseconds per message, medians; CPU counts all threads of a process. One run, a process for each party, batches interleaved.

rsa-3072  All parties read the same octets, written by samlify: RSA PKCS#1 with SHA-256, AES-256-GCM under
          rsa-oaep-mgf1p, encrypted first and signed last. Passerelle reads them under its policy for national peers
          and writes the same algorithms. eIDAS' own RSA-PSS and RSA-OAEP with SHA-256 use the private key just as often.
          Passerelle signs with RSA in the thread pool, off the event loop; what that costs is told too.
p-256     ECDSA with SHA-256, AES-256-GCM under ECDH-ES: eIDAS' algorithms, which the libraries do not have; -to-rsa-3072:
          ECDSA, encrypted under RSA-OAEP.
samlify and node-saml are called by their ordinary interface, on the decoded form field. Passerelle starts from the
octets of the form and ends in the form field: strict scan, schema validation and comparison of both parsers included.
samlify's schema check is given to it, at no more cost than ours. crypto-floor is node:crypto on octets of
the same sizes. node-saml reads responses only.
login     Both nodes of the demo over HTTP, from the arrival of each of their requests to the end of the answer; portal,
          identity provider and browser are not counted. The keys named are those between the countries (mixed: requests
          signed with RSA-3072, responses signed and encrypted with P-256); within a country all are RSA-3072.`

const works: Readonly<Record<string, string>> = {
  'read-request': 'verify and read an AuthnRequest',
  'write-response': 'write, encrypt and sign a Response',
  'read-response': 'verify, decrypt and read a Response',
  signature: 'one bare signature',
  'signature-in-pool': 'one bare signature in the thread pool',
  login: 'one sign-in, both nodes together',
}

/** The figures for people: every row, how many times more than Passerelle it costs, and what share cannot be saved. */
export function writeReport(rows: readonly Row[]): string {
  const machine = `Node ${process.versions.node}, OpenSSL ${process.versions.openssl}, ${cpus()[0]?.model ?? 'unknown CPU'}`
  const titles = [...new Set(rows.map(titleOf))]
  const groups = titles.map((title) => `${title}\n${writeGroup(title, rows)}`)
  return [machine, preamble, ...groups].join('\n\n')
}

function titleOf({ work, key }: Row): string {
  return `${works[work] ?? work}, ${key}`
}

function writeGroup(title: string, all: readonly Row[]): string {
  const rows = all.filter((row) => titleOf(row) === title)
  const ours = rows.find(({ party }) => party === 'passerelle')
  const floor = rows.find(({ party }) => party === 'crypto-floor')
  const lines = rows.map((row) => {
    const figures = `  ${row.party.padEnd(13)}${figure(row.cpuMs)} CPU ${figure(row.wallMs)} wall`
    return ours === undefined || row === ours || row === floor
      ? figures
      : `${figures}   ${ratio(row, ours)} x passerelle`
  })
  if (ours === undefined || floor === undefined) return lines.join('\n')
  const share = Math.round((100 * floor.cpuMs) / ours.cpuMs)
  return [...lines, ...writeSignatures(ours, all), `  ${share} % of what passerelle takes is cryptography`].join('\n')
}

/** What writing costs in signatures, the one thing in it that no code does for less. */
function writeSignatures(ours: Row, all: readonly Row[]): readonly string[] {
  if (ours.work !== 'write-response') return []
  const signatures = all.filter(({ work, key }) => work.startsWith('signature') && key === ours.key)
  return signatures.map((row) => `  passerelle takes ${(ours.cpuMs / row.cpuMs).toFixed(2)} times ${works[row.work]}`)
}

function figure(milliseconds: number): string {
  return milliseconds.toFixed(3).padStart(8)
}

function ratio(row: Row, to: Row): string {
  return (row.cpuMs / to.cpuMs).toFixed(1)
}
