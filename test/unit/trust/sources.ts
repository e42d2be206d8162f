import { readAnchors } from '../../../src/trust/chain.ts'
import type { LoadedTrust } from '../../../src/trust/document.ts'
import type { TrustedEntity } from '../../../src/trust/registry.ts'
import { readMetadata, type TrustSource } from '../../../src/trust/sources.ts'
import { aggregate, connector, NOW, type PeerKeys, peerKeys, proxyService, published } from './samples.ts'

/** A source of country XB, as an operator would configure it. */
export const source: TrustSource = {
  place: 'xb.xml',
  roles: ['connector', 'proxy-service'],
  country: 'XB',
}

/** Reads a signed document as that source, anchored in the key that signs the metadata of the tests. */
export function readAs(octets: Uint8Array, keys: PeerKeys, changes: Partial<TrustSource> = {}): LoadedTrust {
  return readMetadata(octets, { ...source, ...changes }, readAnchors([keys.metadata.certificate]), NOW)
}

/** A connector and a proxy service. */
export async function loadTrustSample(): Promise<readonly TrustedEntity[]> {
  const keys = await peerKeys()
  const octets = await published(aggregate([connector(keys), proxyService(keys)]), keys.metadata.signing())
  return readAs(octets, keys).entities
}
