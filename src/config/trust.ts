import { z } from 'zod'
import { country, entityId, fetchUrl, fingerprint, isUnique, label, pathFrom } from './values.ts'

/* Whom the operator believes, and where that is learnt. */

const revocation = z.enum(['hard', 'soft', 'none'])

const validityDays = z
  .int()
  .min(1)
  .max(366)
  .exactOptional()
  .describe(
    'How many days ahead validUntil may be. Left out: 14 for other countries, 31 for parties of this one. More means that a key that was stolen counts for longer.',
  )

const pkcs1Certificates = z
  .boolean()
  .default(false)
  .describe(
    'Lets authorities above signers of metadata from abroad sign certificates with RSA PKCS#1 v1.5 and SHA-2, which the specifications do not have (R-CR-20) and many authorities do. Those of this country may anyway.',
  )

const signer = z
  .strictObject({
    subjects: z
      .array(z.string().regex(/^[^\p{Cc}]{1,1024}$/u, 'must be a subject on one line'))
      .min(1)
      .exactOptional()
      .describe(
        'Subjects of its certificate, as `C=DE, O=Agency, CN=Metadata signer`, in the order of the certificate.',
      ),
    keys: z
      .array(fingerprint)
      .min(1)
      .exactOptional()
      .describe('SHA-256 fingerprints of its public key (SubjectPublicKeyInfo in DER).'),
  })
  .refine(({ subjects, keys }) => subjects !== undefined || keys !== undefined, 'must have subjects or keys')
  .exactOptional()
  .describe(
    'Who signs: of all certificates under the anchors only one of these subjects, with one of these keys. Left out: every one that is fit to.',
  )

type Resolve = (path: string) => string

const foreignRoles: readonly string[] = ['connector', 'proxy-service']

function source(resolve: Resolve) {
  const path = pathFrom(resolve)
  return z
    .strictObject({
      name: label.exactOptional().describe('What to call it in the log and in `suspended`.'),
      files: z
        .array(path)
        .min(1)
        .exactOptional()
        .describe('Metadata documents. Either this, or `directory`, or `url`.'),
      directory: path.exactOptional().describe('Folder whose `.xml` files are metadata documents.'),
      url: fetchUrl.exactOptional().describe('Where to fetch a metadata document from, by https.'),
      entityId: entityId
        .exactOptional()
        .describe('Whose metadata is at `url`; left out, that of the entity whose entityID is the URL (R-MF-3).'),
      aggregate: z
        .boolean()
        .default(false)
        .describe(
          'At `url` are several entities in one signed document, all of which count: up to 32 MiB of it, fetched within 60 seconds.',
        ),
      anchors: z
        .array(path)
        .min(1)
        .describe('PEM files of the certificates that must have signed the metadata, or of authorities above those.'),
      roles: z
        .array(z.enum(['connector', 'proxy-service', 'service-provider', 'identity-provider']))
        .min(1)
        .refine(isUnique, 'must name each role once')
        .describe('What its entities may be to us; other roles in the metadata are passed over.'),
      country: country
        .exactOptional()
        .describe('Country of its connectors and proxy services (A-217); parties of this country need none.'),
      signer,
      revocation: revocation
        .exactOptional()
        .describe(
          'When the status of a certificate that names a CRL or OCSP cannot be learnt: `hard` refuses, `soft` goes on, `none` never asks. Left out: hard for other countries, soft for parties of this one.',
        ),
      validityDays,
      pkcs1Certificates,
      revoked: z
        .array(fingerprint)
        .default([])
        .describe('SHA-256 fingerprints (`AB:CD:…`, as OpenSSL prints them) of certificates that count no more.'),
    })
    .refine(({ files, directory, url }) => [files, directory, url].filter((one) => one !== undefined).length === 1, {
      message: 'must have one of files, directory and url',
    })
    .refine(({ url, entityId, aggregate }) => url !== undefined || (entityId === undefined && !aggregate), {
      message: 'must have entityId and aggregate with url only',
    })
    .refine(({ entityId, aggregate }) => entityId === undefined || !aggregate, {
      message: 'must be left out of an aggregate',
      path: ['entityId'],
    })
    .refine(({ roles }) => new Set(roles.map((role) => foreignRoles.includes(role))).size === 1, {
      message: 'must not mix roles of this country with roles of other countries',
      path: ['roles'],
    })
    .refine(({ roles, country }) => country !== undefined || !roles.some((role) => foreignRoles.includes(role)), {
      message: 'must be given for connectors and proxy services',
      path: ['country'],
    })
    .refine(({ roles, country }) => country === undefined || roles.some((role) => foreignRoles.includes(role)), {
      message: 'must be left out for parties of this country',
      path: ['country'],
    })
}

function list(resolve: Resolve) {
  const path = pathFrom(resolve)
  const listed = z.strictObject({
    country: country.describe('Territory in the list, and NodeCountry of what is there.'),
    roles: z
      .array(z.enum(['connector', 'proxy-service']))
      .min(1)
      .refine(isUnique, 'must name each role once')
      .default(['connector', 'proxy-service'])
      .describe('What its entities may be to us.'),
    anchors: z
      .array(path)
      .min(1)
      .exactOptional()
      .describe('PEM files of the anchors of this country; without them, the keys in the list count.'),
    signer,
  })
  return z
    .strictObject({
      name: label.exactOptional().describe('What to call it in the log and in `suspended`.'),
      url: fetchUrl.exactOptional().describe('Where to fetch the list from, by https. Either this or `file`.'),
      file: path.exactOptional().describe('The list as a file.'),
      anchors: z.array(path).min(1).describe('PEM files of what must have signed the list.'),
      signer,
      countries: z
        .array(listed)
        .min(1)
        .refine((all) => isUnique(all.map((one) => one.country)), 'must name each country once')
        .describe('What the list may speak for; all else in it is passed over (R-MF-72).'),
      revocation: revocation.exactOptional().describe('As in `sources`.'),
      validityDays: validityDays.describe('As in `sources`.'),
      pkcs1Certificates: pkcs1Certificates.describe('As in `sources`.'),
      nextUpdateDays: z
        .int()
        .min(1)
        .max(366)
        .exactOptional()
        .describe(
          'How many days ahead NextUpdate may be, and how many days a list without one counts. Left out: 31. More means that a stolen key of the list counts for longer.',
        ),
      revoked: z.array(fingerprint).default([]).describe('As in `sources`.'),
    })
    .refine(({ url, file }) => (url === undefined) !== (file === undefined), {
      message: 'must have either url or file',
    })
}

/** Read again at every refresh, so that it works without a restart. */
export const suspended = z
  .strictObject({
    countries: z.array(country).default([]).describe('Countries none of whose parties is dealt with.'),
    entityIds: z.array(entityId).default([]).describe('Single entities.'),
    sources: z.array(label).default([]).describe('Everybody from the sources of these names.'),
    schemes: z
      .array(label)
      .default([])
      .describe('Our own schemes of these names (`proxyService.schemes`): not offered, and no answer of theirs taken.'),
  })
  .prefault({})
  .describe('Whom not to deal with for the time being. Takes effect at the next refresh, or at once on SIGHUP.')

/** Read again at every refresh, as `suspended` is. */
export const owners = z
  .array(
    z.strictObject({
      role: z
        .enum(['connector', 'proxy-service', 'service-provider', 'identity-provider'])
        .describe('What the entity is to us.'),
      entityId: entityId.describe('Its entityID.'),
      source: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,31}(\/[A-Z]{2})?$/, 'must be the name of a source, or name/COUNTRY for a list')
        .describe('Name of the source that speaks for it; of a list, with the country: `commission/DE`.'),
    }),
  )
  .refine(
    (all) => isUnique(all.map(({ role, entityId }) => `${role} ${entityId}`)),
    'must name each entity once in a role',
  )
  .default([])
  .describe(
    'Which source speaks for an entity that more than one claims. Takes effect at the next refresh, or at once on SIGHUP.',
  )

export function trust(resolve: Resolve) {
  const path = pathFrom(resolve)
  return z
    .strictObject({
      sources: z
        .array(source(resolve))
        .min(1)
        .refine(hasOwnNames, 'must have a name of its own each, or none')
        .describe('Where metadata of peers comes from.'),
      lists: z
        .array(list(resolve))
        .refine(hasOwnNames, 'must have a name of its own each, or none')
        .default([])
        .describe('MetadataServiceLists, signed lists of where the metadata of countries is (R-MF-70).'),
      copies: path
        .exactOptional()
        .describe('Folder of our own for the last good copy of what is fetched; needed when anything is.'),
      tlsAuthorities: z
        .array(path)
        .default([])
        .describe('PEM files of authorities that TLS servers of peers may also have their certificate from.'),
      refreshMinutes: z
        .int()
        .min(1)
        .max(1440)
        .default(5)
        .describe('How often files are read again and suspensions applied; nothing is fetched more often.'),
      suspended,
      owners,
    })
    .refine(({ owners, sources, lists }) => owners.every(({ source }) => isSourceName(source, { sources, lists })), {
      message: 'must each have as source the name of a source, or name/COUNTRY of a list',
      path: ['owners'],
    })
    .refine(({ sources, lists, copies }) => copies !== undefined || !isFetching({ sources, lists }), {
      message: 'must be given when something is fetched',
      path: ['copies'],
    })
}

function isFetching({ sources, lists }: { sources: readonly { readonly url?: string }[]; lists: readonly object[] }) {
  return lists.length > 0 || sources.some(({ url }) => url !== undefined)
}

interface Named {
  readonly name?: string
}

function isSourceName(
  label: string,
  {
    sources,
    lists,
  }: { sources: readonly Named[]; lists: readonly (Named & { countries: readonly { country: string }[] })[] },
): boolean {
  return (
    sources.some(({ name }) => name === label) ||
    lists.some(({ name, countries }) => countries.some(({ country }) => `${name}/${country}` === label))
  )
}

function hasOwnNames(sources: readonly { readonly name?: string }[]): boolean {
  return isUnique(sources.flatMap(({ name }) => (name === undefined ? [] : [name])))
}
