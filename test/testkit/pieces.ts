import { createHash } from 'node:crypto'
import type { FaultCode } from '../../src/errors/faults.ts'
import type { Half } from '../../src/relay/events.ts'
import { ns } from '../../src/xml/names.ts'
import { writeText, type XmlPart } from '../../src/xml/writer.ts'
import { signElement } from '../../src/xmlsec/sign.ts'
import { clearAnswer } from './doors.ts'
import { type Flow, mintAnswer, openFlow, postAnswer } from './flow.ts'
import { whole } from './forgeries.ts'
import { citizen, mintAssertion, mintAttributes, mintResponse } from './mint.ts'
import type { Peer } from './peers.ts'
import type { Target } from './target.ts'
import { expectAnswered, expectNotReusable } from './verdict.ts'

/*
 * A signed message in pieces, as text, and what an attacker may put together of them: no octet that the signature covers is
 * touched.
 */

export interface Pieces {
  /** What the peer sent, signed. */
  readonly signed: string
  /** The same without its signature. */
  readonly original: string
  readonly signature: string
  /** What the attacker wants read, without a signature. */
  readonly evil: string
}

export async function piecesOf(genuine: XmlPart, evil: XmlPart, { signing }: Peer): Promise<Pieces> {
  const signed = writeText(await signElement(genuine, signing))
  const signature = whole.signature.exec(signed)?.[0] ?? ''
  return { signed, signature, original: signed.replace(signature, ''), evil: writeText(evil) }
}

/** Another person than the one the peer speaks of. */
export const evilAttributes = ({ answerer }: Flow) =>
  mintAttributes(answerer, { ...citizen, PersonIdentifier: '66666666E' })

/** Of the answer as this half usually gets it. */
export async function responsePieces(flow: Flow): Promise<Pieces> {
  const assertion = { attributeStatements: [evilAttributes(flow)] }
  return flow.half === 'connector'
    ? piecesOf(await mintAnswer(flow), await mintAnswer(flow, { assertion }), flow.answerer)
    : piecesOf(clearAnswer(flow), mintResponse(flow, { assertions: [mintAssertion(flow, assertion)] }), flow.answerer)
}

/** Of an assertion in the clear, signed itself. */
export const assertionPieces = (flow: Flow): Promise<Pieces> =>
  piecesOf(mintAssertion(flow), mintAssertion(flow, { attributeStatements: [evilAttributes(flow)] }), flow.answerer)

export const afterIssuer = (xml: string, inserted: string): string =>
  xml.replace('</saml2:Issuer>', (found) => found + inserted)
export const atEnd = (xml: string, inserted: string): string => xml.replace(/<\/[^>]*>$/, (found) => inserted + found)
export const inStatus = (xml: string, element: string, inserted: string): string =>
  xml.replace('</saml2p:Status>', (found) => `<saml2p:${element}>${inserted}</saml2p:${element}>${found}`)
export const inExtensions = (xml: string, inserted: string): string =>
  xml.replace('<saml2p:Status>', (found) => `<saml2p:Extensions>${inserted}</saml2p:Extensions>${found}`)
export const idOf = (xml: string): string => / ID="([^"]*)"/.exec(xml)?.[1] ?? ''
export const withId = (xml: string, id: string): string => xml.replace(/ ID="[^"]*"/, ` ID="${id}"`)

/** A Response of the peer around this, which the peer has not signed. */
export const around = (flow: Flow, ...content: readonly string[]): string =>
  atEnd(writeText(mintResponse(flow)), content.join(''))

/** A message of the pieces. */
export type Build = (pieces: Pieces, flow: Flow) => string | Promise<string>
/** An entry of the catalogue of attacks, what is done, and how it must be refused. */
export type Construction = readonly [entry: string, what: string, build: Build, code: FaultCode]

export const halves: readonly Half[] = ['connector', 'proxy-service']
/** Rows for test.each: every construction at both places where answers arrive. */
export const atBoth = (constructions: readonly Construction[]) =>
  halves.flatMap((half) => constructions.map(([entry, what, build, code]) => [entry, half, what, build, code] as const))

/** An answer built of these pieces ends the sign-in with this code. */
export async function isRefusedAs(
  target: Target,
  half: Half,
  make: (flow: Flow) => Promise<Pieces>,
  build: Build,
  code: FaultCode,
): Promise<void> {
  const flow = await openFlow(target, half)
  const message = await build(await make(flow), flow)
  expectAnswered(flow, await postAnswer(flow, Buffer.from(message)), code)
  await expectNotReusable(flow)
}

/** The DigestValue that fits this text, which is canonical. */
export const digestOf = (xml: string): string =>
  `<ds:DigestValue xmlns:ds="${ns.ds}">${createHash('sha256').update(xml).digest('base64')}</ds:DigestValue>`
