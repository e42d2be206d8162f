import { NodeFault } from '../../errors/node-fault.ts'
import { type AttributeRegistry, profileAttributes } from '../../identity/attributes.ts'
import {
  equivalentLevels,
  isAbove,
  isMisusedLoA,
  isNotified,
  type LoA,
  type NotifiedLoA,
  notifiedLevels,
  type RequestedLoA,
  satisfies,
  withinReach,
} from '../../identity/loa.ts'
import type { OptionalAttributes } from '../../identity/outcome.ts'
import { storkLevels } from '../../identity/stork.ts'
import type { RequestedAuthnContext } from '../../saml/authn-request.ts'
import { closedUpwards, writeRequestedLoA } from '../eidas/requested-loa.ts'

/** How a national peer calls what eIDAS has names for; from the configuration, for each peer. */
export interface NationalMapping {
  /** National attribute name to Name URI. */
  readonly attributes: Readonly<Record<string, string>>
  /** National AuthnContextClassRef to level of assurance; none when the peer speaks of levels as eIDAS does. */
  readonly loa: Readonly<Record<string, LoA>>
  /** It speaks of STORK's QAA levels as well. */
  readonly stork?: boolean
  /** The highest level it is believed; whatever it says above that is refused. */
  readonly maximumLoA?: NotifiedLoA
  /** What becomes of its optional attributes that break a rule; they are left out unless it is said. */
  readonly optionalAttributes?: OptionalAttributes
}

export const noMapping: NationalMapping = { attributes: {}, loa: {} }

/** What a peer can say, and how: the attributes that are known here and its names for them. */
export interface NationalVocabulary {
  readonly mapping: NationalMapping
  readonly attributes: AttributeRegistry
}

/** The Name URI of an attribute by its national name or by that URI itself; undefined for one that is not mapped. */
export function attributeFrom(
  { attributes }: NationalMapping,
  national: string,
  known: AttributeRegistry = profileAttributes,
): string | undefined {
  if (Object.hasOwn(attributes, national)) return attributes[national]
  return known.definitionOf(national) === undefined ? undefined : national
}

/** The national name of an attribute: the first that maps to it, or its Name URI. */
export function attributeTo({ attributes }: NationalMapping, name: string): string {
  return Object.keys(attributes).find((national) => attributes[national] === name) ?? name
}

/** The level a national class means. Where classes are mapped, only mapped ones mean anything: EID_LOA for others. */
export function loaFrom(mapping: NationalMapping, classRef: string): LoA {
  const level = meantBy(levelsOf(mapping), classRef)
  if (mapping.maximumLoA !== undefined && isAbove(level, mapping.maximumLoA)) {
    throw new NodeFault('EID_LOA', `${level} is more than is believed here`)
  }
  return level
}

function meantBy(loa: NationalMapping['loa'], classRef: string): LoA {
  if (Object.hasOwn(loa, classRef)) return loa[classRef] ?? classRef
  if (Object.keys(loa).length === 0 && !isMisusedLoA(classRef)) return classRef
  throw new NodeFault('EID_LOA', `${classRef} is not mapped`)
}

/** All classes that mean a level, those of the configuration first. */
function levelsOf({ loa, stork = false }: NationalMapping): NationalMapping['loa'] {
  return stork ? { ...loa, ...storkLevels } : loa
}

/** The national class for a level: the first that maps to it, or the level's own URI. */
export function loaTo(mapping: NationalMapping, level: LoA): string {
  const loa = levelsOf(mapping)
  return Object.keys(loa).find((classRef) => loa[classRef] === level) ?? level
}

/** R-IA-19: whether a peer that speaks so can say a level that is good enough for what was asked. */
export function canReach(mapping: NationalMapping, asked: RequestedLoA): boolean {
  if (!withinReach(asked, mapping.maximumLoA ?? notifiedLevels[2])) return false
  return Object.keys(levelsOf(mapping)).length === 0 || goodClasses(mapping, asked).length > 0
}

/**
 * The classes that are good enough for what was asked. National classes have no order that a peer would know of, so all
 * of them are listed, as exact; a peer without classes of its own gets what eIDAS says. EID_LOA when none will do.
 */
export function contextTo(mapping: NationalMapping, asked: RequestedLoA): RequestedAuthnContext {
  if (!canReach(mapping, asked)) throw new NodeFault('EID_LOA', `${asked.levels.join(' ')} is out of reach here`)
  if (Object.keys(levelsOf(mapping)).length > 0) return exactly(goodClasses(mapping, asked))
  const upTo = notifiedLevels.filter((level) => isGood(mapping, asked, level))
  return mapping.maximumLoA === undefined || upTo.length === 0 ? writeRequestedLoA(asked) : exactly(upTo)
}

function goodClasses(mapping: NationalMapping, asked: RequestedLoA): readonly string[] {
  const loa = levelsOf(mapping)
  return Object.keys(loa).filter((classRef) => isGood(mapping, asked, loa[classRef] ?? ''))
}

function isGood({ maximumLoA = notifiedLevels[2] }: NationalMapping, asked: RequestedLoA, level: LoA): boolean {
  return satisfies(level, asked) && !isAbove(level, maximumLoA)
}

function exactly(classRefs: readonly string[]): RequestedAuthnContext {
  return { comparison: 'exact', classRefs, declRefs: [] }
}

/**
 * What a national request asks for. Classes that mean nothing here are passed over as long as one does (SAML Core
 * 3.3.2.2.1: any of those listed will do). Notified levels become a minimum, the lowest of them, for no more can be
 * asked abroad (R-MF-60); with others among them the list stays exact (R-MF-61), with all notified ones above the lowest,
 * for who is content with that is content with more (R-MF-62). Levels that are not notified mean
 * something only where they are accepted (R-MF-64). EID_LOA_REQ when nothing is left.
 */
export function contextFrom(
  mapping: NationalMapping,
  context: RequestedAuthnContext,
  nonNotified: 'accept' | 'reject' = 'reject',
): RequestedLoA {
  const { comparison = 'exact' } = context
  if (comparison !== 'exact' && comparison !== 'minimum') throw new NodeFault('EID_LOA_REQ', `comparison ${comparison}`)
  const meant = context.classRefs.flatMap((classRef) => meaningOf(mapping, classRef))
  const levels = [...new Set(meant)].filter((level) => nonNotified === 'accept' || isNotified(level))
  const [lowest] = notifiedLevels.filter((level) => levels.includes(level))
  if (lowest !== undefined && (comparison === 'minimum' || levels.every(isNotified))) {
    return { comparison: 'minimum', levels: [lowest] }
  }
  if (levels.length === 0 || comparison === 'minimum') throw new NodeFault('EID_LOA_REQ', 'no level that is known here')
  return { comparison: 'exact', levels: [...closedUpwards(levels), ...levels.filter((level) => !isNotified(level))] }
}

/** Service providers may use the eIDAS levels beside classes of their own. */
function meaningOf(mapping: NationalMapping, classRef: string): readonly LoA[] {
  const loa = levelsOf(mapping)
  const mapped = Object.hasOwn(loa, classRef) ? loa[classRef] : undefined
  if (mapped !== undefined) return [mapped]
  return isNotified(classRef) || equivalentLevels.some((level) => level === classRef) ? [classRef] : []
}
