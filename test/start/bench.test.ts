import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Row } from '../../bench/measure.ts'
import { writeReport } from '../../bench/report.ts'

const root = join(import.meta.dirname, '..', '..')

/** The runner has built dist/ before any suite starts. Figures of so short a run mean nothing and are not looked at. */
async function bench(...options: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/bench/run.js', '--quick', ...options], {
    cwd: root,
    maxBuffer: 1 << 20,
  })
  return stdout
}

describe('npm run bench', () => {
  it('prints rows as JSON and nothing else, one for each work and party', async () => {
    const rows: readonly Row[] = JSON.parse(await bench('--json'))
    const names = rows.map(({ work, key, party }) => `${work} ${key} ${party}`)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(
      expect.arrayContaining([
        ...['passerelle', 'samlify', 'crypto-floor'].map((party) => `read-request rsa-3072 ${party}`),
        ...['passerelle', 'samlify', 'crypto-floor'].map((party) => `write-response rsa-3072 ${party}`),
        ...['passerelle', 'samlify', 'node-saml', 'crypto-floor'].map((party) => `read-response rsa-3072 ${party}`),
        ...['read-request', 'write-response', 'read-response'].map((work) => `${work} p-256 passerelle`),
        ...['signature', 'signature-in-pool'].map((work) => `${work} rsa-3072 crypto-floor`),
        ...['passerelle', 'crypto-floor'].map((party) => `write-response p-256-to-rsa-3072 ${party}`),
        ...['mixed', 'rsa-3072', 'p-256', 'brainpoolP256r1'].map((key) => `login ${key} passerelle`),
      ]),
    )
    for (const { cpuMs, wallMs, runs } of rows) {
      expect(Math.min(cpuMs, wallMs)).toBeGreaterThan(0)
      expect(runs).toBeGreaterThanOrEqual(7)
    }
  }, 120_000)

  it('refuses an option it does not know', async () => {
    await expect(bench('--fast')).rejects.toMatchObject({ code: 2 })
  })
})

describe('the report for people', () => {
  it('says how many times more the others take, and what share is cryptography', () => {
    const row = { work: 'read-request', key: 'rsa-3072', wallMs: 1, runs: 7 }
    const report = writeReport([
      { ...row, party: 'passerelle', cpuMs: 0.5 },
      { ...row, party: 'samlify', cpuMs: 5 },
      { ...row, party: 'crypto-floor', cpuMs: 0.1 },
    ])
    expect(report).toMatch(/verify and read an AuthnRequest, rsa-3072\n {2}passerelle +0\.500 CPU +1\.000 wall\n/)
    expect(report).toMatch(/samlify +5\.000 CPU +1\.000 wall +10\.0 x passerelle\n/)
    expect(report).toMatch(/20 % of what passerelle takes is cryptography/)
  })

  it('says how many bare signatures with its key writing a response costs', () => {
    const row = { key: 'rsa-3072', wallMs: 1, runs: 7, cpuMs: 2, party: 'crypto-floor' }
    const report = writeReport([
      { ...row, work: 'write-response', party: 'passerelle', cpuMs: 2.7 },
      { ...row, work: 'write-response', cpuMs: 2.2 },
      { ...row, work: 'signature' },
      { ...row, work: 'signature-in-pool', cpuMs: 2.5 },
      { ...row, work: 'signature', key: 'p-256', cpuMs: 0.05 },
    ])
    expect(report.match(/passerelle takes \d.*/g)).toEqual([
      'passerelle takes 1.35 times one bare signature',
      'passerelle takes 1.08 times one bare signature in the thread pool',
    ])
  })
})
