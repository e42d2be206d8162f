/** R-MF-38: what peers take as ProviderName, in characters as Java and JavaScript count them. */
export const PROVIDER_NAME_CHARACTERS = 128

/** A name cut to what peers take, between two characters. */
export function shortName(name: string): string {
  let short = ''
  for (const character of name) {
    if (short.length + character.length > PROVIDER_NAME_CHARACTERS) break
    short += character
  }
  return short
}
