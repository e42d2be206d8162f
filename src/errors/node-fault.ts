import type { FaultCode } from './faults.ts'

/**
 * The one error of the node. `code` is a row of the closed table in faults.ts; `detail` is for the log only and must
 * hold no personal data; the citizen and the peer see the row's public sentence, never the detail.
 */
export class NodeFault extends Error {
  readonly code: FaultCode
  readonly detail: string

  constructor(code: FaultCode, detail = '', options?: { readonly cause?: unknown }) {
    super(detail === '' ? code : `${code}: ${detail}`, options)
    this.name = 'NodeFault'
    this.code = code
    this.detail = detail
  }
}

/** Turns anything thrown into a NodeFault; what is not one already is our own mistake and becomes INTERNAL. */
export function asFault(thrown: unknown): NodeFault {
  if (thrown instanceof NodeFault) return thrown
  return new NodeFault('INTERNAL', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown })
}
