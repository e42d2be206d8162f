import express, { type Express } from 'express'
import { citizens, companies } from './citizens.ts'
import type { NodePlan } from './demo-node.ts'
import { identityProviderApp } from './identity-provider.ts'
import { type IdentityProviderSite, pathOf, providerIdOf } from './identity-provider-metadata.ts'
import { type DemoCountry, mappingOf, nationalSchemes } from './national-schemes.ts'
import type { DemoServer } from './party.ts'
import { newPartyKeys } from './party-keys.ts'

/**
 * Where the citizens of a country sign in: one server. XA's has one door, known to the proxy service by its metadata. XB's
 * has two, each a scheme: that of the eID is plugged in as a Passport strategy, that of the Post is known by its metadata.
 */
export interface Provider {
  readonly site: IdentityProviderSite
  readonly server: DemoServer
  /** A second scheme, at a door of its own. */
  readonly second?: IdentityProviderSite
}

const LOA = 'http://eidas.europa.eu/LoA/'
const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'

export async function newProvider(country: DemoCountry, server: DemoServer): Promise<Provider> {
  const scheme = nationalSchemes[country]
  const site = {
    scheme,
    name: `${scheme.countryName} eID`,
    url: server.url,
    keys: await newPartyKeys(`eID of ${country}`, 'signing'),
    citizens: [...citizens, ...companies].filter((citizen) => citizen.country === country),
    encrypts: country === 'XA',
  }
  if (country === 'XA') return { server, site }
  const second = {
    ...site,
    name: `${scheme.countryName} Post account`,
    url: `${server.url}/post`,
    keys: await newPartyKeys(`Post account of ${country}`, 'signing'),
    citizens: site.citizens.filter(({ level }) => level === 'low'),
  }
  return { server, site, second }
}

/** The schemes as the configuration of the proxy service has them. */
export function schemesOf({ site, second }: Provider): Pick<NodePlan, 'scheme' | 'moreSchemes'> {
  if (second === undefined) return { scheme: { kind: 'saml', entityId: providerIdOf(site) } }
  return { scheme: { kind: 'passport', strategy: 'national' }, moreSchemes: [secondSchemeOf(second)] }
}

/** It reaches low and knows natural persons only, so a request for more leaves no choice to make. */
function secondSchemeOf(site: IdentityProviderSite): object {
  const { attributes, loa } = mappingOf(site.scheme)
  return {
    kind: 'saml',
    name: 'post',
    displayName: site.name,
    entityId: providerIdOf(site),
    mapping: { attributes, loa: Object.fromEntries(Object.entries(loa).filter(([, level]) => level === `${LOA}low`)) },
    maximumLoA: `${LOA}low`,
    attributes: Object.keys(site.scheme.attributeNames).map((fact) => NATURAL + fact),
  }
}

/** One server, with a door for each scheme. */
export function providerApp({ site, second }: Provider, proxyServiceMetadata: string): Express {
  const app = express()
  app.disable('x-powered-by')
  if (second !== undefined) app.use(pathOf(second), identityProviderApp(second, proxyServiceMetadata))
  return app.use(identityProviderApp(site, proxyServiceMetadata))
}

export function doorsOf({ site, second }: Provider): readonly IdentityProviderSite[] {
  return second === undefined ? [site] : [site, second]
}
