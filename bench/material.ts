import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createCertificate } from '../src/xmlsec/certificate.ts'

/** A private key and its certificate, PEM. */
export interface KeyPair {
  readonly privateKey: string
  readonly certificate: string
}

/** Keys of the two who talk: the one who asks (a connector) and the one who answers (a proxy service). */
export interface Material {
  readonly asking: KeyPair
  readonly answering: KeyPair
}

const newRsa = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey
const newEc = (namedCurve: string) => (): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey

export interface Materials {
  readonly rsa: Material
  readonly ec: Material
  readonly brainpool: Material
}

/** Fresh keys of each kind; nothing of them outlives the run. */
export function newMaterial(): Materials {
  return { rsa: newPairs(newRsa), ec: newPairs(newEc('P-256')), brainpool: newPairs(newEc('brainpoolP256r1')) }
}

function newPairs(newKey: () => KeyObject): Material {
  return { asking: newPair('asking', newKey()), answering: newPair('answering', newKey()) }
}

function newPair(commonName: string, key: KeyObject): KeyPair {
  const privateKey = key.export({ type: 'pkcs8', format: 'pem' }).toString()
  const order = { subject: { commonName }, now: Date.now(), days: 2, usage: 'signing', rsa: 'pkcs1' } as const
  return { privateKey, certificate: createCertificate({ ...order, key: privateKey }) }
}
