import type { QName } from './element.ts'

/** Namespace URIs and the prefixes this node writes them with. */
export const ns = {
  samlp: 'urn:oasis:names:tc:SAML:2.0:protocol',
  saml: 'urn:oasis:names:tc:SAML:2.0:assertion',
  md: 'urn:oasis:names:tc:SAML:2.0:metadata',
  mdattr: 'urn:oasis:names:tc:SAML:metadata:attribute',
  mdui: 'urn:oasis:names:tc:SAML:metadata:ui',
  alg: 'urn:oasis:names:tc:SAML:metadata:algsupport',
  mdrpi: 'urn:oasis:names:tc:SAML:metadata:rpi',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  ds11: 'http://www.w3.org/2009/xmldsig11#',
  ec: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  xenc: 'http://www.w3.org/2001/04/xmlenc#',
  xenc11: 'http://www.w3.org/2009/xmlenc11#',
  eidas: 'http://eidas.europa.eu/saml-extensions',
  serviceList: 'http://eidas.europa.eu/metadata/servicelist',
  eidasNatural: 'http://eidas.europa.eu/attributes/naturalperson',
  eidasLegal: 'http://eidas.europa.eu/attributes/legalperson',
  eidasNaturalRepresentative: 'http://eidas.europa.eu/attributes/naturalperson/representative',
  eidasLegalRepresentative: 'http://eidas.europa.eu/attributes/legalperson/representative',
  xs: 'http://www.w3.org/2001/XMLSchema',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
  xml: 'http://www.w3.org/XML/1998/namespace',
} as const

const prefixes: Readonly<Record<keyof typeof ns, string>> = {
  samlp: 'saml2p',
  saml: 'saml2',
  md: 'md',
  mdattr: 'mdattr',
  mdui: 'mdui',
  alg: 'alg',
  mdrpi: 'mdrpi',
  ds: 'ds',
  ds11: 'ds11',
  ec: 'ec',
  xenc: 'xenc',
  xenc11: 'xenc11',
  eidas: 'eidas',
  serviceList: 'mdsl',
  eidasNatural: 'eidas-natural',
  eidasLegal: 'eidas-legal',
  eidasNaturalRepresentative: 'eidas-natural-representative',
  eidasLegalRepresentative: 'eidas-legal-representative',
  xs: 'xs',
  xsi: 'xsi',
  xml: 'xml',
}

function named(space: keyof typeof ns): (local: string) => QName {
  return (local) => ({ namespace: ns[space], local, prefix: prefixes[space] })
}

/** Makers of qualified names, one per namespace: `saml('Issuer')`. */
export const samlp = named('samlp')
export const saml = named('saml')
export const md = named('md')
export const mdattr = named('mdattr')
export const mdui = named('mdui')
export const alg = named('alg')
export const mdrpi = named('mdrpi')
export const ds = named('ds')
export const ds11 = named('ds11')
export const ec = named('ec')
export const xenc = named('xenc')
export const xenc11 = named('xenc11')
export const eidas = named('eidas')
export const serviceList = named('serviceList')
export const xsi = named('xsi')
export const xml = named('xml')

/** The prefix this node writes a namespace with. */
export function prefixOf(space: keyof typeof ns): string {
  return prefixes[space]
}
