import type { PeerFacts } from '../profiles/profile.ts'
import type { Recipient } from '../xmlsec/encrypt.ts'
import type { TrustedKeys } from '../xmlsec/keys.ts'
import type { StatedSupport } from '../xmlsec/signing-choice.ts'

/**
 * Who is who. Everything in this folder comes from metadata that verified against an anchor of the operator's, and
 * nothing from anywhere else; a party that is not here does not exist. The faces and the halves look up; only refresh writes.
 */

/** What a peer is to us. The first two speak eIDAS, the others the national profile. */
export type Role = 'connector' | 'proxy-service' | 'service-provider' | 'identity-provider'

export interface SingleSignOn {
  readonly binding: string
  readonly location: string
}

export interface AssertionConsumer extends SingleSignOn {
  readonly index: number
  readonly isDefault?: boolean | undefined
}

/** One entity in one role. */
export interface TrustedEntity {
  readonly entityId: string
  readonly role: Role
  /** Two capitals, as the operator and the metadata agree. */
  readonly country?: string
  /** Name to show. */
  readonly name: string
  /** Where its users start. */
  readonly home?: string
  /** What verifies its messages. */
  readonly keys: TrustedKeys
  /** What it says it can verify of ours. */
  readonly verifies: StatedSupport
  /** Whom assertions for it are encrypted to. */
  readonly recipient?: Recipient
  readonly sso: readonly SingleSignOn[]
  readonly acs: readonly AssertionConsumer[]
  readonly facts: PeerFacts
  /** Epoch milliseconds. */
  readonly validUntil: number
  /** File or URL it was read from. */
  readonly place: string
  /** Label of the configured source that speaks for it. */
  readonly source: string
}

/** What one source may hold: an entityID in a role. Roles have no blanks, so two keys are equal only if both parts are. */
export function holdingKey({ role, entityId }: Pick<TrustedEntity, 'role' | 'entityId'>): string {
  return `${role} ${entityId}`
}

export interface TrustRegistry {
  /** An entity by its exact entityID, in that role and no other, while its metadata is valid. */
  find(entityId: string, role: Role): TrustedEntity | undefined
  /** All valid entities of a role, by entityID. */
  all(role: Role): readonly TrustedEntity[]
  /** The same party by newer metadata, which is read for that where it was not a moment ago; undefined when there is none. */
  renewed(entity: TrustedEntity): Promise<TrustedEntity | undefined>
}

/** Whether both are one party: who says it, what it is to us, and its country. */
function isSameParty(a: TrustedEntity, b: TrustedEntity): boolean {
  return a.entityId === b.entityId && a.role === b.role && a.source === b.source && a.country === b.country
}

export interface RenewableRegistry extends TrustRegistry {
  /** Replaces everything at once: a look-up sees the old whole or the new whole. */
  renew(entities: readonly TrustedEntity[]): void
  /** From now on these do not exist, whatever is renewed. */
  suspend(isSuspended: (entity: TrustedEntity) => boolean): void
  /** How the metadata of an entity is read before its time. */
  refetch(read: (entity: TrustedEntity) => Promise<void>): void
  /** What is in there, expired, suspended or not. */
  held(): readonly TrustedEntity[]
}

type Snapshot = ReadonlyMap<string, TrustedEntity>

/** A registry in memory. `clock` gives epoch milliseconds: nothing outlives its metadata. */
export function createRegistry(entities: readonly TrustedEntity[], clock: () => number): RenewableRegistry {
  let snapshot = snapshotOf(entities)
  let isSuspended = (_: TrustedEntity) => false
  let read = async (_: TrustedEntity): Promise<void> => undefined
  const isValid = (entity: TrustedEntity) => clock() < entity.validUntil && !isSuspended(entity)
  const find = (entityId: string, role: Role) => {
    const found = snapshot.get(holdingKey({ entityId, role }))
    return found !== undefined && isValid(found) ? found : undefined
  }
  return {
    find,
    async renewed(entity) {
      await read(entity)
      const found = find(entity.entityId, entity.role)
      return found !== undefined && found !== entity && isSameParty(found, entity) ? found : undefined
    },
    refetch(next) {
      read = next
    },
    all: (role) => [...snapshot.values()].filter((entity) => entity.role === role && isValid(entity)),
    renew(next) {
      snapshot = snapshotOf(next)
    },
    suspend(next) {
      isSuspended = next
    },
    held: () => [...snapshot.values()],
  }
}

function snapshotOf(entities: readonly TrustedEntity[]): Snapshot {
  const sorted = [...entities].sort((a, b) => (a.entityId < b.entityId ? -1 : 1))
  return new Map(sorted.map((entity) => [holdingKey(entity), entity]))
}
