import { messageLimits } from '../../../src/xml/limits.ts'
import { ds, ns } from '../../../src/xml/names.ts'
import { scan } from '../../../src/xml/scanner.ts'
import { brief, expectEmpty, onlyElements, onlyText, sequenceOf } from '../../../src/xmlsec/shape.ts'
import { outcome } from './samples.ts'

const parse = (content: string, attributes = '') =>
  scan(
    Buffer.from(`<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#"${attributes}>${content}</ds:Object>`),
    messageLimits,
  )

const key = '<ds:KeyName></ds:KeyName>'
const value = '<ds:KeyValue></ds:KeyValue>'

describe('the children of an element are taken one after the other', () => {
  const taking = (content: string) =>
    outcome(() => {
      const children = sequenceOf(parse(content), 'DS_STRUCT')
      children.optional(ds('KeyName'))
      children.one(ds('KeyValue'))
      children.end()
    })

  test.each([
    [key + value, 'accepted'],
    [value, 'accepted'],
    [`\n\t ${key}\r\n${value} `, 'accepted'],
    [key, 'DS_STRUCT'],
    ['', 'DS_STRUCT'],
    [value + key, 'DS_STRUCT'],
    [key + key + value, 'DS_STRUCT'],
    [key + value + value, 'DS_STRUCT'],
    [`${key}x${value}`, 'DS_STRUCT'],
    [`${key}\u00a0${value}`, 'DS_STRUCT'],
  ])('%j', (content, code) => {
    expect(taking(content)).toBe(code)
  })

  test('what is optional and absent leaves its place to the next', () => {
    const children = sequenceOf(parse(value), 'DS_STRUCT')
    expect(children.optional(ds('KeyName'))).toBeUndefined()
    expect(children.optional(ds('KeyValue'))?.local).toBe('KeyValue')
    expect(children.optional(ds('KeyValue'))).toBeUndefined()
  })
})

test('an empty element has no children, no text and no attributes but those named', () => {
  expect(outcome(() => expectEmpty(parse(''), 'ENC_ALG'))).toBe('accepted')
  expect(outcome(() => expectEmpty(parse('', ' Id="_a"'), 'ENC_ALG', ['Id']))).toBe('accepted')
  expect(outcome(() => expectEmpty(parse('', ' Id="_a"'), 'ENC_ALG'))).toBe('ENC_ALG')
  expect(outcome(() => expectEmpty(parse(key), 'ENC_ALG'))).toBe('ENC_ALG')
  expect(outcome(() => expectEmpty(parse('x'), 'ENC_ALG'))).toBe('ENC_ALG')
})

test('an attribute is known by its whole name, of no namespace', () => {
  const type = { namespace: ns.xsi, local: 'type', prefix: 'xsi', value: 'x' }
  expect(outcome(() => expectEmpty({ ...parse(''), attributes: [type] }, 'ENC_ALG', ['type']))).toBe('ENC_ALG')
  expect(outcome(() => expectEmpty(parse('', ' Id="_a"'), 'ENC_ALG', ['ID']))).toBe('ENC_ALG')
})

test('elements stand alone but for white space, and text stands alone', () => {
  expect(onlyElements(parse(` ${key} `), 'DS_STRUCT')).toHaveLength(1)
  expect(outcome(() => onlyElements(parse(`${key}.`), 'DS_STRUCT'))).toBe('DS_STRUCT')
  expect(onlyText(parse('a &amp; b'), 'DS_STRUCT')).toBe('a & b')
  expect(outcome(() => onlyText(parse(`a${key}`), 'DS_STRUCT'))).toBe('DS_STRUCT')
  expect(outcome(() => onlyText(parse('a', ' Id="_a"'), 'DS_STRUCT'))).toBe('DS_STRUCT')
})

test('A-249: a value from a message has at most 120 characters in the log', () => {
  expect(brief(undefined)).toBe('none')
  expect(brief('')).toBe('')
  expect(brief('x'.repeat(120))).toBe('x'.repeat(120))
  expect(brief('x'.repeat(121))).toBe(`${'x'.repeat(120)} (121 characters)`)
})
