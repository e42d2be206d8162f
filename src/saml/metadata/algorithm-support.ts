import { alg } from '../../xml/names.ts'
import { many } from '../../xml/reader.ts'
import { el, type XmlPart } from '../../xml/writer.ts'
import type { SignedElement } from '../../xmlsec/signed.ts'
import { shortAttribute } from '../lexical.ts'
import { readable, type Tell, untold } from './left-out.ts'
import { requiredUri } from './texts.ts'

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

/**
 * A method that cannot be read stands for an algorithm that is not known: leaving it out could turn a restriction into
 * none.
 */
export function readAlgorithmSupport(extensions: SignedElement | undefined, tell: Tell = untold): AlgorithmSupport {
  if (extensions === undefined) return nothingSaid
  return {
    digestMethods: many(extensions, alg('DigestMethod')).map(
      (method) => readable(() => requiredUri(method, 'Algorithm'), tell) ?? UNKNOWN,
    ),
    signingMethods: many(extensions, alg('SigningMethod')).map(
      (method) => readable(() => readSigningMethod(method), tell) ?? { algorithm: UNKNOWN },
    ),
  }
}

const UNKNOWN = ''

function readSigningMethod(method: SignedElement): SigningMethod {
  return {
    algorithm: requiredUri(method, 'Algorithm'),
    minKeySize: shortAttribute(method, 'MinKeySize'),
    maxKeySize: shortAttribute(method, 'MaxKeySize'),
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
