import type { FaultCode } from '../errors/faults.ts'
import { asFault, NodeFault } from '../errors/node-fault.ts'
import { withDocument } from '../xml/document.ts'
import { scan } from '../xml/scanner.ts'
import { concatKdf } from './concat-kdf.ts'
import { decryptContent } from './decrypt.ts'
import { encryptElement, recipient } from './encrypt.ts'
import { readEncrypted } from './encrypted-data.ts'
import { type VerificationKey, verificationKey } from './keys.ts'
import { signOctets, withVerifiedOctets } from './octets.ts'
import { readPlaintext } from './plaintext.ts'
import { signElement } from './sign.ts'
import { withVerified } from './verify.ts'

/* What a check of the self-test is made of. */

/** The functions that are tested: the ones the node works with, and no others. */
export const kernel = {
  concatKdf,
  decryptContent,
  encryptElement,
  readEncrypted,
  readPlaintext,
  recipient,
  scan,
  signElement,
  signOctets,
  verificationKey,
  withDocument,
  withVerified,
  withVerifiedOctets,
} as const

/** Handed to the checks, so that a test can hand them broken ones. */
export type Kernel = Readonly<typeof kernel>

const judged = new WeakMap<Kernel, Map<string, VerificationKey>>()

/** What the kernel makes of a certificate of the vectors, which it is asked once: judging takes longer than verifying. */
export function keyIn(certificate: string, kernel: Kernel): VerificationKey {
  const known = judged.get(kernel) ?? new Map<string, VerificationKey>()
  judged.set(kernel, known)
  const key = known.get(certificate) ?? kernel.verificationKey(certificate)
  known.set(certificate, key)
  return key
}

export interface Check {
  readonly name: string
  /** Rejects when the kernel does not do what it must. */
  readonly carryOut: (kernel: Kernel) => Promise<void>
}

export function check(name: string, carryOut: Check['carryOut']): Check {
  return { name, carryOut }
}

/** A known-good vector that did not come out as known. */
export function expectThat(condition: boolean, what: string): void {
  if (!condition) throw new NodeFault('SELF_TEST', what)
}

/** A known-bad vector must be refused, and for its own reason: anything else may be the next thing that happened to fail. */
export async function expectRefusal(code: FaultCode, act: () => unknown): Promise<void> {
  const found = await codeOf(act)
  if (found !== code) throw new NodeFault('SELF_TEST', `${found ?? 'accepted'} instead of ${code}`)
}

async function codeOf(act: () => unknown): Promise<FaultCode | undefined> {
  try {
    await act()
    return undefined
  } catch (thrown) {
    return asFault(thrown).code
  }
}

/** The octets with one bit of the last one changed. */
export function withBitChanged(octets: Uint8Array): Buffer {
  const changed = Buffer.from(octets)
  const last = changed.length - 1
  changed[last] = (changed[last] ?? 0) ^ 1
  return changed
}
