import { NodeFault } from '../errors/node-fault.ts'
import type { TrustedEntity } from './registry.ts'

/* What was loaded now, held against what was loaded before and from elsewhere. */

export interface TrustProblem {
  readonly file: string
  readonly entityId?: string
  readonly fault: NodeFault
}

export interface LoadedTrust {
  readonly entities: readonly TrustedEntity[]
  readonly problems: readonly TrustProblem[]
}

/** what a source gives now, held against what is held from it. */
export function renewed(loaded: LoadedTrust, file: string, held: readonly TrustedEntity[]): LoadedTrust {
  const ofFile = held.filter(({ source }) => source === file)
  const problems = [...loaded.problems]
  const entities = loaded.entities.map((entity) => {
    const older = ofFile.find((one) => isSame(one, entity))
    if (older === undefined || entity.validUntil >= older.validUntil) return entity
    const fault = new NodeFault('MD_ROLLBACK', `${entity.entityId} was valid for longer before`)
    problems.push({ file, entityId: entity.entityId, fault })
    return older
  })
  const kept = isUnreadable(loaded) ? ofFile.filter((one) => !entities.some((entity) => isSame(one, entity))) : []
  return { entities: [...entities, ...kept], problems }
}

/** A document that could not be had or verified says nothing. One whose signer counts no more says that (R-IA-25). */
function isUnreadable({ problems }: LoadedTrust): boolean {
  return problems.some(({ entityId, fault }) => entityId === undefined && !fault.code.startsWith('TRUST_'))
}

/** who is in two sources is of the first; the other one is reported. */
export function withoutDoubles(loaded: readonly LoadedTrust[]): LoadedTrust {
  const entities: TrustedEntity[] = []
  const problems = loaded.flatMap((one) => one.problems)
  for (const entity of loaded.flatMap((one) => one.entities)) {
    const first = entities.find((one) => isSame(one, entity))
    if (first === undefined) {
      entities.push(entity)
      continue
    }
    const fault = new NodeFault('MD_ENTITY', `${entity.entityId} is in ${first.source} already`)
    problems.push({ file: entity.source, entityId: entity.entityId, fault })
  }
  return { entities, problems }
}

function isSame(a: TrustedEntity, b: TrustedEntity): boolean {
  return a.entityId === b.entityId && a.role === b.role
}
