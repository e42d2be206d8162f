import { z } from 'zod'
import { definitionOf, isProfileName } from '../identity/attributes.ts'
import { isMisusedLoA, isNotified } from '../identity/loa.ts'
import { isStorkLevel } from '../identity/stork.ts'

/*
 * The kinds of value a configuration is made of. Messages never quote a value: one could have been put in the wrong
 * place and be a secret.
 */

/** Two capitals; Greece is EL (R-MF-15). */
export const country = z.string().regex(/^(?!GR$)[A-Z]{2}$/, 'must be two capital letters, EL for Greece')

/** Scheme, host and port, nothing behind: every path of the node is its own. */
export const origin = z
  .string()
  .refine((text) => isOrigin(text, ['https:', 'http:']), 'must be scheme, host and port only, as https://node.example')

export const httpsUrl = z.string().refine((text) => parsed(text)?.protocol === 'https:', 'must be an https URL')

/** Where we fetch from: https, or http on this machine, which needs allowHttpForDemo; nothing that hides in a URL. */
export const fetchUrl = z.string().refine((text) => {
  const url = parsed(text)
  if (url === undefined || !/^[\x21-\x7e]{1,1024}$/.test(text) || url.href !== text) return false
  const { protocol, username, password, hash, hostname } = url
  const http = protocol === 'http:' && isThisMachine(hostname)
  return (protocol === 'https:' || http) && username === '' && password === '' && hash === ''
}, 'must be an https URL as browsers write it, without user and fragment')

/** What only allowHttpForDemo lets us fetch from. */
export function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

/** Where a form may be redirected: an origin over https, or any of them. */
export const formTarget = z
  .string()
  .refine((text) => text === 'https:' || isOrigin(text, ['https:']), 'must be "https:" or an https origin')

/** SAML Core 8.3.6: at most 1024 characters. Every entityID that metadata is read with can be named here, to be suspended. */
export const entityId = z
  .string()
  .regex(/^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]{1,1024}$/u, 'must be 1 to 1024 characters, none of them a control')

/** R-MF-37. */
export const requesterId = z
  .string()
  .regex(/^(?=.{1,1024}$)[A-Za-z][A-Za-z0-9+.-]*:\S+$/, 'must be a URI of at most 1024 characters')

/** Text for people: no control, format or direction characters. */
export const text = z
  .string()
  .regex(/^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{DI}]{1,256}$/u, 'must be 1 to 256 plain characters')
  .regex(/[\p{L}\p{N}]/u, 'must have a letter or a number that is seen')

export const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag')

/** The name of a thing of this configuration. */
export const label = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be lower-case letters, digits and hyphens')

const nationalName = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,1024}$/u, 'must be 1 to 1024 characters')

/** A Name URI, of the Attribute Profile or of another place; the schema of the whole knows which others there are. */
export const attributeName = z
  .string()
  .refine(
    (name) => definitionOf(name) !== undefined || (/^[a-z][a-z0-9+.-]*:\S+$/i.test(name) && !isProfileName(name)),
    'must be the Name URI of an attribute of the eIDAS profile, or of an additional one',
  )

/** R-MF-60 to R-MF-62: a notified level, or a URI of another namespace. */
export const loa = z
  .string()
  .regex(/^[a-z][a-z0-9+.-]*:[\x21-\x7e]{1,256}$/i, 'must be a URI')
  .refine((uri) => !isMisusedLoA(uri), 'must be low, substantial or high when it begins like a notified level')

export const mapping = z.strictObject({
  attributes: z
    .record(nationalName, attributeName)
    .refine((names) => isUnique(Object.values(names)), 'must name each eIDAS attribute once at most')
    .default({})
    .describe('National attribute name to Name URI. Unmapped attributes are known by their Name URI.'),
  loa: z
    .record(nationalName, loa)
    .refine(isOnlyNotified, 'must not make a notified level of a STORK one')
    .default({})
    .describe('National AuthnContextClassRef to level of assurance. Empty: the peer speaks of levels as eIDAS does.'),
  stork: z
    .boolean()
    .exactOptional()
    .describe(
      'It also says STORK QAA 2 to 4 (`http://www.stork.gov.eu/1.0/citizenQAALevel/3`), which become `NotNotified/LoA/low` to `high`; 1 is refused.',
    ),
})

/** Only a notification makes a level notified, and STORK had none. */
function isOnlyNotified(levels: Readonly<Record<string, string>>): boolean {
  return !Object.entries(levels).some(([classRef, level]) => isStorkLevel(classRef) && isNotified(level))
}

/** A path, never the text of a key; relative ones are resolved from the folder of the configuration file. */
export function pathFrom(resolve: (path: string) => string) {
  return z
    .string()
    .regex(/^[^\p{Cc}]{1,1024}$/u, 'must be a path on one line, not the contents of a file')
    .refine((path) => !path.includes('-----BEGIN'), 'must be a path, not the contents of a file')
    .transform(resolve)
}

/** As `openssl x509 -fingerprint -sha256` prints it. */
export const fingerprint = z
  .string()
  .regex(
    /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/,
    'must be a SHA-256 fingerprint, 32 pairs of hexadecimal capitals and colons',
  )

export function isUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

function isOrigin(text: string, protocols: readonly string[]): boolean {
  const url = parsed(text)
  return url !== undefined && protocols.includes(url.protocol) && url.origin === text
}
