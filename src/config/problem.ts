import type { z } from 'zod'
import { NodeFault } from '../errors/node-fault.ts'

/** One thing wrong with the configuration, and where. */
export interface Problem {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

export function problemsOf(error: z.ZodError): readonly Problem[] {
  return error.issues.map(({ path, message }) => ({ path, message }))
}

/** CFG_INVALID with every problem on a line of its own. */
export function invalid(problems: readonly Problem[]): NodeFault {
  const lines = [...new Set(problems.map(({ path, message }) => `${pathText(path)}: ${message}`))]
  const count = lines.length === 1 ? '1 problem' : `${lines.length} problems`
  return new NodeFault('CFG_INVALID', [count, ...lines].join('\n  '))
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
