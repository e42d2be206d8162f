import type { BindingInput } from '../../../../src/saml/bindings/message.ts'

/** HTTP requests as the bindings see them. */

export const XML = Buffer.from(
  '<saml2p:Response xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol">ü</saml2p:Response>',
)

export const BASE64 = XML.toString('base64')

/** The message as a form or query carries it. */
export const ESCAPED = encodeURIComponent(BASE64)

export function posted(body: string | Uint8Array, changes: Partial<BindingInput> = {}): BindingInput {
  return {
    method: 'POST',
    query: '',
    contentType: 'application/x-www-form-urlencoded',
    contentEncoding: undefined,
    body: Buffer.from(body),
    ...changes,
  }
}

export function redirected(query: string, changes: Partial<BindingInput> = {}): BindingInput {
  return { method: 'GET', query, contentType: undefined, contentEncoding: undefined, body: Buffer.alloc(0), ...changes }
}
