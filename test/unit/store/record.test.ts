import type { Exchange } from '../../../src/relay/exchange.ts'
import { readExchange, type StoredExchange, writeExchange } from '../../../src/store/record.ts'
import { askedExchange, person, releasingExchange } from '../../testkit/exchanges.ts'
import fc from '../../testkit/properties.ts'

const schemaFault = expect.objectContaining({ code: 'ST_SCHEMA' })
const { asked: _asked, ...flow } = askedExchange
const stages: readonly Exchange[] = [
  { ...flow, stage: 'choosing', step: 'country' },
  askedExchange,
  releasingExchange,
  { stage: 'closed', requester: { entityId: 'https://sp.example/', name: 'Town hall' } },
]

type Whole<T> = T extends object ? { readonly [K in keyof T]-?: Whole<T[K]> } : T
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

function stored(change: (value: Record<string, unknown>) => unknown): Uint8Array {
  return Buffer.from(JSON.stringify(change({ ...askedExchange })))
}

describe('the stored form of an Exchange', () => {
  test('the scheme that was chosen and asked reads back', () => {
    const { request, asked } = askedExchange
    const chosen = { ...askedExchange, request: { ...request, scheme: 'card' }, asked: { ...asked, scheme: 'card' } }
    expect(readExchange(writeExchange(chosen))).toEqual(chosen)
  })

  test.each(stages.map((exchange) => [exchange.stage, exchange] as const))('%s reads back as it was', (_, exchange) => {
    expect(readExchange(writeExchange(exchange))).toEqual(exchange)
  })

  test('the schema has the members of Exchange, no more and no less', () => {
    // The compiler's verdict: a member added to either does not compile here until it is in the other.
    const same: Same<Whole<StoredExchange>, Whole<Exchange>> = true
    expect(same).toBe(true)
  })

  test('values in any script read back as they were', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const exchange: Exchange = { stage: 'closed', requester: { entityId: 'x', name: value } }
        expect(readExchange(writeExchange(exchange))).toEqual(exchange)
      }),
    )
  })

  test('A-228: ST_SCHEMA for __proto__, constructor and prototype at any depth', () => {
    const text = Buffer.from(writeExchange(askedExchange)).toString('utf8')
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const insert = `{"${key}":{"stage":"closed"},`
      expect(() => readExchange(Buffer.from(text.replace('{', insert)))).toThrow(schemaFault)
      expect(() => readExchange(Buffer.from(text.replace('"requester":{', `"requester":${insert}`)))).toThrow(
        schemaFault,
      )
    }
    expect(Object.prototype).not.toHaveProperty('stage')
  })

  test('ST_SCHEMA for a stage nobody knows, a missing, an unknown and a mistyped member', () => {
    const changes: readonly ((value: Record<string, unknown>) => unknown)[] = [
      (value) => ({ ...value, stage: 'answered' }),
      ({ asked: _, ...rest }) => rest,
      (value) => ({ ...value, admin: true }),
      (value) => ({ ...value, supportCode: 7 }),
      (value) => ({ ...value, requester: null }),
      (value) => [value],
      () => null,
      () => 'asked',
    ]
    for (const change of changes) expect(() => readExchange(stored(change))).toThrow(schemaFault)
  })

  test('ST_SCHEMA for one stage with the members of another', () => {
    expect(() => readExchange(stored((value) => ({ ...value, stage: 'releasing' })))).toThrow(schemaFault)
    expect(() => readExchange(stored((value) => ({ ...value, stage: 'closed' })))).toThrow(schemaFault)
  })

  test('ST_SCHEMA for octets that are not JSON in UTF-8', () => {
    const octets = [
      Buffer.from(''),
      Buffer.from('{'),
      Buffer.of(0xff, 0xfe),
      Buffer.from('\ufeff{}'),
      Buffer.from('{}{}'),
    ]
    for (const odd of octets) expect(() => readExchange(odd)).toThrow(schemaFault)
  })

  test('the fault tells where, never what', () => {
    const broken = stored((value) => ({ ...value, step: person.familyName, [person.identifier]: 1 }))
    const cut = Buffer.from(writeExchange(releasingExchange)).subarray(0, -3)
    for (const octets of [broken, cut]) {
      const fault = thrownBy(() => readExchange(octets))
      expect(fault).toEqual(schemaFault)
      for (const text of Object.values(person)) expect(`${fault} ${JSON.stringify(fault)}`).not.toContain(text)
    }
  })

  test('ST_SCHEMA on writing what could not be read back', () => {
    const overfull = { ...askedExchange, extra: 1 }
    expect(() => writeExchange(overfull)).toThrow(schemaFault)
  })
})

function thrownBy(run: () => unknown): unknown {
  try {
    return run()
  } catch (thrown) {
    return thrown
  }
}
