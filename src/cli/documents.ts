import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attributesDocument } from '../config/attributes-document.ts'
import { configDocument } from '../config/document.ts'
import { faults, sentences } from '../errors/faults.ts'

/** A document that is made from the sources. */
export interface GeneratedDocument {
  /** From the root of the project. */
  readonly path: string
  readonly text: string
}

/** All of them; a test holds the files to these texts. */
export function generatedDocuments(): readonly GeneratedDocument[] {
  return [
    { path: 'docs/attributes.md', text: attributesDocument() },
    { path: 'docs/config.md', text: configDocument() },
    { path: 'docs/faults.md', text: faultsDocument() },
  ]
}

/** Writes them below the root of the project. */
export async function documents(args: readonly string[]): Promise<number> {
  const [root = '.'] = args
  for (const { path, text } of generatedDocuments()) await writeFile(join(root, path), text)
  return 0
}

const opening = `# Faults

<!-- Generated from src/errors/faults.ts; a test fails when it is not current. -->

Everything that can go wrong has a code. The code is in the log, next to the support code that the citizen sees. The
citizen reads the sentence below, never the code. A peer whose message is at fault is answered with the SAML status,
once its message is known to be its own; a fault in the answer of the party we asked is reported as Responder.
`

function faultsDocument(): string {
  const codes = Object.entries(faults).map(
    ([code, { meaning, sentence, status }]) => `| \`${code}\` | ${meaning} | ${sentence} | ${status.join(' / ')} |`,
  )
  const words = Object.entries(sentences).map(([key, text]) => `| ${key} | ${text} |`)
  return [
    opening,
    '## Codes',
    '',
    '| Code | Meaning | Sentence | SAML status |',
    '| --- | --- | --- | --- |',
    ...codes,
    '',
    '## Sentences',
    '',
    '| Sentence | What the citizen reads |',
    '| --- | --- |',
    ...words,
    '',
  ].join('\n')
}
