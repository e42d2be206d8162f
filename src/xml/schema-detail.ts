/*
 * libxml2's diagnosis without the values it quotes, which may be a citizen's. Names of elements, attributes, types and
 * facets stay; they come first or last in the sentence, where no value can stand.
 */

const PLACE = /^Element '[^']{1,200}'(?:, attribute '[^']{1,200}')?: /

/** Sentences that hold names only. */
const harmless: readonly RegExp[] = [
  /^This element is not expected\./,
  /^Missing child element\(s\)\./,
  /^The attribute '[^']{1,200}' is (?:required but missing|not allowed)\./,
  /^(?:Character|Element) content [^']*not allowed/,
  /^No matching global /,
  /^The type definition is abstract/,
]

/** The part of other sentences that is about the rule, not the value. */
const firstWords = /^\[facet '[A-Za-z]+'\]/
const lastWords: readonly RegExp[] = [
  /is not a valid value of the [a-z ]*type(?: '[^']{1,200}')?\.$/,
  /does not resolve to a(?:\(n\)|n)? [a-z ]+\.$/,
]

const LENGTH = 600

export function withoutValues(message: string): string {
  const place = PLACE.exec(message)?.[0] ?? ''
  const sentence = message.slice(place.length).trim()
  if (harmless.some((pattern) => pattern.test(sentence))) return (place + sentence).slice(0, LENGTH)
  return `${place}${ruleIn(sentence) ?? 'not valid'}`
}

/** The value in between may be as long as a message and made of these very words: it is not searched (A-253). */
function ruleIn(sentence: string): string | undefined {
  const end = sentence.slice(-LENGTH)
  return [firstWords.exec(sentence), ...lastWords.map((pattern) => pattern.exec(end))].find((found) => found)?.[0]
}
