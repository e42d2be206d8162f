import type { TrustProblem } from './document.ts'
import type { TrustedEntity } from './registry.ts'

/* What an operator is told of a refresh: who came, who went, whose keys or addresses are others, and what is wrong. */

/** One sentence for each difference between those who could be talked to before and those who can be now. */
export function changesBetween(before: readonly TrustedEntity[], after: readonly TrustedEntity[]): readonly string[] {
  const [known, there] = [byName(before), byName(after)]
  const gone = before.filter((one) => !there.has(nameIn(one)))
  return [
    ...after.flatMap((one) => changesOf(known.get(nameIn(one)), one)),
    ...gone.map((one) => `${nameOf(one)} is not trusted any more`),
  ]
}

function changesOf(before: TrustedEntity | undefined, after: TrustedEntity): readonly string[] {
  if (before === undefined) return [`${nameOf(after)} is trusted until ${new Date(after.validUntil).toISOString()}`]
  const told = Object.entries(parts).filter(([, part]) => part(before) !== part(after))
  return told.map(([what]) => `${nameOf(after)} has ${what === 'source' ? 'another' : 'other'} ${what}`)
}

/** What is worth a line when it is another than before. */
const parts: Readonly<Record<string, (entity: TrustedEntity) => string>> = {
  'signing keys': ({ keys }) => keys.keys.map(({ certificate }) => certificate).join(' '),
  'encryption keys': ({ recipient }) => recipient?.certificate ?? '',
  endpoints: ({ sso, acs }) => JSON.stringify([sso, acs]),
  source: ({ source }) => source,
}

function byName(entities: readonly TrustedEntity[]): ReadonlyMap<string, TrustedEntity> {
  return new Map(entities.map((one) => [nameIn(one), one]))
}

function nameIn({ entityId, role }: TrustedEntity): string {
  return `${role} ${entityId}`
}

function nameOf({ role, entityId, country }: TrustedEntity): string {
  return `${role} ${entityId}${country === undefined ? '' : ` of ${country}`}`
}

export function problemText({ place, entityId, isUsed, fault }: TrustProblem): string {
  const what = isUsed ? 'is used, but' : 'is not used'
  return `metadata ${entityId === undefined ? '' : `of ${entityId} `}from ${place} ${what}: ${fault.message}`
}
