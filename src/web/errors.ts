import { type FaultCode, faults, type SentenceKey } from '../errors/faults.ts'

/** HTTP status by what the citizen is told: one for everything that was not trusted, whatever the reason. */
const bySentence: Readonly<Record<SentenceKey, number>> = {
  notUnderstood: 400,
  notTrusted: 403,
  tooLarge: 413,
  outOfTime: 400,
  usedAlready: 410,
  sessionLost: 400,
  notForUs: 403,
  wrongRequest: 400,
  wrongAnswer: 400,
  cancelled: 403,
  authenticationFailed: 403,
  assuranceTooLow: 403,
  attributesMissing: 403,
  representation: 403,
  countryUnavailable: 400,
  storeUnavailable: 503,
  internal: 500,
  stepAlone: 400,
  pageUnknown: 404,
  operator: 500,
}

/** Where HTTP has a word of its own for the fault (RFC 9110 15.5). */
const byCode: Readonly<Partial<Record<FaultCode, number>>> = {
  BIND_METHOD: 405,
  BIND_BODY: 408,
  BIND_CTYPE: 415,
  BIND_ENCODING: 415,
  BIND_HOST: 421,
  XML_OOM: 503,
}

/** The HTTP status of the page that tells a citizen of this fault. */
export function pageStatus(code: FaultCode): number {
  return byCode[code] ?? bySentence[faults[code].sentence]
}
