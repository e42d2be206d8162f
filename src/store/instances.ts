/*
 * Instances that share one store must open what the others seal. Each tells the others by which seal keys it does
 * (identifiers, never keys), so that a rotation that is done in the wrong order shows in /health and the metrics before
 * citizens meet it.
 */

/** One instance of the node, as it tells the others. */
export interface Instance {
  readonly id: string
  /** Identifiers of its seal keys; the first seals. */
  readonly keys: readonly string[]
  /** Its start, epoch milliseconds. */
  readonly since: number
  /** When it told this, epoch milliseconds. */
  readonly at: number
}

/** An instance that has told nothing for this long is gone. */
export const GONE_AFTER_MILLISECONDS = 60_000

/** How often an instance tells it anew. */
export const TOLD_EVERY_MILLISECONDS = 15_000

export interface SealKeyState {
  /** Whether every instance opens what every other seals. */
  readonly equal: boolean
  /** Whether this instance is the one to leave out: of two that differ, the one that started later. */
  readonly atFault: boolean
}

/** Compares this instance with the others that are alive. */
export function sealKeyState(own: Instance, all: readonly Instance[]): SealKeyState {
  const others = all.filter(({ id, at }) => id !== own.id && own.at - at < GONE_AFTER_MILLISECONDS)
  const strangers = others.filter((other) => !opens(own, other) || !opens(other, own))
  return { equal: strangers.length === 0, atFault: strangers.some((other) => isLater(own, other)) }
}

function opens(reader: Instance, sealer: Instance): boolean {
  const [seals = ''] = sealer.keys
  return reader.keys.includes(seals)
}

function isLater(a: Instance, b: Instance): boolean {
  return a.since === b.since ? a.id > b.id : a.since > b.since
}

export function writeInstance({ keys, since, at }: Instance): string {
  return [at, since, ...keys].join(' ')
}

/** What an instance told; undefined for anything else that stands there. */
export function readInstance(id: string, text: string): Instance | undefined {
  const [at, since, ...keys] = text.split(' ')
  if (!/^\d{1,15}$/.test(at ?? '') || !/^\d{1,15}$/.test(since ?? '') || keys.length === 0) return undefined
  return { id, at: Number(at), since: Number(since), keys }
}
