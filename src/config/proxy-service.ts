import { z } from 'zod'
import { delivered, isReached, schemes } from './schemes.ts'
import { isUnique, loa, requesterId } from './values.ts'

/** `proxyService` in the configuration: our half for the citizens of this country. */
export const proxyService = z
  .strictObject({
    loas: z
      .array(loa)
      .min(1)
      .refine(isUnique, 'must name each level once')
      .describe('Every level of assurance the schemes reach, published in our metadata (R-MF-13).'),
    attributes: delivered.describe(
      'Name URIs of what the schemes deliver together, published in our metadata (R-MF-14); left out, what `schemes` say, or all attributes that are known where one of them says nothing. Others are not answered for.',
    ),
    schemes: schemes.describe(
      'Where the citizens of this country authenticate. Where several can give what is asked, the citizen chooses; they are shown in this order (R-IA-19).',
    ),
    representation: z
      .enum(['reject', 'accept'])
      .default('reject')
      .describe(
        'Whether citizens of this country may act for others abroad, where a scheme delivers the whole data set of a representative (R-AP-51).',
      ),
    consent: z.boolean().default(true).describe('Show the values to the citizen before they leave the country.'),
    requesterIdRequired: z
      .boolean()
      .default(false)
      .describe('Private service providers must name themselves (R-MF-20).'),
    privateRequesters: z
      .array(requesterId)
      .refine(isUnique, 'must name each service provider once')
      .exactOptional()
      .describe(
        'RequesterIDs of the private service providers abroad that accepted our terms of access; the others are refused (R-IA-19). Left out, there are no terms. Goes with `requesterIdRequired`.',
      ),
  })
  .refine(({ privateRequesters, requesterIdRequired }) => privateRequesters === undefined || requesterIdRequired, {
    message: 'must be true where privateRequesters is given, for others must know that they are to name themselves',
    path: ['requesterIdRequired'],
  })
  .refine(({ loas, schemes }) => loas.every((level) => schemes.some((one) => isReached(level, one.maximumLoA))), {
    message: 'must not have a level above the maximumLoA of every scheme',
    path: ['loas'],
  })
  .refine(({ attributes = [], schemes }) => attributes.every((name) => schemes.some((one) => isDelivered(name, one))), {
    message: 'must not have an attribute that no scheme delivers',
    path: ['attributes'],
  })

function isDelivered(name: string, { attributes }: { readonly attributes?: readonly string[] }): boolean {
  return attributes === undefined || attributes.includes(name)
}
