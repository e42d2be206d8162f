import type { z } from 'zod'
import { NodeFault } from '../errors/node-fault.ts'

/** In the text of the file; both count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** One thing wrong with the configuration, and where. */
export interface Problem {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** Where to look, if that is another path. */
  readonly spot?: readonly PropertyKey[]
  readonly place?: Place | undefined
}

export function problemsOf(error: z.ZodError): readonly Problem[] {
  return error.issues.map((issue) => {
    const { path, message } = issue
    const [key] = issue.code === 'unrecognized_keys' ? issue.keys : []
    return key === undefined ? { path, message } : { path, message, spot: [...path, key] }
  })
}

/** CFG_INVALID with every problem on a line of its own; `file` is where the configuration was read. */
export function invalid(problems: readonly Problem[], file?: string): NodeFault {
  const lines = [...new Set(problems.map(lineOf))]
  const count = lines.length === 1 ? '1 problem' : `${lines.length} problems`
  const head = file === undefined ? count : `${count} in ${file}`
  return new NodeFault('CFG_INVALID', [head, ...lines].join('\n  '))
}

/** The problems with their places in the text. */
export function placedIn(
  problems: readonly Problem[],
  placeOf: (path: readonly PropertyKey[]) => Place | undefined,
): readonly Problem[] {
  return problems.map((problem) => ({ place: placeOf(problem.spot ?? problem.path), ...problem }))
}

function lineOf({ path, message, place }: Problem): string {
  const where = place === undefined ? '' : ` (line ${place.line}, column ${place.column})`
  return `${pathText(path)}: ${message}${where}`
}

/** `trust.sources[0].anchors`, `connector.serviceProviders.mappings["https://sp.example/"]`. */
function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'configuration'
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    const name = String(step)
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`
    return text === '' ? name : `${text}.${name}`
  }, '')
}
