import fc from 'fast-check'
import { asFault } from '../../../src/errors/node-fault.ts'
import { children } from '../../../src/trust/der.ts'
import { DerWalk } from '../../../src/trust/der-walk.ts'
import { der } from '../../../src/xmlsec/der.ts'
import { fault } from './samples.ts'

/** Tag, octets and contents of each, or the fault. */
function walked(octets: Uint8Array): unknown {
  const walk = new DerWalk(octets).over(0, octets.length)
  const found: unknown[] = []
  try {
    while (walk.next()) {
      found.push([walk.tag, hex(octets.subarray(walk.begin, walk.end)), hex(octets.subarray(walk.start, walk.end))])
    }
    return found
  } catch (thrown) {
    return asFault(thrown).code
  }
}

function parsed(octets: Uint8Array): unknown {
  try {
    return children({ tag: 0x30, value: octets, raw: octets }).map(({ tag, raw, value }) => [tag, hex(raw), hex(value)])
  } catch (thrown) {
    return asFault(thrown).code
  }
}

const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex')

const value = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 300 }))
  .map(([tag, contents]) => der(tag, contents))

test('a walk comes past what a reader makes objects of', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), (values) => {
      const octets = Buffer.concat(values)
      expect(walked(octets)).toEqual(parsed(octets))
    }),
  )
})

test('what is no DER is a fault to both, or the same to both', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (octets) => {
      expect(walked(octets)).toEqual(parsed(octets))
    }),
    { numRuns: 2_000 },
  )
})

test.each(['30', '3080', '300201', '308400000001aa', '3081'])('TRUST_CERT for %s', (text) => {
  const octets = Buffer.from(text, 'hex')
  expect(() => new DerWalk(octets).over(0, octets.length).next()).toThrow(fault('TRUST_CERT'))
})

test('A-252: TRUST_CERT for more values side by side than anything has', () => {
  const octets = Buffer.alloc(2_002, '3000', 'hex')
  expect(parsed(octets.subarray(2))).toHaveLength(1_000)
  expect(parsed(octets)).toBe('TRUST_CERT')
})
