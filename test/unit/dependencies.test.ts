import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/* What is installed is what was looked at. */

const entry = z.object({
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  os: z.array(z.string()).optional(),
  hasInstallScript: z.boolean().optional(),
})
const lock = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), entry) })

const text = readFileSync(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8')
const packages = Object.entries(lock.parse(JSON.parse(text)).packages).filter(([path]) => path !== '')

describe('A-258: package-lock.json', () => {
  test('pins every package by SHA-512, but the binaries of other platforms that only developers need', () => {
    const loose = packages.filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''))
    for (const [, pinned] of loose) expect(pinned).toMatchObject({ dev: true, optional: true, os: expect.any(Array) })
  })

  test('takes every package from the registry', () => {
    expect(packages.filter(([, { resolved, link }]) => resolved !== undefined || link === true)).toEqual([])
  })

  test('has no script that runs when the node is installed', () => {
    expect(packages.filter(([, { hasInstallScript, dev }]) => hasInstallScript === true && dev !== true)).toEqual([])
  })
})
