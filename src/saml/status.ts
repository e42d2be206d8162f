import { NodeFault } from '../errors/node-fault.ts'
import type { XmlElement } from '../xml/element.ts'
import { samlp } from '../xml/names.ts'
import { onlyAttributes, onlyChildren, optional, text } from '../xml/reader.ts'
import { collapsed } from '../xml/white-space.ts'
import { el, type XmlPart } from '../xml/writer.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { atMostOne, exactlyOne, requiredAttribute } from './lexical.ts'
import { statuses } from './uris.ts'

/** SAML Core 3.2.2.1. */
export interface Status {
  /** Top-level code first, its second-level code after it. */
  readonly codes: readonly string[]
  readonly message?: string | undefined
}

/** SAML Core 3.2.2.2 knows top-level and second-level codes. */
const LEVELS = 2

/** The Status child of a response. StatusDetail is passed over. */
export function readStatus(response: SignedElement): Status {
  const status = exactlyOne(response, samlp('Status'), 'SAML_STATUS')
  onlyAttributes(status, [])
  onlyChildren(status, [samlp('StatusCode'), samlp('StatusMessage'), samlp('StatusDetail')])
  const message = optional(status, samlp('StatusMessage'))
  return {
    codes: readCodes(exactlyOne(status, samlp('StatusCode'), 'SAML_STATUS')),
    message: message && text(message),
  }
}

function readCodes(outer: XmlElement): readonly string[] {
  const codes: string[] = []
  for (let code: XmlElement | undefined = outer; code; code = atMostOne(code, samlp('StatusCode'), 'SAML_STATUS')) {
    onlyAttributes(code, ['Value'])
    onlyChildren(code, [samlp('StatusCode')])
    const value = collapsed(requiredAttribute(code, 'Value', 'SAML_STATUS'))
    if (value === '') throw new NodeFault('SAML_STATUS', 'empty StatusCode')
    codes.push(value)
    if (codes.length > LEVELS) throw new NodeFault('SAML_STATUS', 'status codes nested too deeply')
  }
  return codes
}

export function writeStatus(status: Status): XmlPart {
  const [first, ...rest] = [...status.codes].reverse()
  if (first === undefined) throw new TypeError('a Status needs a code')
  const nested = rest.reduce(
    (inner, code) => el(samlp('StatusCode'), { Value: code }, inner),
    el(samlp('StatusCode'), { Value: first }),
  )
  const message = status.message === undefined ? undefined : el(samlp('StatusMessage'), {}, status.message)
  return el(samlp('Status'), {}, nested, message)
}

export function isSuccess(status: Status): boolean {
  return status.codes[0] === statuses.success
}
