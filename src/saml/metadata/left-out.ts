import { asFault, type NodeFault } from '../../errors/node-fault.ts'

/*
 * A part of metadata that cannot be used is left out, and the reader tells of it. Nothing beside that part is read
 * otherwise for its sake (R-MF-21).
 */

/** Takes the fault of a part that is left out. */
export type Tell = (fault: NodeFault) => void

/** For a reader whose caller has no use for faults of parts. */
export const untold: Tell = () => undefined

/** What `read` makes of the part, or undefined when the part is left out. */
export function readable<T>(read: () => T, tell: Tell): T | undefined {
  try {
    return read()
  } catch (thrown) {
    tell(asFault(thrown))
    return undefined
  }
}

/** What `read` makes of the parts that it can read. */
export function eachReadable<P, T>(parts: readonly P[], read: (part: P) => T, tell: Tell): readonly T[] {
  const values: T[] = []
  for (const part of parts) {
    const value = readable(() => read(part), tell)
    if (value !== undefined) values.push(value)
  }
  return values
}

/** The parts whose `key` is no earlier part's; of the others `fault` tells. */
export function distinctBy<T>(
  parts: readonly T[],
  key: (part: T) => string | number,
  fault: (part: T) => NodeFault,
  tell: Tell,
): readonly T[] {
  const seen = new Set<string | number>()
  return parts.filter((part) => {
    if (!seen.has(key(part))) return seen.add(key(part))
    tell(fault(part))
    return false
  })
}
