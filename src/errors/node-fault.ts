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

/**
 * Turns anything thrown into a NodeFault. What is not one already is our own mistake and becomes INTERNAL; its message may
 * quote what it choked on, so only its name and its place are kept.
 */
export function asFault(thrown: unknown): NodeFault {
  if (thrown instanceof NodeFault) return thrown
  const unheard = whyUnheard(thrown)
  if (unheard !== undefined) return new NodeFault('CFG_LISTEN', unheard, { cause: thrown })
  if (!(thrown instanceof Error)) return new NodeFault('INTERNAL', `a thrown ${typeof thrown}`, { cause: thrown })
  return new NodeFault('INTERNAL', [thrown.name, ...framesOf(thrown).slice(0, 1)].join(' '), { cause: thrown })
}

/** What the operating system says of an address, in words. */
const addressTrouble: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken by another program',
  EADDRNOTAVAIL: 'is not an address of this machine',
  EACCES: 'is not for this user to listen at',
}

/** The one error of the operating system that an operator mends with a number: no listening at this address. */
function whyUnheard(thrown: unknown): string | undefined {
  const { syscall, code, address, port }: Readonly<Record<string, unknown>> = Object(thrown)
  if (syscall !== 'listen') return undefined
  return `${address}:${port} ${addressTrouble[String(code)] ?? 'cannot be listened at'} (${code})`
}

/** Where an error was made, innermost first: the lines behind its message, which could quote anything. */
export function framesOf({ stack = '', message }: Error): readonly string[] {
  const start = stack.indexOf(message)
  const frames = start < 0 ? [] : stack.slice(start + message.length).split('\n')
  return frames
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .slice(0, 5)
}
