import type { Citizen } from '../../demo/citizens.ts'
import { citizensOf } from '../../demo/citizens.ts'
import type { Carried, NotingAgent } from './citizen.ts'
import { wanted } from './peer.ts'

/* What is known of citizens on the other side of the border, and how the tests look at what arrived. */

/** Citizens of XB whose eID is good enough for the service providers of XA. */
export const reaching = citizensOf('XB').filter(({ level }) => level !== 'low')

/** What service providers in the other country are to hear of a citizen, by eIDAS' friendly names. */
export function knownAbroad({ country, facts }: Citizen, to: string): Readonly<Record<string, string>> {
  const [identifier = ''] = facts.PersonIdentifier ?? []
  const [birthPlace] = facts.PlaceOfBirth ?? []
  return {
    PersonIdentifier: `${country}/${to}/${identifier}`,
    FamilyName: facts.CurrentFamilyName?.[0] ?? '',
    FirstName: facts.CurrentGivenName?.[0] ?? '',
    DateOfBirth: facts.DateOfBirth?.[0] ?? '',
    ...(birthPlace === undefined ? {} : { PlaceOfBirth: birthPlace }),
  }
}

/** The minimum data set of a citizen who has more than that. */
export function minimumAbroad(citizen: Citizen, to: string): Readonly<Record<string, string>> {
  const { PlaceOfBirth, ...minimum } = knownAbroad(citizen, to)
  if (PlaceOfBirth === undefined) throw new TypeError('the minimum data set is all there is')
  return minimum
}

/** The values of these names only. */
export function among(variables: Readonly<Record<string, string>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)))
}

/** What XB's portal shows of the attributes that are wanted, by friendly name. */
export function shownAtPortal(attributes: Readonly<Record<string, readonly string[]>>) {
  const byFriendlyName = wanted.flatMap(({ id, name }) => {
    const [value] = attributes[name] ?? []
    return value === undefined ? [] : [[id, value]]
  })
  return Object.fromEntries(byFriendlyName)
}

export const someone = (citizens: readonly Citizen[]): Citizen => {
  const [citizen] = citizens
  if (citizen === undefined) throw new TypeError('there is no citizen')
  return citizen
}

/** The last message the browser carried: what the service provider was told. */
export function answerIn({ carried }: NotingAgent): Carried {
  const last = carried.at(-1)
  if (last === undefined) throw new TypeError('no message was carried')
  return last
}
