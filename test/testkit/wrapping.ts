import { constants, createHash, type KeyObject, verify } from 'node:crypto'
import type { QName } from '../../src/xml/element.ts'
import { ds, saml, samlp, xenc } from '../../src/xml/names.ts'
import { el, writeXml, type XmlPart } from '../../src/xml/writer.ts'
import type { SigningKey } from '../../src/xmlsec/keys.ts'
import { signElement } from '../../src/xmlsec/sign.ts'

/*
 * XML signature wrapping (Somorovsky and others, 2012) as a generator: every way to combine what was signed, what is
 * forged, where the other one is hidden, in which order, where the signature goes and whose ID is whose. No octet that a
 * signature covers is touched, unless what is evil goes into the original itself: all others carry a signature that is
 * alive, somewhere.
 */

const axes = {
  /** What the peer signed. */
  signed: ['Response', 'Assertion', 'both'],
  /** What the attacker wrote anew. */
  evil: ['Response', 'Assertion'],
  place: [
    'Extensions',
    'StatusDetail',
    'StatusMessage',
    'Advice',
    'SubjectConfirmationData',
    'AttributeValue',
    'Conditions',
    'AuthnContextDecl',
    'Object',
    'KeyInfo',
    'Signature',
    'EncryptionProperty',
    'Response',
    'Assertion',
  ],
  /** Before or after: the original is hidden in what is evil, there. Inside: what is evil is hidden in the original. */
  order: ['before', 'after', 'inside'],
  /** Where the signature stands. */
  signature: ['evil', 'original', 'detached'],
  /** The ID of what is evil: that of the original, one of its own, or none. */
  id: ['same', 'new', 'absent'],
} as const

type Axis<A extends keyof typeof axes> = (typeof axes)[A][number]

export interface Wrapping {
  readonly signed: Axis<'signed'>
  readonly evil: Axis<'evil'>
  readonly place: Axis<'place'>
  readonly order: Axis<'order'>
  readonly signature: Axis<'signature'>
  readonly id: Axis<'id'>
}

/** All combinations, 2,268. */
export const wrappings: readonly Wrapping[] = axes.signed.flatMap((signed) =>
  axes.evil.flatMap((evil) =>
    axes.place.flatMap((place) =>
      axes.order.flatMap((order) =>
        axes.signature.flatMap((signature) => axes.id.map((id) => ({ signed, evil, place, order, signature, id }))),
      ),
    ),
  ),
)

/** A wrapping in words, for the message of a failed test. */
export function named({ signed, evil, place, order, signature, id }: Wrapping): string {
  return `signed ${signed}, evil ${evil}, ${order} ${place}, signature ${signature}, id ${id}`
}

export interface Material {
  /** A Response of the peer around an assertion, not signed. */
  readonly respond: (id: string, assertion: XmlPart) => XmlPart
  /** An assertion of the peer, not signed. */
  readonly assert: (id: string, kind: 'genuine' | 'evil') => XmlPart
  readonly key: SigningKey
}

interface Genuine {
  /** With the assertion in it, both signed as asked. */
  readonly response: XmlPart
  readonly assertion: XmlPart
}

/** Makes messages of all wrappings; everything is signed once. */
export async function wrapper(material: Material): Promise<(wrapping: Wrapping) => XmlPart> {
  const genuine: Readonly<Record<Wrapping['signed'], Genuine>> = {
    Response: await genuineMessage(material, 'Response'),
    Assertion: await genuineMessage(material, 'Assertion'),
    both: await genuineMessage(material, 'both'),
  }
  return (wrapping) => wrap(material, genuine[wrapping.signed], wrapping)
}

/** What the peer sent: the control of every test with wrappings. */
export async function genuineMessage(material: Material, signed: Wrapping['signed']): Promise<Genuine> {
  const bare = material.assert('_a0', 'genuine')
  const assertion = signed === 'Response' ? bare : await signElement(bare, material.key)
  const around = material.respond('_r0', assertion)
  return { assertion, response: signed === 'Assertion' ? around : await signElement(around, material.key) }
}

function wrap(material: Material, genuine: Genuine, wrapping: Wrapping): XmlPart {
  const level = wrapping.signed === 'both' ? wrapping.evil : wrapping.signed
  const original = level === 'Response' ? genuine.response : genuine.assertion
  const parts: Parts = {
    original,
    bare: withoutSignature(original),
    signature: signatureOf(original),
    evil: evilElement(material, wrapping, original),
  }
  return wrapping.order === 'inside'
    ? evilInOriginal(genuine, level, wrapping, parts)
    : originalInEvil(material, genuine, wrapping, wrapping.order, parts)
}

interface Parts {
  readonly original: XmlPart
  /** The original without its signature. */
  readonly bare: XmlPart
  readonly signature: XmlPart
  readonly evil: XmlPart
}

function evilElement({ respond, assert }: Material, { evil, id }: Wrapping, original: XmlPart): XmlPart {
  const own = id === 'same' ? idOf(original) : '_evil'
  const element = evil === 'Response' ? respond(own, assert('_b0', 'evil')) : assert(own, 'evil')
  return id === 'absent' ? withoutId(element) : element
}

function originalInEvil(
  { respond }: Material,
  genuine: Genuine,
  wrapping: Wrapping,
  order: 'before' | 'after',
  { original, bare, signature, evil }: Parts,
): XmlPart {
  const forged = wrapping.signature === 'evil' ? afterIssuer(signature)(evil) : evil
  const around = () => (wrapping.signed === 'both' ? swapAssertion(forged)(genuine.response) : respond('_s0', forged))
  const root = wrapping.evil === 'Response' ? forged : around()
  const hidden = wrapping.signature === 'original' ? original : bare
  if (wrapping.signature !== 'detached') return hide(wrapping.place, [hidden], order, signature)(root)
  if (wrapping.evil === 'Assertion' && !hasSignature(root)) {
    return hide(wrapping.place, [hidden], order, signature)(afterIssuer(signature)(root))
  }
  const pieces = order === 'before' ? [signature, hidden] : [hidden, signature]
  return hide(wrapping.place, pieces, order, signature)(root)
}

function evilInOriginal(
  genuine: Genuine,
  level: 'Response' | 'Assertion',
  wrapping: Wrapping,
  { bare, signature, evil }: Parts,
): XmlPart {
  const stripped = level === 'Response' ? bare : swapAssertion(bare)(genuine.response)
  const root = wrapping.signature === 'original' ? genuine.response : stripped
  const forged = wrapping.signature === 'evil' ? afterIssuer(signature)(evil) : evil
  const pieces = wrapping.signature === 'detached' ? [forged, signature] : [forged]
  return hide(wrapping.place, pieces, 'after', signature)(root)
}

type Change = (part: XmlPart) => XmlPart
type Hide = (pieces: readonly XmlPart[], order: 'before' | 'after') => Change

/** Puts pieces into a Response at a place. `spare` is the signature that is put there when the place is in one. */
function hide(place: Wrapping['place'], pieces: readonly XmlPart[], order: 'before' | 'after', spare: XmlPart): Change {
  const inside = inSignature[place]
  return inside === undefined ? places[place](pieces, order) : anySignature(inside(pieces, order), spare)
}

const first =
  (...pieces: readonly XmlPart[]): Change =>
  (part) => ({ ...part, children: [...pieces, ...part.children] })
const last =
  (...pieces: readonly XmlPart[]): Change =>
  (part) => ({ ...part, children: [...part.children, ...pieces] })
const end = (order: 'before' | 'after') => (order === 'before' ? first : last)

const behind =
  (name: QName, ...pieces: readonly XmlPart[]): Change =>
  (part) => {
    const at = part.children.findIndex((child) => isPart(child, name)) + 1
    return { ...part, children: [...part.children.slice(0, at), ...pieces, ...part.children.slice(at)] }
  }
const afterIssuer = (signature: XmlPart): Change => behind(saml('Issuer'), signature)

/** Changes the first child of that name, and below it along the path. */
function within([name, ...rest]: readonly QName[], change: Change): Change {
  if (name === undefined) return change
  return (part) => {
    const at = part.children.findIndex((child) => isPart(child, name))
    const child = part.children[at]
    if (child === undefined || typeof child === 'string') throw new TypeError(`no ${name.local} in ${part.name.local}`)
    const changed = within(rest, change)(child)
    return { ...part, children: part.children.map((one, index) => (index === at ? changed : one)) }
  }
}

const inAssertion = (...path: readonly QName[]) => {
  return (change: Change): Change => within([saml('Assertion'), ...path], change)
}

const places: Readonly<Record<Wrapping['place'], Hide>> = {
  Extensions: (pieces, order) => {
    const extensions = el(samlp('Extensions'), {}, ...pieces)
    return order === 'before' ? behind(saml('Issuer'), extensions) : last(extensions)
  },
  StatusDetail: (pieces, order) => within([samlp('Status')], end(order)(el(samlp('StatusDetail'), {}, ...pieces))),
  StatusMessage: (pieces, order) => within([samlp('Status')], end(order)(el(samlp('StatusMessage'), {}, ...pieces))),
  Advice: (pieces, order) => {
    const advice = el(saml('Advice'), {}, ...pieces)
    return inAssertion()(order === 'before' ? behind(saml('Conditions'), advice) : last(advice))
  },
  SubjectConfirmationData: (pieces, order) => {
    const subject = inAssertion(saml('Subject'))
    if (order === 'before') {
      return subject(within([saml('SubjectConfirmation'), saml('SubjectConfirmationData')], last(...pieces)))
    }
    const data = el(saml('SubjectConfirmationData'), {}, ...pieces)
    return subject(last(el(saml('SubjectConfirmation'), { Method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer' }, data)))
  },
  AttributeValue: (pieces, order) => {
    const value = el(saml('AttributeValue'), {}, ...pieces)
    return inAssertion(saml('AttributeStatement'))(end(order)(el(saml('Attribute'), { Name: 'urn:other' }, value)))
  },
  Conditions: (pieces, order) => inAssertion(saml('Conditions'))(end(order)(...pieces)),
  AuthnContextDecl: (pieces, order) =>
    inAssertion(saml('AuthnStatement'), saml('AuthnContext'))(end(order)(el(saml('AuthnContextDecl'), {}, ...pieces))),
  EncryptionProperty: (pieces, order) => {
    const encrypted = el(saml('EncryptedAssertion'), {}, propertiesOf(pieces))
    return order === 'before' ? behind(samlp('Status'), encrypted) : last(encrypted)
  },
  Response: (pieces, order) => (order === 'before' ? behind(samlp('Status'), ...pieces) : last(...pieces)),
  Assertion: (pieces, order) => inAssertion()(order === 'before' ? behind(saml('Issuer'), ...pieces) : last(...pieces)),
  Object: (pieces, order) => end(order)(el(ds('Object'), {}, ...pieces)),
  KeyInfo: (pieces, order) => within([ds('KeyInfo')], end(order)(...pieces)),
  Signature: (pieces, order) => end(order)(...pieces),
}

/** The places that are in a signature. */
const inSignature: Readonly<Partial<Record<Wrapping['place'], Hide>>> = {
  Object: places.Object,
  KeyInfo: places.KeyInfo,
  Signature: places.Signature,
}

function propertiesOf(pieces: readonly XmlPart[]): XmlPart {
  return el(
    xenc('EncryptedData'),
    { Type: 'http://www.w3.org/2001/04/xmlenc#Element' },
    el(xenc('EncryptionMethod'), { Algorithm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm' }),
    el(xenc('CipherData'), {}, el(xenc('CipherValue'), {}, 'AAAA')),
    el(xenc('EncryptionProperties'), {}, el(xenc('EncryptionProperty'), {}, ...pieces)),
  )
}

/** Changes the signature of the Response, that of its assertion, or the spare one put into the Response. */
function anySignature(change: Change, spare: XmlPart): Change {
  return (root) => {
    if (hasSignature(root)) return within([ds('Signature')], change)(root)
    const assertion = root.children.find((child) => isPart(child, saml('Assertion')))
    if (assertion !== undefined && typeof assertion !== 'string' && hasSignature(assertion)) {
      return inAssertion(ds('Signature'))(change)(root)
    }
    return afterIssuer(change(spare))(root)
  }
}

function isPart(child: XmlPart | string, name: QName): boolean {
  return typeof child !== 'string' && child.name.local === name.local && child.name.namespace === name.namespace
}

const isSignature = (child: XmlPart | string): child is XmlPart => isPart(child, ds('Signature'))
const hasSignature = ({ children }: XmlPart): boolean => children.some(isSignature)

function signatureOf({ name, children }: XmlPart): XmlPart {
  const found = children.find(isSignature)
  if (found === undefined) throw new TypeError(`${name.local} is not signed`)
  return found
}

function withoutSignature(part: XmlPart): XmlPart {
  return { ...part, children: part.children.filter((child) => !isSignature(child)) }
}

/** The Response with another assertion in place of its own. */
function swapAssertion(assertion: XmlPart): Change {
  return within([saml('Assertion')], () => assertion)
}

function idOf({ attributes }: XmlPart): string {
  return attributes.find(({ local }) => local === 'ID')?.value ?? ''
}

function withoutId(part: XmlPart): XmlPart {
  return { ...part, attributes: part.attributes.filter(({ local }) => local !== 'ID') }
}

/** Whether there is a signature in it that is right over whatever element has the ID it refers to. */
export function hasLiveSignature(message: XmlPart, key: KeyObject): boolean {
  const parts = partsIn(message)
  return parts.filter(isSignature).some((signature) => {
    const value = Buffer.from(textAt(signature, 'SignatureValue'), 'base64')
    const signedInfo = childOf(signature, 'SignedInfo')
    if (!verify('sha256', writeXml(signedInfo), { key, ...encodings }, value)) return false
    const reference = childOf(signedInfo, 'Reference')
    const uri = reference.attributes.find(({ local }) => local === 'URI')?.value
    const digest = textAt(reference, 'DigestValue')
    return parts.some((part) => `#${idOf(part)}` === uri && digestOf(leftOut(part, signature)) === digest)
  })
}

/** RSASSA-PSS and raw ECDSA; each is for its own kind of key. */
const encodings = {
  dsaEncoding: 'ieee-p1363',
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
} as const

const digestOf = (part: XmlPart) => createHash('sha256').update(writeXml(part)).digest('base64')

function partsIn(part: XmlPart): readonly XmlPart[] {
  return [part, ...part.children.flatMap((child) => (typeof child === 'string' ? [] : partsIn(child)))]
}

function leftOut(part: XmlPart, out: XmlPart): XmlPart {
  const children = part.children.filter((child) => child !== out)
  return { ...part, children: children.map((child) => (typeof child === 'string' ? child : leftOut(child, out))) }
}

function childOf(part: XmlPart, local: string): XmlPart {
  const found = part.children.find((child) => isPart(child, ds(local)))
  if (found === undefined || typeof found === 'string') throw new TypeError(`no ${local} in ${part.name.local}`)
  return found
}

function textAt(part: XmlPart, local: string): string {
  return childOf(part, local).children.join('')
}
