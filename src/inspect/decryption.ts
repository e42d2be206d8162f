import { NodeFault } from '../errors/node-fault.ts'
import { withDocument } from '../xml/document.ts'
import type { XmlElement } from '../xml/element.ts'
import { messageLimits } from '../xml/limits.ts'
import { ds, saml, xenc } from '../xml/names.ts'
import { eidasSignatureAlgorithms } from '../xmlsec/algorithms.ts'
import { decryptContent, decryptElement } from '../xmlsec/decrypt.ts'
import { type EncryptedContent, readEncrypted } from '../xmlsec/encrypted-data.ts'
import { eidasEncryption, nationalEncryption } from '../xmlsec/encryption-policy.ts'
import type { DecryptionKey } from '../xmlsec/keys.ts'
import { inContext } from '../xmlsec/plaintext.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { citingEncryption, type EncryptionFacts, encryptionFacts } from './encryption.ts'
import { type Attempt, attempt, attemptLater, type Citing, type Finding, findingOf, note, unheard } from './findings.ts'
import { isUnreadable, open, wideLimits } from './open.ts'
import { fittingKeys, type PrivateKey } from './private-keys.ts'
import { citing } from './requirements.ts'
import { type Examined, examineDocument } from './signature.ts'
import type { Signers } from './signers.ts'
import type { StandIn } from './stand-in.ts'
import { first } from './tree.ts'

/*
 * Decryption as the node does it, and where the node refuses how it is encrypted, as a national peer's would be decrypted:
 * what is in there is of interest, whether or not it may be sent that way.
 */

export interface Decryption {
  readonly facts: EncryptionFacts
  readonly decrypted: boolean
  /** The signature of the assertion's own. */
  readonly signature?: Examined['facts']
  /** What readers and rules are given. */
  readonly assertion?: SignedElement
  /** As decrypted, to be shown when it cannot be judged. */
  readonly shown?: XmlElement
  readonly findings: readonly Finding[]
}

export interface Decrypting {
  readonly keys: readonly PrivateKey[]
  readonly signers: Signers
  readonly standIn: StandIn
  readonly now: number
}

/** An EncryptedAssertion, and the message it stands in as far as that may be judged. */
export interface Sealed {
  readonly encrypted: XmlElement
  readonly signed?: { readonly encrypted: SignedElement; readonly within: SignedElement } | undefined
}

export async function decrypt(sealed: Sealed, decrypting: Decrypting): Promise<Decryption> {
  const facts = encryptionFacts(sealed.encrypted)
  const cite = citingEncryption(facts, citing('response'))
  const read = readContent(sealed.encrypted, cite)
  const shut = { facts, decrypted: false }
  if (decrypting.keys.length === 0) return { ...shut, findings: [...read.findings, noKey] }
  if (read.content === undefined) return { ...shut, findings: read.findings }
  const { recipients } = read.content.key
  const fitting = fittingKeys(decrypting.keys, recipients, decrypting.now, cite)
  const findings = [...read.findings, ...fitting.findings, ...(recipients.length === 0 ? [noHint] : [])]
  const plaintext = await attemptLater(() => plaintextOf(read.content, fitting.keys, facts), cite)
  if (plaintext.value === undefined) return { ...shut, findings: [...findings, ...plaintext.findings] }
  const inside = await look(inContext(plaintext.value, sealed.encrypted.scope), sealed, fitting.keys, decrypting, cite)
  return { facts, decrypted: true, ...inside, findings: [...findings, ...unheard(inside.findings, findings)] }
}

const noKey = note('NOT_DECRYPTED', 'there is an encrypted assertion and no --decrypt: what is in it was not judged')
const noHint = note('NO_HINT', 'it is not said to whom it is encrypted: every key of its kind is tried', 'R-CR-14')

/** By the policy of eIDAS; what that refuses, by the policy for national peers. */
function readContent(encrypted: XmlElement, cite: Citing) {
  const eidas = attempt(() => readEncrypted(encrypted, eidasEncryption), cite)
  if (eidas.value !== undefined) return { content: eidas.value, findings: [] }
  const national = attempt(() => readEncrypted(encrypted, nationalEncryption), cite)
  return { content: national.value, findings: [...eidas.findings, ...unheard(national.findings, eidas.findings)] }
}

/** EncryptedKey may name its recipient; it is taken to be us. */
function _keyOf(encrypted: XmlElement): XmlElement | undefined {
  return first(encrypted, xenc('EncryptedData'), ds('KeyInfo'), xenc('EncryptedKey'))
}

async function plaintextOf(
  content: EncryptedContent | undefined,
  keys: readonly DecryptionKey[],
  { recipient }: EncryptionFacts,
): Promise<Uint8Array> {
  if (content === undefined) throw new NodeFault('ENC_STRUCT')
  if (keys.length === 0) throw new NodeFault('ENC_FAIL', `no --decrypt is the key of ${recipient ?? 'the recipient'}`)
  return decryptContent(content, keys)
}

type Inside = Pick<Decryption, 'signature' | 'assertion' | 'shown' | 'findings'>

/** What was decrypted goes the whole way of a received document again. */
async function look(
  plaintext: Uint8Array,
  { signed }: Sealed,
  keys: readonly DecryptionKey[],
  { signers, standIn, now }: Decrypting,
  cite: Citing,
): Promise<Inside> {
  const about = 'the assertion'
  const opened = open(plaintext)
  if (isUnreadable(opened)) return { findings: asPlaintext(opened.findings) }
  const { value } = attempt(
    () => withDocument(opened.octets, wideLimits, (open) => examineDocument(open, { signers, now, cite, about })),
    cite,
  )
  const own = value?.facts.present === true ? value : undefined
  const asNode: Attempt<SignedElement> =
    signed === undefined
      ? { findings: [] }
      : await attemptLater(() => decryptAsNode(signed, keys, signers), cite, { about })
  const told = own !== undefined && own.findings.length > 0 ? withoutInner(asNode.findings, own) : asNode.findings
  const findings = [...opened.findings, ...(own?.findings ?? []), ...told]
  const common = { ...(own === undefined ? {} : { signature: own.facts }), shown: opened.root }
  if (asNode.value !== undefined) return { ...common, assertion: asNode.value, findings }
  const expected = { root: saml('Assertion'), schema: 'protocol' } as const
  const standing = await attemptLater(() => standIn.sign(opened.octets, expected), cite, { about })
  return {
    ...common,
    ...(standing.value === undefined ? {} : { assertion: standing.value }),
    findings: [...findings, ...unheard(standing.findings, findings)],
  }
}

function decryptAsNode(
  signed: NonNullable<Sealed['signed']>,
  keys: readonly DecryptionKey[],
  signers: Signers,
): Promise<SignedElement> {
  return decryptElement(signed.encrypted, {
    keys,
    policy: eidasEncryption,
    root: saml('Assertion'),
    schema: 'protocol',
    limits: messageLimits,
    signers: { keys: signers.keys(), algorithms: eidasSignatureAlgorithms },
    within: signed.within,
  })
}

/** A signature that is right but a stranger's has been told of; that a node calls it bad adds nothing. */
function withoutInner(findings: readonly Finding[], { facts }: Examined): readonly Finding[] {
  return facts.valid ? findings.filter(({ code }) => code !== 'DS_ASSERTION') : findings
}

function asPlaintext(findings: readonly Finding[]): readonly Finding[] {
  const fault = new NodeFault('ENC_PLAINTEXT', findings.map(({ code }) => code).join(' '))
  return [findingOf(fault, citing('response'))]
}
