import { randomBytes } from 'node:crypto'

const POOL_OCTETS = 4_096

/**
 * Random octets for all the small things a message needs: IDs, handles, initialisation vectors. A call to OpenSSL costs
 * as much for twelve octets as for hundreds, so many are fetched at once; what is given out is not kept.
 */
export const random = pooled(randomBytes)

export function pooled(source: (count: number) => Uint8Array): (count: number) => Uint8Array {
  let pool = new Uint8Array(0)
  let used = 0
  return (count) => {
    if (count > POOL_OCTETS) return source(count)
    if (used + count > pool.length) {
      pool = Uint8Array.from(source(POOL_OCTETS))
      used = 0
    }
    const given = pool.slice(used, used + count)
    pool.fill(0, used, used + count)
    used += count
    return given
  }
}
