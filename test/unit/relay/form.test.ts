import { readStepForm } from '../../../src/relay/form.ts'
import { posted } from './posted.ts'

describe('a form of ours', () => {
  test('is read field by field', () => {
    expect(readStepForm(posted('flow=abc&country=XB'))).toEqual({ flow: 'abc', country: 'XB' })
    expect(readStepForm(posted('flow=abc&scheme=card'))).toEqual({ flow: 'abc', scheme: 'card' })
  })

  test.each([
    ['a repeated field', posted('flow=a&flow=b')],
    ['an unknown field', posted('flow=a&next=//evil.example')],
    ['__proto__ as a field', posted('__proto__[x]=1')],
    ['a query beside the body', posted('flow=a', { query: 'flow=b' })],
    ['another content type', posted('{}', { contentType: 'application/json' })],
    ['another charset', posted('flow=a', { contentType: 'application/x-www-form-urlencoded; charset=utf-16' })],
  ])('%s is refused', (_, input) => {
    expect(() => readStepForm(input)).toThrow(expect.objectContaining({ code: 'STEP_INPUT' }))
  })
})
