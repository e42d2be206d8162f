import type { FaultCode } from '../../src/errors/faults.ts'
import { type Forgery, forge, swap } from '../unit/xmlsec/forge.ts'
import { type DoorName, doorNames, doors } from './doors.ts'
import type { Target } from './target.ts'

/*
 * Messages that are right but for how their signature is built. The signature value fits what it says: a peer with odd
 * software, or an attacker with a peer's key, could have sent them.
 */

/** An entry of the catalogue of attacks, what is done, and how it must be refused. */
export type Attack = readonly [entry: string, what: string, forgery: Forgery, code: FaultCode]

/** Rows for test.each: every attack at every place where messages arrive. */
export function everywhere(attacks: readonly Attack[]) {
  return doorNames.flatMap((door) =>
    attacks.map(([entry, what, forgery, code]) => [entry, door, what, forgery, code] as const),
  )
}

/** Comes to this door with this forgery, which must be refused with this code. */
export async function isRefused(target: Target, door: DoorName, forgery: Forgery, code: FaultCode): Promise<void> {
  const visit = await doors[door](target)
  await visit.refused(await forge(visit.message, visit.sender.signing, forgery), code)
}

/** Changes SignedInfo before it is signed. */
export const inSignedInfo = (from: string | RegExp, to: string): Forgery => ({ signedInfo: swap(from, to) })

/** Changes the message after it was signed. */
export const afterwards = (from: string | RegExp, to: string): Forgery => ({ message: swap(from, to) })

/** What stands for what in a message as we write it; each finds the first one, which is that of the root. */
export const whole = {
  signature: /<ds:Signature .*?<\/ds:Signature>/s,
  signedInfo: /<ds:SignedInfo>.*?<\/ds:SignedInfo>/s,
  value: /<ds:SignatureValue>.*?<\/ds:SignatureValue>/s,
  keyInfo: /<ds:KeyInfo>.*?<\/ds:KeyInfo>/s,
  reference: /<ds:Reference .*?<\/ds:Reference>/s,
} as const

export const EXC_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
export const ECDSA = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'

export const transform = (uri: string, content = ''): string =>
  `<ds:Transform Algorithm="${uri}">${content}</ds:Transform>`
export const enveloped = transform('http://www.w3.org/2000/09/xmldsig#enveloped-signature')
export const exclusive = transform(EXC_C14N)

/** Other transforms than the two. */
export const transforms = (...content: readonly string[]): Forgery =>
  inSignedInfo(/(<ds:Transforms>).*?(<\/ds:Transforms>)/s, `$1${content.join('')}$2`)
