import { noMapping } from '../../../src/profiles/national/mapping.ts'
import type { SchemeOffer } from '../../../src/proxy-service/policy.ts'
import { legalSet, low, naturalSet, substantial } from '../profiles/samples.ts'

/** Three schemes of a country: one for everybody, one that reaches low, one for companies. */

export const namesOf = (attributes: readonly { readonly name: string }[]) => attributes.map(({ name }) => name)

const open = () => true

export const card: SchemeOffer = { name: 'card', displayName: 'Identity card', mapping: noMapping, isOpen: open }

export const app: SchemeOffer = {
  name: 'app',
  displayName: 'App',
  mapping: { attributes: {}, loa: { 'urn:app:1': low } },
  attributes: namesOf(naturalSet),
  isOpen: open,
}

export const register: SchemeOffer = {
  name: 'register',
  displayName: 'Company account',
  mapping: { ...noMapping, maximumLoA: substantial },
  attributes: namesOf(legalSet),
  isOpen: open,
}

export const suspended = (scheme: SchemeOffer): SchemeOffer => ({ ...scheme, isOpen: () => false })
