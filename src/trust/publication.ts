import { type EntityDescriptor, writeEntityDescriptor } from '../saml/metadata/entity.ts'
import { writeChecked } from '../xml/checked-writer.ts'
import { metadataLimits } from '../xml/limits.ts'
import type { SigningKey } from '../xmlsec/keys.ts'
import { signElement } from '../xmlsec/sign.ts'

/** Signs metadata of our own with its chain in the signature (R-IA-26) and returns the document's octets. */
export async function publishMetadata(entity: EntityDescriptor, key: SigningKey): Promise<Uint8Array> {
  const signed = await signElement(writeEntityDescriptor(entity), key, { chain: true })
  return writeChecked(signed, metadataLimits)
}
