import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { documents, generatedDocuments } from '../../../src/cli/documents.ts'
import { faults } from '../../../src/errors/faults.ts'
import { attributeDefinitions } from '../../../src/identity/attributes.ts'

const root = join(import.meta.dirname, '..', '..', '..')

describe('generated documents', () => {
  test.each(generatedDocuments())('$path is current', ({ path, text }) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(text)
  })

  test('docs/faults.md has every code', () => {
    const text = generatedDocuments().find(({ path }) => path === 'docs/faults.md')?.text
    for (const code of Object.keys(faults)) expect(text).toContain(`| \`${code}\` |`)
  })

  test('docs/attributes.md has every attribute of the profile', () => {
    const text = generatedDocuments().find(({ path }) => path === 'docs/attributes.md')?.text
    for (const { name, friendlyName } of attributeDefinitions) {
      expect(text).toContain(`| \`${name}\` | \`${friendlyName}\` |`)
    }
  })

  test('docs/config.md explains every key', () => {
    const text = generatedDocuments().find(({ path }) => path === 'docs/config.md')?.text ?? ''
    const rows = text.split('\n').filter((line) => line.startsWith('| `'))
    expect(rows.length).toBeGreaterThan(50)
    for (const row of rows) expect(row).toMatch(/ \| [^|]+ \|$/)
  })

  test('are written where they belong', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'passerelle-documents-'))
    await mkdir(join(elsewhere, 'docs'))
    expect(await documents([elsewhere])).toBe(0)
    for (const { path, text } of generatedDocuments()) expect(await readFile(join(elsewhere, path), 'utf8')).toBe(text)
    await rm(elsewhere, { recursive: true })
  })
})
