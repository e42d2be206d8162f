import { type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'
import { type SigningKey, signingKey, verificationKey } from './keys.ts'

/*
 * Which algorithm to sign with for whom (R-MF-11). One key can sign in several ways; the peer's metadata may say which of
 * them it verifies.
 */

/** One key, and every algorithm it may sign with, the usual one first. */
export interface SigningChoice {
  /** Of the key. */
  readonly bits: number
  readonly ways: readonly [usual: SigningKey, ...others: SigningKey[]]
}

/** What a peer says it verifies; nothing said means nothing is known. */
export interface StatedSupport {
  readonly digestMethods: readonly string[]
  readonly signingMethods: readonly {
    readonly algorithm: string
    readonly minKeySize?: number | undefined
    readonly maxKeySize?: number | undefined
  }[]
}

/** `usual` is made of the same key; `algorithms` are those of the profile. */
export function signingChoice(
  key: { readonly privateKey: string; readonly certificates: readonly string[] },
  usual: SigningKey,
  algorithms: readonly SignatureAlgorithm[],
): SigningChoice {
  const { kind, bits } = verificationKey(key.certificates[0] ?? '')
  const others = algorithms.filter(
    (algorithm) => algorithm !== usual.algorithm && signatureAlgorithms[algorithm].key === kind,
  )
  return { bits, ways: [usual, ...others.map((algorithm) => signingKey({ ...key, algorithm }))] }
}

/**
 * The first way that the peer says it verifies. Where none is, the usual one: every node must verify all algorithms of
 * the profile (R-CR-18), and some name only those they sign with themselves.
 */
export function signingFor({ bits, ways }: SigningChoice, stated: StatedSupport): SigningKey {
  return ways.find((way) => isVerified(way, bits, stated)) ?? ways[0]
}

function isVerified(
  { algorithm }: SigningKey,
  bits: number,
  { digestMethods, signingMethods }: StatedSupport,
): boolean {
  const fits = signingMethods.some(
    (one) => one.algorithm === algorithm && (one.minKeySize ?? 0) <= bits && bits <= (one.maxKeySize ?? bits),
  )
  const { digestUri } = signatureAlgorithms[algorithm]
  return (signingMethods.length === 0 || fits) && (digestMethods.length === 0 || digestMethods.includes(digestUri))
}
