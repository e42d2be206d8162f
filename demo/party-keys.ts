import { createCertificate, createKey } from '../src/index.ts'
import type { PartyKeys } from './party.ts'

/** A fresh RSA key with a certificate of its own, as the parties' libraries take them. */
export async function newPartyKeys(commonName: string, usage: 'signing' | 'encryption'): Promise<PartyKeys> {
  const privateKey = await createKey('RSA-3072')
  const order = { subject: { commonName }, key: privateKey, now: Date.now(), days: 30, usage }
  return { privateKey, certificate: createCertificate({ ...order, rsa: 'pkcs1' }) }
}
