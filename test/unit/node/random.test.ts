import { pooled, random } from '../../../src/node/random.ts'

describe('random octets', () => {
  /** Counts up, so that what is given out twice would show. */
  function counting() {
    const asked: number[] = []
    let next = 0
    const source = (count: number): Uint8Array => {
      asked.push(count)
      return Uint8Array.from({ length: count }, () => next++ % 251)
    }
    return { asked, source }
  }

  test('are those of the source, in order, each given out once', () => {
    const { source } = counting()
    const give = pooled(source)
    const given = Array.from({ length: 400 }, () => [...give(20)])
    const fetched = Uint8Array.from(given.slice(0, 204).flat())
    expect(fetched).toEqual(Uint8Array.from({ length: 4_080 }, (_, index) => index % 251))
    // 16 octets are left over when the pool does not suffice; they are not given out.
    expect(given[204]).toEqual(Array.from({ length: 20 }, (_, index) => (4_096 + index) % 251))
  })

  test('are fetched for many at once, and by themselves when they are many', () => {
    const { asked, source } = counting()
    const give = pooled(source)
    for (let times = 0; times < 300; times++) expect(give(16)).toHaveLength(16)
    expect(asked).toEqual([4_096, 4_096])
    expect(give(5_000)).toHaveLength(5_000)
    expect(asked).toEqual([4_096, 4_096, 5_000])
  })

  test('cannot be changed for others by whoever got them', () => {
    const give = pooled(counting().source)
    const first = give(8)
    first.fill(255)
    expect([...give(8)]).toEqual([8, 9, 10, 11, 12, 13, 14, 15])
    expect([...first]).toEqual(Array(8).fill(255))
  })

  test('of OpenSSL differ each time', () => {
    const given = Array.from({ length: 2_000 }, () => Buffer.from(random(16)).toString('hex'))
    expect(new Set(given).size).toBe(2_000)
  })
})
