import { readdirSync, readFileSync } from 'node:fs'

const source = new URL('../../../src/', import.meta.url)

function filesWith(word: string): readonly string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && readFileSync(new URL(file, source), 'utf8').includes(word))
    .sort()
}

test('rule 1: only verification and decryption mint what counts as signed', () => {
  expect(filesWith('markSigned')).toEqual([
    'xmlsec/decrypt.ts',
    'xmlsec/octets.ts',
    'xmlsec/signed.ts',
    'xmlsec/verify.ts',
  ])
})

test('the brand is cast onto a value in one place', () => {
  expect(filesWith('as Signed<')).toEqual(['xmlsec/signed.ts'])
})
