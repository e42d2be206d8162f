import { nameToShow, shownName } from '../../../src/profiles/shown-name.ts'
import { fault } from './samples.ts'

describe('A-302: a name that people are shown', () => {
  test.each(['Reading room', 'Ödegård & Söner AB', 'Ελληνική υπηρεσία', '2 %'])('is what can be seen: %s', (name) => {
    expect(shownName(name)).toBe(name)
  })

  test.each([
    '',
    ' ',
    '\u00a0\u2003\u3000',
    '\u3164',
    '\uffa0',
    '\u115f\u1160',
    '\u200b',
    '\u2060\ufeff',
    '\u00ad',
    '\u2800',
    '\u2800 \u3164',
    '\u{1d159}',
    '\u{e0020}\u{e007f}',
    '\u0301',
    '\ufe0f',
    '\u034f',
  ])('is none where nothing is seen: %j', (name) => {
    expect(shownName(name)).toBeUndefined()
    expect(nameToShow(name)).toBeUndefined()
  })

  test.each(['Bank\u202eXET', 'Tax\u200boffice', 'Tax\u3164office', 'a\nb'])(
    'is refused where it could look like another: %j',
    (name) => {
      expect(() => shownName(name)).toThrow(fault('EID_TEXT'))
      expect(nameToShow(name)).toBeUndefined()
    },
  )
})
