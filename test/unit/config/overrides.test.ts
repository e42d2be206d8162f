import { overridden } from '../../../src/config/overrides.ts'
import { nodeSchema } from '../../../src/config/schema.ts'

const schema = nodeSchema((path) => path)
const file = { country: 'SE', listen: { port: 8080 } }
const over = (environment: Readonly<Record<string, string>>, settings: readonly string[] = []) =>
  overridden(file, schema, environment, settings)
const fault = (detail: string) =>
  expect.objectContaining({ code: 'CFG_INVALID', detail: expect.stringContaining(detail) })

describe('single values beside the file', () => {
  test('the environment goes before the file, and the command line before the environment', () => {
    const environment = { PASSERELLE_LISTEN_PORT: '8081', PASSERELLE_BASE_URL: 'https://a.example' }
    expect(over(environment).value).toEqual({ country: 'SE', listen: { port: 8081 }, baseUrl: 'https://a.example' })
    expect(over(environment, ['listen.port=8082']).value).toMatchObject({ listen: { port: 8082 } })
    expect(file).toEqual({ country: 'SE', listen: { port: 8080 } })
  })

  test('a value below a section of two words, and one that is true or false', () => {
    expect(over({ PASSERELLE_PROXY_SERVICE_CONSENT: 'false' }).value).toMatchObject({
      proxyService: { consent: false },
    })
  })

  test('an empty variable is not set', () => {
    expect(over({ PASSERELLE_LISTEN_PORT: '' }).value).toEqual(file)
  })

  test.each([
    ['a number that is none', { PASSERELLE_LISTEN_PORT: '80a' }, [], 'PASSERELLE_LISTEN_PORT: must be a whole number'],
    ['a truth value that is none', { PASSERELLE_PROXY_SERVICE_CONSENT: 'no' }, [], 'must be true or false'],
    ['a path that is a list', {}, ['trust.sources=x'], 'must be path=value'],
    ['a path that is none', {}, ['listen.prt=1'], '--set listen.prt'],
    ['a setting without a value', {}, ['listen.port'], 'must be path=value'],
  ])('CFG_INVALID for %s', (_, environment, settings, detail) => {
    expect(() => over(environment as Readonly<Record<string, string>>, settings)).toThrow(fault(detail))
  })

  test('a variable that means nothing is warned of; what Kubernetes sets is not', () => {
    const environment = {
      PASSERELLE_LISTN_PORT: '1',
      PASSERELLE_SERVICE_HOST: '10.0.0.1',
      PASSERELLE_PORT_8080_TCP: 'x',
    }
    expect(over(environment).warnings).toEqual([
      'the environment variable PASSERELLE_LISTN_PORT means nothing to the node',
    ])
  })
})
