import type { z } from 'zod'

/*
 * What is wrong with a value, in words of our own: zod's are for programmers. Where the schema says it itself, that
 * stands. No value is quoted, as it could be a secret in the wrong place; names of keys are.
 */

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with keys',
  record: 'an object with keys',
}

const formats: Readonly<Record<string, string>> = { email: 'an e-mail address', url: 'a URL' }

/** The error map of every schema of the configuration. */
export const wordsOf: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? `is missing: ${kindOf(issue.expected)}` : `must be ${kindOf(issue.expected)}`
    case 'unrecognized_keys':
      return `there is no key ${issue.keys.map((key) => JSON.stringify(key)).join(', ')} (docs/config.md lists all)`
    case 'invalid_value':
      return issue.input === undefined ? `is missing: ${listed(issue.values)}` : `must be ${listed(issue.values)}`
    case 'too_small':
      return `must be at least ${amount(issue.minimum, issue.origin)}`
    case 'too_big':
      return `must be at most ${amount(issue.maximum, issue.origin)}`
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? 'written in another way'}`
    case 'invalid_union':
      return issue.input === undefined ? 'is missing' : 'must be one of the kinds that docs/config.md lists'
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues[0]?.message ?? 'has a key that cannot be one'
    default:
      return 'must be something else'
  }
}

function kindOf(expected: string): string {
  return kinds[expected] ?? expected
}

function listed(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ')
}

const units: Readonly<Record<string, string>> = { string: ' characters long', array: ' items long' }

function amount(limit: number | bigint, origin: string): string {
  return `${limit}${units[origin] ?? ''}`
}
