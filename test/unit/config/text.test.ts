import { readConfigText } from '../../../src/config/text.ts'

describe('the text of a configuration', () => {
  test.each([
    ['JSON', '{"country":"NO","trust":{"sources":[{"country":"SE"}]}}'],
    [
      'JSON that is indented with tabs',
      '{\n\t"country": "NO",\n\t"trust": {\n\t\t"sources": [{ "country": "SE" }]\n\t}\n}',
    ],
    ['JSON behind a byte order mark', '\ufeff{"country":"NO","trust":{"sources":[{"country":"SE"}]}}'],
    ['JSON with comments', '# ours\n{"country":"NO", # Norway\n"trust":{"sources":[{"country":"SE"}]}}'],
    ['YAML', 'country: NO\ntrust:\n  sources:\n    - country: SE\n'],
  ])('%s is read', (_, text) => {
    expect(readConfigText(text).value).toEqual({ country: 'NO', trust: { sources: [{ country: 'SE' }] } })
  })

  test('no, yes, on and off are texts: NO is a country', () => {
    expect(readConfigText('a: no\nb: NO\nc: yes\nd: off').value).toEqual({ a: 'no', b: 'NO', c: 'yes', d: 'off' })
  })

  test.each([
    [
      'a key that stands twice',
      'a: 1\nb: 2\na: secret-word\n',
      /configuration: the same key stands twice.*\(line 3, column 1\)/,
    ],
    ['a bracket that is missing', '{"a": [1, 2}', /configuration: .*\(line 1, column 12\)/],
    ['a tab that indents', 'a:\n\tb: secret-word\n', /configuration: a tab indents.*\(line 2, column 1\)/],
    [
      'a second document',
      'a: 1\n---\nb: secret-word\n',
      /configuration: a second document begins.*\(line 2, column 1\)/,
    ],
    ['a tag', 'a: !secret-word 1\n', /configuration: a tag \(!name\) has no meaning here.*\(line 1, column 4\)/],
    [
      'A-228 __proto__',
      'a: 1\n__proto__:\n  b: 2\n',
      /configuration: the key __proto__ is never one.*\(line 2, column 1\)/,
    ],
  ])('CFG_INVALID for %s, with its line and column, without quoting the text', (_, text, told) => {
    const refused = expect.objectContaining({ code: 'CFG_INVALID', detail: expect.stringMatching(told) })
    expect(() => readConfigText(text)).toThrow(refused)
    expect(() => readConfigText(text)).not.toThrow('secret-word')
  })

  test('a path has the place of its key, a missing one that of the object around it, an item its own', () => {
    const { placeOf } = readConfigText('a: 1\nb:\n  c: 2\n  d: [x, y]\n')
    expect(placeOf(['b', 'c'])).toEqual({ line: 3, column: 3 })
    expect(placeOf(['b', 'd', 1])).toEqual({ line: 4, column: 10 })
    expect(placeOf(['b', 'missing'])).toEqual({ line: 2, column: 1 })
    expect(placeOf([])).toEqual({ line: 1, column: 1 })
  })
})
