import type { FaultCode } from '../errors/faults.ts'
import type { Citing } from './findings.ts'

/*
 * Which requirement stands behind a finding. Rules are cited by their names, one table for each list; a test holds the
 * tables and the lists together. Faults that no rule throws (of the parser, the signature, the readers) are cited by code.
 */

type Citations = Readonly<Record<string, string>>

/** saml/rules/request.ts */
export const samlRequestRequirements: Citations = {
  versionIs2: 'R-MF-41',
  issuedJustNow: 'R-MF-41',
  destinationIsUs: 'R-MF-41',
  consentIsKnown: 'SAML Core 8.4',
  issuerIsEntity: 'R-MF-41',
  noSubject: 'R-MF-42',
  namesForTheRequester: 'SAML Core 3.4.1.1',
  noConditions: 'R-MF-42',
  contextByClass: 'R-MF-39',
  proxyingAllowed: 'SAML Core 3.4.1.5.1',
  answersByPost: 'R-IA-14',
  acsIsPublished: 'R-MF-34',
}

/** profiles/eidas/request-rules.ts */
export const eidasRequestRequirements: Citations = {
  versionInCommon: 'R-MF-12',
  authenticationIsForced: 'R-MF-35',
  citizenIsAsked: 'R-MF-36',
  noIdpList: 'R-MF-42',
  spTypeOnce: 'R-MF-17',
  attributesRequested: 'R-MF-31',
  noRepresentatives: 'R-AP-50',
  requiredAsFixed: 'R-MF-32',
  dataSetsComplete: 'R-MF-33',
  oneKindOfPerson: 'R-MF-33',
  requiredOffered: 'R-MF-54',
  loaAsProfiled: 'R-MF-62',
  loaWithinReach: 'R-IA-19',
  nameIdFormatSupported: 'R-MF-30',
  requesterIdIsUri: 'R-MF-37',
  privatePartyIsNamed: 'R-IA-17',
  termsAccepted: 'R-IA-19',
  providerNameIsShort: 'R-MF-38',
}

/** saml/rules/response.ts */
export const responseRequirements: Citations = {
  versionIs2: 'SAML Core 3.2.2',
  issuedJustNow: 'SAML Core 3.2.2',
  answersOurRequest: 'R-IA-15',
  destinationIsUs: 'SAML Bindings 3.5.5.2',
  issuerIsEntity: 'R-IA-28',
  issuerWasAsked: 'R-IA-15',
  statusIsKnown: 'R-MF-50',
  successIsPlain: 'R-MF-50',
  oneAssertionInSuccess: 'R-IA-13',
}

/** saml/rules/assertion.ts */
export const assertionRequirements: Citations = {
  versionIs2: 'SAML Core 2.3.3',
  issuedJustNow: 'SAML Core 2.3.3',
  issuerWasAsked: 'R-IA-15',
  subjectIsThere: 'R-MF-51',
  nameIdIsThere: 'R-MF-51',
  nameIdIsForUs: 'SAML Core 8.3.7',
  oneBearer: 'R-MF-57',
  recipientIsUs: 'R-MF-57',
  bearerLasts: 'R-MF-57',
  bearerHasBegun: 'R-MF-57',
  bearerAnswersOurRequest: 'R-MF-57',
  withinConditions: 'R-MF-57',
  audienceIsUs: 'R-MF-57',
  conditionsAreKnown: 'SAML Core 2.5.1.1',
  noAdvice: 'SAML Core 2.6.1',
  oneAuthnStatement: 'R-IA-13',
  authenticatedAnew: 'R-MF-35',
  sessionIsOpen: 'SAML Core 2.7.2',
  oneClassRef: 'R-MF-52',
  oneAttributeStatement: 'R-IA-13',
  attributesAreThere: 'R-MF-53',
}

/** profiles/outcome-rules.ts */
export const outcomeRequirements: Citations = {
  loaSatisfies: 'R-MF-52',
  loaPublished: 'R-MF-63',
  loaBelieved: 'R-MF-63',
  identifiersOfCountry: 'R-AP-25',
  identifiersForUs: 'R-AP-26',
  representationAccepted: 'R-AP-55',
  personsAsAsked: 'R-AP-57',
  dataSetsComplete: 'R-MF-54',
  requiredReleased: 'R-MF-54',
}

/** What was inspected, as far as requirements differ by it. */
export type Subject = 'request' | 'response' | 'metadata'

type ByCode = Partial<Readonly<Record<FaultCode, string>>>

const always: ByCode = {
  DS_ALG: 'R-CR-18',
  DS_KEYTYPE: 'R-CR-18',
  DS_DIGESTALG: 'R-CR-12',
  BIND_SIGALG: 'R-CR-18',
  ENC_REQUIRED: 'R-IA-13',
  ENC_KEY: 'R-CR-16',
  ENC_PLAINTEXT: 'R-IA-33',
  EID_PID: 'R-AP-20',
  EID_ADDRESS: 'R-AP-30',
  EID_LATIN: 'R-AP-42',
  EID_MDS: 'R-MF-54',
  EID_VALUE: 'Attribute Profile 2.2',
  MD_KEY: 'R-CR-18',
  MD_TIME: 'R-MF-2',
  MD_URL: 'R-IA-10',
  MD_ALG: 'R-MF-11',
  TRUST_CERT: 'R-IA-30',
  TRUST_CHAIN: 'R-IA-30',
}

const bySubject: Readonly<Record<Subject, ByCode>> = {
  request: {
    DS_MISSING: 'R-MF-40',
    SAML_ID: 'R-MF-41',
    SAML_VERSION: 'R-MF-41',
    SAML_TIME: 'R-MF-41',
    SAML_ISSUER: 'R-MF-41',
    SAML_ATTR: 'R-MF-31',
    SAML_DUP_ATTR: 'R-MF-31',
    EID_SPTYPE: 'R-MF-17',
    XML_SCHEMA: 'R-IA-33',
  },
  response: {
    DS_MISSING: 'R-MF-56',
    SAML_ISSUER: 'R-IA-28',
    SAML_STATUS: 'R-MF-50',
    SAML_CONFIRM: 'R-MF-57',
    SAML_ACR: 'R-MF-52',
    SAML_ATTR: 'R-AP-1',
    SAML_NAMEID: 'R-MF-51',
    SAML_COUNT: 'R-IA-13',
    SAML_DUP_ATTR: 'SAML Core 2.7.3.1',
  },
  metadata: { DS_MISSING: 'R-MF-18' },
}

/** By the first part of the code, where nothing more exact is known. */
const byFamily: Readonly<Record<Subject, Readonly<Record<string, string>>>> = {
  request: { XML: 'R-IA-33', C14N: 'R-IA-33', DS: 'R-IA-12', BIND: 'R-MF-40', SAML: 'R-MF-42' },
  response: { XML: 'R-IA-33', C14N: 'R-IA-33', DS: 'R-IA-15', ENC: 'R-MF-56', BIND: 'R-IA-14', SAML: 'R-IA-2' },
  metadata: { XML: 'R-IA-33', C14N: 'R-IA-33', DS: 'R-IA-30', MD: 'R-IA-30', TRUST: 'R-IA-30' },
}

/** The requirement behind a code in this kind of document. */
export function citing(subject: Subject): Citing {
  return (code) => {
    const [family = ''] = code.split('_', 1)
    return bySubject[subject][code] ?? always[code] ?? byFamily[subject][family] ?? null
  }
}
