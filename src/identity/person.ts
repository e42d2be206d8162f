import { NodeFault } from '../errors/node-fault.ts'
import { type AttributeDefinition, dataSet, definitionOf, type PersonKind } from './attributes.ts'
import type { ReleasedAttribute } from './outcome.ts'

/*
 * Who the attributes speak of: a natural or a legal person, and perhaps a representative of that person. Everything
 * here works on attribute names; unknown names are passed over (R-IA-4).
 */

type Names = Iterable<string>

const kinds: readonly PersonKind[] = ['natural', 'legal']

/** Kinds of person whose own (not representative) attributes occur. */
export function subjectKinds(names: Names): readonly PersonKind[] {
  return kindsAmong(names, false)
}

/** Kinds of person who are said to act for the subject. */
export function representativeKinds(names: Names): readonly PersonKind[] {
  return kindsAmong(names, true)
}

/** Mandatory attributes of a data set that do not occur. */
export function missingMandatory(names: Names, person: PersonKind, representative = false): readonly string[] {
  const present = new Set(names)
  return dataSet(person, representative)
    .filter((definition) => definition.mandatory && !present.has(definition.name))
    .map((definition) => definition.name)
}

/** R-MF-33, R-MF-54: some person is spoken of, and each data set that is touched has all its mandatory attributes. */
export function expectCompleteSubject(names: Names): void {
  const present = [...names]
  const subjects = subjectKinds(present)
  if (subjects.length === 0) throw new NodeFault('EID_MDS', 'no attribute of any person')
  for (const kind of subjects) {
    const missing = missingMandatory(present, kind)
    if (missing.length > 0) throw new NodeFault('EID_MDS', `${kind} person without ${missing.join(' ')}`)
  }
}

/**
 * R-AP-51, R-AP-53, R-AP-57: the person is of a kind that was asked for, with at most one representative, who is
 * complete. An unasked second person is no surplus to drop: without it, an answer would hide that one acts for the other.
 */
export function expectRepresentable(names: Names, asked: Names): void {
  const present = [...names]
  const askedKinds = subjectKinds(asked)
  for (const kind of subjectKinds(present)) {
    if (!askedKinds.includes(kind)) throw new NodeFault('EID_REPR', `a ${kind} person that was not asked for`)
  }
  const [representative, second] = representativeKinds(present)
  if (second !== undefined) throw new NodeFault('EID_REPR', 'two representatives')
  if (representative === undefined) return
  const missing = missingMandatory(present, representative, true)
  if (missing.length > 0) throw new NodeFault('EID_REPR', `representative without ${missing.join(' ')}`)
}

/** R-AP-55: a service that does not accept representation must not mistake the represented person for the one acting. */
export function expectNoRepresentative(names: Names): void {
  if (representativeKinds(names).length > 0) throw new NodeFault('EID_REPR', 'representative attributes')
}

/** Name of the attribute that identifies a person of this kind. */
export function identifierName(person: PersonKind): string {
  const found = dataSet(person).find((definition) => definition.kind === 'identifier')
  if (found === undefined) throw new TypeError(`no identifier in the ${person} data set`)
  return found.name
}

/** The identifier of the person, of the natural one where both kinds are spoken of; EID_MDS when there is none. */
export function identifierIn(attributes: readonly ReleasedAttribute[]): string {
  const [kind] = subjectKinds(attributes.map(({ name }) => name))
  const name = kind && identifierName(kind)
  const value = attributes.find((attribute) => attribute.name === name)?.values[0]?.value
  if (value === undefined) throw new NodeFault('EID_MDS', 'no identifier of the person')
  return value
}

const namesOfPersons: Readonly<Record<PersonKind, readonly string[]>> = {
  natural: ['FirstName', 'FamilyName'],
  legal: ['LegalName'],
}

/** What the person, or who acts for it, is called: as people of its country say it, in Latin letters where there are any. */
export function calledIn(attributes: readonly ReleasedAttribute[], representative: boolean): string | undefined {
  const names = attributes.map(({ name }) => name)
  const [kind] = representative ? representativeKinds(names) : subjectKinds(names)
  if (kind === undefined) return undefined
  const parts = namesOfPersons[kind].flatMap((local) => {
    const friendlyName = representative ? `Representative${local}` : local
    const values = attributes.find(({ name }) => definitionOf(name)?.friendlyName === friendlyName)?.values ?? []
    return (values.find(({ latin }) => latin) ?? values[0])?.value ?? []
  })
  return parts.length === 0 ? undefined : parts.join(' ')
}

function kindsAmong(names: Names, representative: boolean): readonly PersonKind[] {
  const definitions = [...names].map(definitionOf).filter((found): found is AttributeDefinition => found !== undefined)
  return kinds.filter((kind) => definitions.some((d) => d.person === kind && d.representative === representative))
}
