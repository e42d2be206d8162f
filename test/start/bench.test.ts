import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..', '..')

interface Row {
  readonly work: string
  readonly key: string
  readonly party: string
  readonly cpuMs: number
  readonly wallMs: number
  readonly runs: number
}

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
      ]),
    )
    for (const { cpuMs, wallMs, runs } of rows) {
      expect(Math.min(cpuMs, wallMs)).toBeGreaterThan(0)
      expect(runs).toBeGreaterThanOrEqual(21)
    }
  }, 120_000)

  it('prints what was measured, and how many times more the others cost, for people', async () => {
    const report = await bench()
    expect(report).toMatch(
      /verify and read an AuthnRequest, rsa-3072\n {2}passerelle +\d+\.\d{3} CPU +\d+\.\d{3} wall\n/,
    )
    expect(report).toMatch(/samlify .* x passerelle/)
  }, 120_000)

  it('refuses an option it does not know', async () => {
    await expect(bench('--fast')).rejects.toMatchObject({ code: 2 })
  })
})
