import { NodeFault } from '../errors/node-fault.ts'
import { type Response, readResponse } from '../saml/response.ts'
import { responseRules } from '../saml/rules/response.ts'
import type { XmlElement } from '../xml/element.ts'
import { saml } from '../xml/names.ts'
import { many } from '../xml/reader.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { judgeAssertion } from './assertion.ts'
import { offline, windowAt } from './context.ts'
import { type Decrypting, type Decryption, decrypt } from './decryption.ts'
import { attempt, type Finding, findingOf, judge } from './findings.ts'
import { citing, responseRequirements } from './requirements.ts'
import type { SignatureFacts } from './signature.ts'
import type { Verification } from './verification.ts'

/* A Response against the rules of SAML and eIDAS, and the assertion in it. */

const cite = citing('response')

export interface JudgedResponse {
  readonly decryption?: Decryption | undefined
  /** The assertion to be shown, decrypted or in the clear, and its own signature. */
  readonly assertion?: { readonly element: XmlElement; readonly signature?: SignatureFacts | undefined } | undefined
  readonly findings: readonly Finding[]
}

/** `shown` is the root as scanned, for what there is to see when there is nothing to judge. */
export async function judgeResponse(
  shown: XmlElement,
  { root, ofAssertions }: Verification,
  decrypting: Decrypting,
): Promise<JudgedResponse> {
  const read = root === undefined ? { findings: [] } : attempt(() => readResponse(root), cite)
  const response: Response | undefined = 'value' in read ? read.value : undefined
  const own = response === undefined ? read.findings : [...read.findings, ...judgeRules(response, decrypting.now)]
  const [encrypted] = many(root ?? shown, saml('EncryptedAssertion'))
  if (encrypted !== undefined) return opened(encrypted, root, response, decrypting, own)
  const [element] = many(root ?? shown, saml('Assertion'))
  if (element === undefined) return { findings: own }
  const clear = findingOf(new NodeFault('ENC_REQUIRED'), cite)
  const [signed] = root === undefined ? [] : many(root, saml('Assertion'))
  const judged = signed === undefined ? [] : judgeAssertion(signed, response, decrypting.now)
  const itsOwn = ofAssertions.find(({ at }) => at === 0)
  return { assertion: { element, signature: itsOwn?.facts }, findings: [...own, clear, ...judged] }
}

function judgeRules(response: Response, now: number): readonly Finding[] {
  const { inResponseTo = '', destination = '', issuer } = response
  const asked = { messageId: inResponseTo, entityId: issuer?.value ?? '', at: Number.NEGATIVE_INFINITY }
  const context = { response, asked, us: '', endpoint: destination, ...windowAt(now) }
  return [...judge(responseRules, context, responseRequirements), unknown]
}

const unknown = offline(
  'which request of ours it answers (R-IA-15), and what that asked for: level (R-MF-60), attributes (R-MF-54), NameID format (R-MF-51)',
  'whether the citizen was authenticated since we asked (R-MF-35), and whether the identifier was made for us (R-AP-26)',
  'our endpoint, for Destination and Recipient, and our entityID, for the audience (R-MF-57)',
  'the levels the peer publishes (R-MF-63) and its country (R-AP-25), from its metadata',
  'whether the IDs were seen before',
)

async function opened(
  encrypted: XmlElement,
  root: SignedElement | undefined,
  response: Response | undefined,
  decrypting: Decrypting,
  own: readonly Finding[],
): Promise<JudgedResponse> {
  const [signed] = root === undefined ? [] : many(root, saml('EncryptedAssertion'))
  const around = signed === undefined || root === undefined ? undefined : { encrypted: signed, within: root }
  const decryption = await decrypt({ encrypted, signed: around }, decrypting)
  const { assertion, signature, shown } = decryption
  const judged = assertion === undefined ? [] : judgeAssertion(assertion, response, decrypting.now)
  const element = assertion ?? shown
  return {
    decryption,
    assertion: element === undefined ? undefined : { element, signature },
    findings: [...own, ...decryption.findings, ...judged],
  }
}

/** An assertion on its own: not what a node takes, but what is in it can be told. */
export function judgeLoneAssertion(root: SignedElement, now: number): readonly Finding[] {
  const alone = findingOf(new NodeFault('SAML_TYPE', 'an assertion without a Response around it'), () => 'R-IA-13')
  return [alone, ...judgeAssertion(root, undefined, now), unknown]
}
