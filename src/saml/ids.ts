import { NodeFault } from '../errors/node-fault.ts'
import { isNcName } from '../xml/characters.ts'

/** Gives that many random octets. */
export type RandomOctets = (count: number) => Uint8Array

const ID_OCTETS = 20

/** Longest ID that is accepted; a longer one serves no purpose. */
const ID_CHARACTERS = 128

/** A new message ID of 160 random bits (SAML Core 1.3.4 asks for at least 128); the underscore makes it an NCName. */
export function newId(random: RandomOctets): string {
  return `_${Buffer.from(random(ID_OCTETS)).toString('hex')}`
}

/** The ID of a message or assertion (xs:ID); SAML_ID when it is missing or no NCName of acceptable length. */
export function readId(text: string | undefined): string {
  if (text === undefined || text.length > ID_CHARACTERS || !isNcName(text)) {
    throw new NodeFault('SAML_ID', text === undefined ? 'no ID' : 'no NCName of at most 128 characters')
  }
  return text
}
