import { equivalentLevels, type LoA } from './loa.ts'

/*
 * The quality authentication assurance of STORK, which schemes from before eIDAS still speak of: 1 to 4. Only a
 * notification makes a level notified, so what STORK calls 2 to 4 is at most equivalent; 1 is below low and is nothing.
 */

const QAA = 'http://www.stork.gov.eu/1.0/citizenQAALevel/'

/** AuthnContextClassRef of a QAA level to the level it stands for. */
export const storkLevels: Readonly<Record<string, LoA>> = Object.fromEntries(
  equivalentLevels.map((loa, index) => [`${QAA}${index + 2}`, loa]),
)

export function isStorkLevel(classRef: string): boolean {
  return classRef.startsWith(QAA)
}
