import { definitionOf } from '../identity/attributes.ts'
import { readAddress } from '../profiles/eidas/address.ts'
import type { EncryptionFacts } from './encryption.ts'
import { attempt, type Finding } from './findings.ts'
import type { Report } from './report.ts'
import type { ShownAssertion, ShownAttribute, ShownEntity, ShownRequest, ShownResponse } from './shown.ts'
import type { SignatureFacts } from './signature.ts'

/*
 * A report for people: one fact a line, and every line of a document that did not verify says so, so that none can be cut
 * out and believed. Text of the document cannot leave its line, nor do anything to a terminal.
 */

export function writeReport(report: Report): string {
  const mark = markOf(report)
  return [...factLines(report), ...report.findings.map(findingLine), verdictLine(report)]
    .map((line) => `${mark}${visible(line)}\n`)
    .join('')
}

/** A report for programs: one object, with nothing in it that a terminal would act on. */
export function writeJson(report: Report): string {
  const units = (found: string) =>
    found.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const lines = JSON.stringify(report, null, 2).split('\n')
  return lines.map((one) => `${one.replace(INVISIBLE, (found) => units(found).join(''))}\n`).join('')
}

function markOf({ standing, removed }: Report): string {
  const marks = [
    ...(standing === 'verified' ? [] : [standing.toUpperCase()]),
    ...(removed.length > 0 ? ['ALTERED'] : []),
  ]
  return marks.map((mark) => `${mark} `).join('')
}

/** Controls, format characters, line ends, and what is no character. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu

/** A line with those as their code points. */
function visible(line: string): string {
  return line.replace(INVISIBLE, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)
}

function factLines(report: Report): readonly string[] {
  const { kind, id, issuer, encoding, removed, signature, encryption, decrypted, request, response, assertion } = report
  if (kind === null) return []
  return [
    line('kind', `${kind} (read from ${encoding})`),
    ...(removed.length === 0 ? [] : [line('shown', `without its ${removed.join(', ')}`)]),
    line('id', id),
    line('issuer', issuer),
    line('signature', signatureText(signature)),
    ...(request === null ? [] : requestLines(request)),
    ...(response === null ? [] : responseLines(response)),
    ...(encryption === null
      ? []
      : [line('encryption', `${encryptionText(encryption)}${decrypted ? ', decrypted' : ''}`)]),
    ...(assertion === null ? [] : assertionLines(assertion)),
    ...report.entities.flatMap(entityLines),
  ]
}

function line(name: string, value: string | null): string {
  return `${name.padEnd(12)} ${value ?? '(none)'}`
}

function signatureText({ present, valid, trusted, algorithm, signer }: SignatureFacts): string {
  if (!present) return '(none)'
  const words = [valid ? 'valid' : 'NOT VALID', localOf(algorithm), signer, valid && !trusted ? 'not trusted' : null]
  return words.filter((word) => word !== null).join(', ')
}

/** The last part of an algorithm's URI, which is what people call it. */
function localOf(uri: string | null): string | null {
  return uri === null ? null : uri.slice(uri.lastIndexOf('#') + 1)
}

function encryptionText({ content, transport, digest, agreement, kdf, wrap, recipient }: EncryptionFacts): string {
  const key = agreement === null ? [transport, digest] : [agreement, kdf, digest, wrap]
  const words = [content, ...key].map(localOf).filter((word) => word !== null)
  return [...words, `to ${recipient ?? 'no recipient named'}`].join(', ')
}

function requestLines({
  destination,
  spType,
  loa,
  nameIdFormat,
  requesterIds,
  ...request
}: ShownRequest): readonly string[] {
  return [
    line('destination', destination),
    line('provider', request.providerName),
    line('requester', requesterIds.join(' ') || null),
    line('SPType', spType),
    line('loa', `${loa.comparison ?? 'exact'} ${loa.levels.join(' ')}`),
    line('nameId', nameIdFormat),
    ...request.attributes.map(({ name, required }) =>
      line('asks', `${name ?? '(no name)'}${required === 'true' || required === '1' ? ', required' : ''}`),
    ),
  ]
}

function responseLines({ destination, inResponseTo, status, message }: ShownResponse): readonly string[] {
  return [
    line('destination', destination),
    line('answers', inResponseTo),
    line('status', [...status, ...(message === null ? [] : [`(${message})`])].join(' ')),
  ]
}

function assertionLines({ signature, nameId, loa, attributes }: ShownAssertion): readonly string[] {
  return [
    line('assertion', `signature ${signatureText(signature)}`),
    line('nameId', nameId),
    line('loa', loa),
    ...attributes.map(attributeLine),
  ]
}

/** R-AP-33: an address is decoded, as base64 cannot be read. */
function attributeLine({ name, friendlyName, values }: ShownAttribute): string {
  const isAddress = name !== null && definitionOf(name)?.kind === 'address'
  const shown = values.map((value) => (isAddress ? addressText(value) : JSON.stringify(value))).join(' | ')
  return line('attribute', `${friendlyName ?? name ?? '(no name)'} = ${shown}`)
}

function addressText(value: string): string {
  const { value: address = {} } = attempt(
    () => readAddress(value),
    () => null,
  )
  const parts = Object.entries(address)
  if (parts.length === 0) return JSON.stringify(value)
  return parts.map(([part, text]) => `${part} ${JSON.stringify(text)}`).join(', ')
}

function entityLines({ entityId, roles, country, validUntil }: ShownEntity): readonly string[] {
  const words = [
    roles.join(' and ') || 'no role of eIDAS',
    `of ${country ?? 'no country'}`,
    `until ${validUntil ?? '?'}`,
  ]
  return [line('entity', `${entityId ?? '(no entityID)'}, ${words.join(', ')}`)]
}

function findingLine({ code, severity, text, requirement }: Finding): string {
  return `${severity.padEnd(7)} ${code}${requirement === null ? '' : ` [${requirement}]`}: ${text}`
}

function verdictLine({ verdict, findings }: Report): string {
  const count = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length
  return `${verdict}: ${count('error')} errors, ${count('warning')} warnings`
}
