import { existsSync, readFileSync } from 'node:fs'
import { certificatesIn } from '../../src/inspect/signers.ts'
import { decryptionKey } from '../../src/xmlsec/keys.ts'

/*
 * Messages of sign-ins between this node and the EU's eIDAS-Node 2.9, with the keys of that run. They are not part of
 * this project, which holds no private keys of anybody; where they are not beside it, the tests that read them are
 * reported as skipped.
 */
const folder = new URL('../../../shared/vectors/eu-node-live/', import.meta.url)

const present = existsSync(folder)
if (!present) console.warn(`skipped: no messages of sign-ins with the EU node in ${folder.pathname}`)

/** `describe` for tests that read them. */
export const withLiveVectors = present ? describe : describe.skip

export function liveVector(file: string): Buffer {
  return readFileSync(new URL(file, folder))
}

const read = (file: string) => liveVector(file).toString('utf8')

/** The keys of that run that decrypt, by their names there. */
export const keyNames = ['encryption', 'rsa-encryption', 'bp-encryption'] as const

export const privateKeyOf = (name: (typeof keyNames)[number]) => read(`${name}.key`)

export const liveDecryption = () =>
  keyNames.map((name) => decryptionKey({ privateKey: privateKeyOf(name), certificates: [read(`${name}.pem`)] }))

/** The certificates its messages were signed with, by their names there. */
const signers = ['eu-msgrsa', 'eu-msgec', 'eu-msgec384', 'eu-msgbp'] as const

export const liveSigners = () => signers.flatMap((name) => certificatesIn(read(`${name}.pem`)))
