import { NodeFault } from '../errors/node-fault.ts'
import type { LoadedTrust, TrustProblem } from './document.ts'
import type { OwnerWord } from './holding.ts'
import { holdingKey, type TrustedEntity } from './registry.ts'

/*
 * Who may say it: one source alone speaks for an entityID in a role. The operator's word decides; then the source that
 * holds it already, which keeps it; then the only source that claims it. Where several claim what no source holds, none of
 * them counts until the operator says which.
 */

/** By role and entityID: the label of the source that holds it, or of all that claim what no source holds. */
export type Holders = ReadonlyMap<string, readonly string[]>

export interface Settled {
  readonly entities: readonly TrustedEntity[]
  readonly problems: readonly TrustProblem[]
  readonly holders: Holders
}

/** What counts of all that was read. A source that claims nothing for the moment keeps what it holds. */
export function settled(loaded: readonly LoadedTrust[], before: Holders, words: readonly OwnerWord[]): Settled {
  const said = firstWords(words)
  const holders = new Map(before)
  const entities: TrustedEntity[] = []
  const problems = loaded.flatMap((one) => one.problems)
  const all = claimsIn(loaded)
  for (const [key, claims] of all) {
    const owners = ownersOf(key, claims, before, said)
    holders.set(key, owners)
    const [owner] = owners.length === 1 ? owners : []
    const [first, ...doubles] = claims.filter(({ source }) => source === owner)
    if (first !== undefined) entities.push(first)
    problems.push(...doubles.map((one) => problem(one, 'MD_ENTITY', `${one.entityId} is in ${first?.place} already`)))
    problems.push(...claims.filter(({ source }) => source !== owner).map((one) => foreignClaim(one, owners)))
  }
  return { entities, problems, holders: withoutSurplus(holders, all) }
}

/** A source that claims other entities each time may not fill the record: where it holds this many, only what it claims now stays. */
const MOST_HELD = 25_000

function withoutSurplus(holders: Holders, claims: ReadonlyMap<string, readonly TrustedEntity[]>): Holders {
  const counts = new Map<string, number>()
  for (const [owner = ''] of holders.values()) counts.set(owner, (counts.get(owner) ?? 0) + 1)
  if (Math.max(0, ...counts.values()) <= MOST_HELD) return holders
  return new Map([...holders].filter(([key, [owner = '']]) => claims.has(key) || (counts.get(owner) ?? 0) <= MOST_HELD))
}

function firstWords(words: readonly OwnerWord[]): ReadonlyMap<string, string> {
  const said = new Map<string, string>()
  for (const word of words) if (!said.has(holdingKey(word))) said.set(holdingKey(word), word.source)
  return said
}

function claimsIn(loaded: readonly LoadedTrust[]): ReadonlyMap<string, readonly TrustedEntity[]> {
  const claims = new Map<string, TrustedEntity[]>()
  for (const entity of loaded.flatMap((one) => one.entities)) {
    const key = holdingKey(entity)
    const others = claims.get(key)
    if (others === undefined) claims.set(key, [entity])
    else others.push(entity)
  }
  return claims
}

/** One source, or several of which none counts. These stay several when all but one are silent: silence gives nothing away. */
function ownersOf(
  key: string,
  claims: readonly TrustedEntity[],
  before: Holders,
  said: ReadonlyMap<string, string>,
): readonly string[] {
  const word = said.get(key)
  if (word !== undefined) return [word]
  const known = before.get(key) ?? []
  if (known.length === 1) return known
  return [...new Set([...known, ...claims.map(({ source }) => source)])]
}

function foreignClaim(claim: TrustedEntity, owners: readonly string[]): TrustProblem {
  const [owner, ...others] = owners
  const text =
    others.length === 0
      ? `as ${claim.role} it is of the source ${owner}, and ${claim.source} claims it`
      : `as ${claim.role} it is claimed by ${owners.join(' and ')}; none of them counts until trust.owners says whose it is`
  return problem(claim, 'MD_OWNER', text)
}

function problem({ place, entityId }: TrustedEntity, code: 'MD_ENTITY' | 'MD_OWNER', detail: string): TrustProblem {
  return { place, entityId, fault: new NodeFault(code, detail) }
}
