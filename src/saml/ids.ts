import { NodeFault } from '../errors/node-fault.ts'

/** Gives that many random octets. */
export type RandomOctets = (count: number) => Uint8Array

const ID_OCTETS = 20

/** Longest ID that is accepted; a longer one serves nobody. */
const ID_CHARACTERS = 128

const START =
  'A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}-\\u{200D}' +
  '\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}'
const ncName = new RegExp(`^[${START}][${START}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}-\\u{2040}]*$`, 'u')

/** A new message ID of 160 random bits (SAML Core 1.3.4 asks for at least 128); the underscore makes it an NCName. */
export function newId(random: RandomOctets): string {
  return `_${Buffer.from(random(ID_OCTETS)).toString('hex')}`
}

/** Whether a text is an NCName (Namespaces in XML 1.0, production 4) of acceptable length. */
export function isNcName(text: string): boolean {
  return text.length <= ID_CHARACTERS && ncName.test(text)
}

/** The ID of a message or assertion; SAML_ID when it is missing or no NCName. */
export function readId(text: string | undefined): string {
  if (text === undefined || !isNcName(text)) throw new NodeFault('SAML_ID', text === undefined ? 'no ID' : 'no NCName')
  return text
}
