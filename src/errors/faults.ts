/**
 * The closed table of everything that can go wrong. A row says in which words the citizen hears of it (a key of the
 * sentences below, translated in web/i18n) and with which SAML status pair a peer does, when the fault lies in the
 * message that peer sent. A fault found in the answer of the party we asked is reported as Responder.
 * docs/faults.md is generated from this file.
 */

const SAML_STATUS = 'urn:oasis:names:tc:SAML:2.0:status:'

/** Top-level and second-level SAML status codes (SAML Core 3.2.2.2), without their common prefix. */
export type StatusPair = readonly [
  top: 'Requester' | 'Responder' | 'VersionMismatch',
  sub?:
    | 'AuthnFailed'
    | 'InvalidAttrNameOrValue'
    | 'InvalidNameIDPolicy'
    | 'NoAuthnContext'
    | 'NoPassive'
    | 'RequestDenied'
    | 'RequestUnsupported'
    | 'UnsupportedBinding',
]

/** Full URI of a status code's short name. */
export function statusUri(short: string): string {
  return SAML_STATUS + short
}

/** Public sentences in English; other languages translate the same keys. No personal data, no technical detail. */
export const sentences = {
  notUnderstood: 'The message that brought you here could not be read.',
  notTrusted: 'The message that brought you here could not be verified, so it was not accepted.',
  tooLarge: 'The message that brought you here is larger than allowed.',
  outOfTime: 'The message that brought you here is too old or carries a wrong time.',
  usedAlready:
    'This step was already used, or it took too long. Go back to the service where you started. If you are not signed in there, sign in again.',
  sessionLost:
    'This browser does not know this sign-in: it took too long, was begun in another browser, or cookies are blocked. Allow cookies, go back to the service where you started and sign in again.',
  notForUs: 'The message that brought you here was meant for another recipient.',
  wrongRequest: 'The service asked for something that is not allowed.',
  wrongAnswer: 'The answer about your identity does not fit what was asked.',
  cancelled: 'You cancelled the sign-in.',
  authenticationFailed: 'The sign-in in your country did not succeed.',
  assuranceTooLow: 'Your eID does not reach the level of assurance this service needs.',
  attributesMissing: 'Your country did not provide all the data this service needs.',
  representation: 'This service does not accept one person acting for another.',
  countryUnavailable: 'Signing in with an eID of this country is not possible at the moment.',
  storeUnavailable: 'The sign-in cannot go on because of a technical problem. Try again in a few minutes.',
  internal: 'The sign-in cannot go on because of a technical problem.',
  stepAlone: 'This address belongs to one step of a sign-in and cannot be opened by itself.',
  pageUnknown: 'There is no such page here.',
  operator: 'The node is not set up correctly.',
} as const

export type SentenceKey = keyof typeof sentences

interface FaultRow {
  readonly meaning: string
  readonly sentence: SentenceKey
  readonly status: StatusPair
}

function row(meaning: string, sentence: SentenceKey, ...status: StatusPair): FaultRow {
  return { meaning, sentence, status }
}

export const faults = {
  // transport and bindings (SAML Bindings 3.4, 3.5)
  BIND_DUP_PARAM: row('a parameter occurs more than once', 'notUnderstood', 'Requester'),
  BIND_BOTH: row('SAMLRequest and SAMLResponse in one message', 'notUnderstood', 'Requester'),
  BIND_MISSING: row('the SAML parameter is missing', 'notUnderstood', 'Requester'),
  BIND_SIG: row('the signature over the query does not verify', 'notTrusted', 'Requester', 'RequestDenied'),
  BIND_SIGALG: row('SigAlg is not an allowed algorithm', 'notTrusted', 'Requester', 'RequestDenied'),
  BIND_UNSIGNED: row('the query carries no complete signature', 'notTrusted', 'Requester', 'RequestDenied'),
  BIND_TWO_SIGS: row('signed in the query and in the message', 'notTrusted', 'Requester', 'RequestDenied'),
  BIND_EXTRA_FIELD: row('a parameter that the binding does not know', 'notUnderstood', 'Requester'),
  BIND_WRONG: row(
    'this message does not come by this binding here',
    'notUnderstood',
    'Requester',
    'UnsupportedBinding',
  ),
  BIND_INFLATE: row('the DEFLATE stream is broken, padded or too large', 'notUnderstood', 'Requester'),
  BIND_ENCODING: row('a Content-Encoding is not accepted', 'notUnderstood', 'Requester'),
  BIND_B64: row('not strict base64', 'notUnderstood', 'Requester'),
  BIND_SIZE: row('the message or its parameters exceed the limit', 'tooLarge', 'Requester'),
  BIND_CTYPE: row('the Content-Type is not that of a form in UTF-8', 'notUnderstood', 'Requester'),
  BIND_PCT: row('a percent-escape or its UTF-8 is malformed', 'notUnderstood', 'Requester'),
  BIND_SPLIT: row('parameters in the query of a POST', 'notUnderstood', 'Requester'),
  BIND_METHOD: row('the HTTP method is not allowed here', 'stepAlone', 'Requester'),
  BIND_HOST: row('the message names another host than ours', 'notForUs', 'Requester'),
  BIND_RELAY: row('RelayState is too long or not printable ASCII', 'notUnderstood', 'Requester'),
  BIND_BODY: row(
    'the body broke off, did not arrive in time, or came with too many others',
    'notUnderstood',
    'Requester',
  ),
  BIND_UNSUPPORTED: row('a binding that this node does not have', 'notUnderstood', 'Requester', 'UnsupportedBinding'),

  // XML
  XML_DOCTYPE: row('a document type declaration', 'notUnderstood', 'Requester'),
  XML_ENCODING: row('not UTF-8, or declared as something else', 'notUnderstood', 'Requester'),
  XML_VERSION: row('an XML version other than 1.0', 'notUnderstood', 'Requester'),
  XML_UTF8: row('malformed UTF-8', 'notUnderstood', 'Requester'),
  XML_CHAR: row('a character or reference that XML or policy forbids', 'notUnderstood', 'Requester'),
  XML_PI: row('a processing instruction', 'notUnderstood', 'Requester'),
  XML_COMMENT: row('a comment', 'notUnderstood', 'Requester'),
  XML_CDATA: row('a CDATA section', 'notUnderstood', 'Requester'),
  XML_MIXED: row(
    'an element where only text is allowed, or text where only elements are',
    'notUnderstood',
    'Requester',
  ),
  XML_PARSE: row('not well-formed', 'notUnderstood', 'Requester'),
  XML_ATTR: row('an attribute that its element does not have', 'notUnderstood', 'Requester'),
  XML_NS: row('a reserved prefix, or a name whose namespace has no canonical form', 'notUnderstood', 'Requester'),
  XML_NS_COUNT: row('too many namespace declarations in scope', 'notUnderstood', 'Requester'),
  XML_DEPTH: row('nested too deeply', 'notUnderstood', 'Requester'),
  XML_SIZE: row('too many octets, nodes, or too long a name or value', 'tooLarge', 'Requester'),
  XML_ID: row('an ID that is not an NCName of at most 128 characters', 'notUnderstood', 'Requester'),
  XML_DUP_ID: row('the same ID twice', 'notUnderstood', 'Requester'),
  XML_SCHEMA: row('not valid against the schema, or a stray child', 'notUnderstood', 'Requester'),
  XML_DIFF: row('two parsers read the document differently', 'notUnderstood', 'Requester'),
  XML_OOM: row('no memory to parse the document', 'internal', 'Responder'),
  C14N_SIZE: row('the canonical form exceeds the limit', 'tooLarge', 'Requester'),

  // XML signature
  DS_MISSING: row('a required signature is missing', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_PARENT: row(
    'the signature is not where it must be, or refers to another element',
    'notTrusted',
    'Requester',
    'RequestDenied',
  ),
  DS_CHILDREN: row('the signature holds something it must not', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_STRUCT: row('the signature is not built as the profile says', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_REFCOUNT: row('not exactly one reference', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_URI: row('the reference is not # and the ID of the signed element', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_TRANSFORM: row('not exactly the two allowed transforms', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_C14N: row('not exclusive canonicalisation as allowed, or it failed', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_ALG: row('the signature algorithm is not allowed', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_DIGESTALG: row('the digest algorithm is not allowed', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_DIGEST: row('the digest does not match', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_SIG: row('the signature value does not verify', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_KEYTYPE: row('the key does not fit the algorithm', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_KEY: row('no trusted key fits the signature', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_ASSERTION: row('the signature of the assertion does not verify', 'notTrusted', 'Requester', 'RequestDenied'),
  DS_INTERNAL: row('verification could not be carried out', 'internal', 'Responder'),

  // XML encryption
  ENC_REQUIRED: row('the assertion is not encrypted', 'wrongAnswer', 'Requester', 'RequestDenied'),
  ENC_ALG: row('an encryption algorithm or parameter is not allowed', 'notTrusted', 'Requester', 'RequestDenied'),
  ENC_STRUCT: row('the encrypted element is not built as the profile says', 'notTrusted', 'Requester', 'RequestDenied'),
  ENC_DATA: row('the ciphertext has an impossible length', 'notTrusted', 'Requester', 'RequestDenied'),
  ENC_KEY: row('a key of the wrong size, curve or use', 'notTrusted', 'Requester', 'RequestDenied'),
  ENC_FAIL: row('decryption failed', 'notTrusted', 'Requester', 'RequestDenied'),
  ENC_PLAINTEXT: row('the plaintext is not exactly one assertion', 'notTrusted', 'Requester', 'RequestDenied'),

  // SAML
  SAML_TYPE: row(
    'another kind of message than this endpoint takes',
    'notUnderstood',
    'Requester',
    'RequestUnsupported',
  ),
  SAML_ID: row('the message ID is missing or malformed', 'notUnderstood', 'Requester'),
  SAML_VERSION: row('a SAML version other than 2.0', 'notUnderstood', 'VersionMismatch'),
  SAML_TIME: row('a time is missing, malformed or out of its window', 'outOfTime', 'Requester', 'RequestDenied'),
  SAML_ISSUER: row(
    'the issuer is missing, unknown or not the same throughout',
    'notTrusted',
    'Requester',
    'RequestDenied',
  ),
  SAML_DEST: row('the Destination is not this endpoint', 'notForUs', 'Requester', 'RequestDenied'),
  SAML_AUDIENCE: row('the audience is not us', 'notForUs', 'Requester', 'RequestDenied'),
  SAML_RECIPIENT: row('the Recipient is not this endpoint', 'notForUs', 'Requester', 'RequestDenied'),
  SAML_IRT: row('not the answer to an open request of ours', 'usedAlready', 'Requester', 'RequestDenied'),
  SAML_MIXUP: row('another party answered than was asked', 'notTrusted', 'Requester', 'RequestDenied'),
  SAML_CONFIRM: row('the subject confirmation is not acceptable', 'wrongAnswer', 'Requester', 'RequestDenied'),
  SAML_COUNT: row('not exactly one assertion or statement', 'wrongAnswer', 'Requester', 'RequestDenied'),
  SAML_STATUS: row('the status contradicts the content or is malformed', 'wrongAnswer', 'Requester', 'RequestDenied'),
  SAML_REPLAY: row('the message was received before', 'usedAlready', 'Requester', 'RequestDenied'),
  SAML_ACS: row('the assertion consumer service is not in the metadata', 'wrongRequest', 'Requester', 'RequestDenied'),
  SAML_REQ: row(
    'the request asks for something the profile does not allow',
    'wrongRequest',
    'Requester',
    'RequestUnsupported',
  ),
  SAML_PASSIVE: row(
    'a sign-in without a page for the citizen is not possible',
    'wrongRequest',
    'Responder',
    'NoPassive',
  ),
  SAML_NAMEID: row(
    'the name identifier or its format is not acceptable',
    'wrongAnswer',
    'Requester',
    'InvalidNameIDPolicy',
  ),
  SAML_DUP_ATTR: row('the same attribute twice', 'wrongAnswer', 'Requester', 'InvalidAttrNameOrValue'),
  SAML_ATTR: row('an attribute is not well formed', 'wrongAnswer', 'Requester', 'InvalidAttrNameOrValue'),
  SAML_ACR: row('the authentication context is missing or ambiguous', 'wrongAnswer', 'Requester', 'NoAuthnContext'),

  // eIDAS
  EID_LOA: row(
    'the level of assurance is lower than asked, unknown or unpublished',
    'assuranceTooLow',
    'Requester',
    'NoAuthnContext',
  ),
  EID_LOA_REQ: row(
    'the requested level of assurance is not expressed as the profile says',
    'wrongRequest',
    'Requester',
    'NoAuthnContext',
  ),
  EID_COUNTRY: row(
    'a country that is unknown or not the one asked',
    'countryUnavailable',
    'Requester',
    'RequestDenied',
  ),
  EID_PID: row('an identifier is not CC/DD/value', 'wrongAnswer', 'Requester', 'InvalidAttrNameOrValue'),
  EID_MDS: row('the minimum data set is not complete', 'attributesMissing', 'Requester', 'InvalidAttrNameOrValue'),
  EID_REPR: row('representation is not allowed here or not complete', 'representation', 'Requester', 'RequestDenied'),
  EID_ATTR: row(
    'an attribute that was not or may not be asked for',
    'wrongRequest',
    'Requester',
    'InvalidAttrNameOrValue',
  ),
  EID_VALUE: row(
    'an attribute value breaks the rules of its type',
    'wrongAnswer',
    'Requester',
    'InvalidAttrNameOrValue',
  ),
  EID_ADDRESS: row(
    'an address is not a base64 fragment of address elements',
    'wrongAnswer',
    'Requester',
    'InvalidAttrNameOrValue',
  ),
  EID_LATIN: row(
    'transliterated values are not one Latin and one original',
    'wrongAnswer',
    'Requester',
    'InvalidAttrNameOrValue',
  ),
  EID_TEXT: row('text with control or direction characters', 'wrongAnswer', 'Requester', 'InvalidAttrNameOrValue'),
  EID_SPTYPE: row('SPType must be given exactly once', 'wrongRequest', 'Requester', 'RequestDenied'),
  EID_REQUESTER: row(
    'RequesterID is missing, malformed, or of a service without access',
    'wrongRequest',
    'Requester',
    'RequestDenied',
  ),
  EID_VERSION: row('no protocol version in common', 'wrongRequest', 'Requester', 'RequestUnsupported'),

  // metadata and trust
  MD_SIG: row('metadata is not signed by an anchor', 'operator', 'Responder'),
  MD_TIME: row('metadata is expired or valid for too long', 'operator', 'Responder'),
  MD_ROLLBACK: row('metadata is older than what was seen', 'operator', 'Responder'),
  MD_ENTITY: row('metadata of another entity than asked for', 'operator', 'Responder'),
  MD_OWNER: row('another source speaks for this entity, or several claim it', 'operator', 'Responder'),
  MD_STRUCT: row('metadata is not built as the profile says', 'operator', 'Responder'),
  MD_KEY: row('a key in metadata is weak, odd or of the wrong use', 'operator', 'Responder'),
  MD_ALG: row('no algorithm in common with the metadata', 'operator', 'Responder'),
  MD_URL: row('an endpoint in metadata is not an acceptable URL', 'operator', 'Responder'),
  MD_FETCH: row('metadata could not be fetched', 'operator', 'Responder'),
  MD_TEXT: row('a text in metadata is too long or holds odd characters', 'operator', 'Responder'),
  MDSL_SIG: row('a list of metadata is not signed by its anchor', 'operator', 'Responder'),
  MDSL_TIME: row('a list of metadata is out of date or from the future', 'operator', 'Responder'),
  MDSL_ROLLBACK: row('a list of metadata is older than what was seen', 'operator', 'Responder'),
  TRUST_CHAIN: row('no path from the certificate to an anchor', 'operator', 'Responder'),
  TRUST_CERT: row('a certificate is expired or not meant for this', 'operator', 'Responder'),
  TRUST_REVOKED: row('a certificate is revoked, or its status cannot be learnt', 'operator', 'Responder'),

  // state
  ST_SESSION: row(
    'the flow cookie and the message do not belong together',
    'sessionLost',
    'Requester',
    'RequestDenied',
  ),
  ST_GONE: row('no such flow: used already or out of time', 'usedAlready', 'Requester', 'RequestDenied'),
  ST_COOKIE: row('the flow cookie is malformed or there twice', 'sessionLost', 'Requester', 'RequestDenied'),
  ST_KEY: row('a key of the store is malformed', 'internal', 'Responder'),
  ST_TAMPER: row('a stored value was altered', 'internal', 'Responder'),
  ST_SCHEMA: row('a stored value has another shape', 'internal', 'Responder'),
  ST_STORE: row('the store does not answer', 'storeUnavailable', 'Responder'),
  ST_FULL: row('a requester has used up its share of the store', 'storeUnavailable', 'Responder'),

  // the citizen and the national side
  USER_CANCELLED: row('the citizen cancelled', 'cancelled', 'Responder', 'AuthnFailed'),
  AUTHN_FAILED: row('the authentication did not succeed', 'authenticationFailed', 'Responder', 'AuthnFailed'),
  UPSTREAM_REFUSED: row('the asked party answered with an error', 'authenticationFailed', 'Responder', 'AuthnFailed'),
  STEP_INPUT: row('a form of ours came back with something it does not offer', 'notUnderstood', 'Requester'),

  // our own output, configuration, mistakes
  OUT_SELFCHECK: row('a message of ours did not read back as intended', 'internal', 'Responder'),
  CFG_INVALID: row('the configuration has problems', 'operator', 'Responder'),
  CFG_LISTEN: row('the address to listen at is not to be had', 'operator', 'Responder'),
  SELF_TEST: row('the cryptography under the node did not pass its self-test at start', 'operator', 'Responder'),
  WEB_BUSY: row('more is asked than can be done at once: new sign-ins are put off', 'storeUnavailable', 'Responder'),
  WEB_UNKNOWN: row('no such page', 'pageUnknown', 'Requester'),
  INTERNAL: row('a mistake of our own', 'internal', 'Responder'),
} as const satisfies Record<string, FaultRow>

export type FaultCode = keyof typeof faults

/** Public sentence of a fault. A fault that requests and answers have in common has one sentence for each. */
export function sentenceOf(code: FaultCode, top: string): SentenceKey {
  const { sentence, status }: FaultRow = faults[code]
  if (sentence === 'wrongAnswer' && top === 'Requester') return 'wrongRequest'
  const blamesAnswer = status[0] === 'Requester' && top === 'Responder'
  return sentence === 'wrongRequest' && blamesAnswer ? 'wrongAnswer' : sentence
}
