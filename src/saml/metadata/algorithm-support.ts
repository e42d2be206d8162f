import { alg } from '../../xml/names.ts'
import { many } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { requiredAttribute, shortAttribute } from '../lexical.ts'

/** SAML Metadata Profile for Algorithm Support 1.0, 2.4. */
export interface SigningMethod {
  readonly algorithm: string
  /** Bits. */
  readonly minKeySize?: number | undefined
  /** Bits. */
  readonly maxKeySize?: number | undefined
}

/** What an entity or role says it accepts; nothing said means nothing is known (R-MF-11, R-MF-21). */
export interface AlgorithmSupport {
  readonly digestMethods: readonly string[]
  readonly signingMethods: readonly SigningMethod[]
}

const nothingSaid: AlgorithmSupport = { digestMethods: [], signingMethods: [] }

export function readAlgorithmSupport(extensions: SignedElement | undefined): AlgorithmSupport {
  if (extensions === undefined) return nothingSaid
  return {
    digestMethods: many(extensions, alg('DigestMethod')).map((m) => requiredAttribute(m, 'Algorithm', 'MD_STRUCT')),
    signingMethods: many(extensions, alg('SigningMethod')).map((method) => ({
      algorithm: requiredAttribute(method, 'Algorithm', 'MD_STRUCT'),
      minKeySize: shortAttribute(method, 'MinKeySize'),
      maxKeySize: shortAttribute(method, 'MaxKeySize'),
    })),
  }
}

export function writeAlgorithmSupport({ digestMethods, signingMethods }: AlgorithmSupport): readonly XmlPart[] {
  return [
    ...digestMethods.map((algorithm) => el(alg('DigestMethod'), { Algorithm: algorithm })),
    ...signingMethods.map(({ algorithm, minKeySize, maxKeySize }) =>
      el(alg('SigningMethod'), {
        Algorithm: algorithm,
        MaxKeySize: maxKeySize?.toString(),
        MinKeySize: minKeySize?.toString(),
      }),
    ),
  ]
}
