import { z } from 'zod'
import type { Environment } from './environment.ts'
import { invalid, type Problem } from './problem.ts'

/*
 * Single values that stand in for those of the file, so that two processes can share one: `PASSERELLE_LISTEN_PORT=8081`
 * in the environment, or `--set listen.port=8081` on the command line, which goes before the environment.
 */

type Schema = z.core.JSONSchema.BaseSchema

interface Member {
  readonly path: readonly string[]
  readonly type: 'string' | 'integer' | 'boolean'
}

const VARIABLE = 'PASSERELLE_'

/** What Kubernetes sets by itself beside a service that is called passerelle. */
const OF_KUBERNETES = /^PASSERELLE_(SERVICE_|PORT(_\d+_|$))/

/** Variables that are no values of the file. */
const others: readonly string[] = ['PASSERELLE_SEAL_KEYS', 'PASSERELLE_SEAL_KEYS_FILE', 'PASSERELLE_INSTANCE']

/** Every single text, number or truth value of the schema that is not in a list or a record. */
function membersOf(schema: Schema, path: readonly string[] = []): readonly Member[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    if (typeof member !== 'object') return []
    const own = [...path, name]
    const { type } = member
    if (type === 'string' || type === 'integer' || type === 'boolean') return [{ path: own, type }]
    return membersOf(member, own)
  })
}

/** `PASSERELLE_PROXY_SERVICE_CONSENT` of `proxyService.consent`. */
function variableOf(path: readonly string[]): string {
  return VARIABLE + path.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join('_')
}

export interface Overridden {
  readonly value: unknown
  /** Variables that look like ours and mean nothing. */
  readonly warnings: readonly string[]
}

/** The value of the file with what environment and command line say instead. Fault: CFG_INVALID. */
export function overridden(
  value: unknown,
  schema: z.ZodType,
  environment: Environment,
  settings: readonly string[],
): Overridden {
  const members = membersOf(z.toJSONSchema(schema, { io: 'input' }))
  const given = [...fromEnvironment(members, environment), ...fromSettings(members, settings)]
  const problems = given.flatMap((one) => ('problem' in one ? [one.problem] : []))
  if (problems.length > 0) throw invalid(problems)
  const known = [...members.map(({ path }) => variableOf(path)), ...others]
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith(VARIABLE) && !known.includes(name) && !OF_KUBERNETES.test(name),
  )
  return {
    value: given.reduce((whole, one) => ('problem' in one ? whole : placed(whole, one.path, one.value)), value),
    warnings: unknown.map((name) => `the environment variable ${name} means nothing to the node`),
  }
}

type Given = { readonly path: readonly string[]; readonly value: unknown } | { readonly problem: Problem }

function fromEnvironment(members: readonly Member[], environment: Environment): readonly Given[] {
  return members.flatMap((member) => {
    const name = variableOf(member.path)
    const text = environment[name]
    return text === undefined || text === '' ? [] : [given(member, text, name)]
  })
}

function fromSettings(members: readonly Member[], settings: readonly string[]): readonly Given[] {
  return settings.map((setting) => {
    const [dotted = '', ...rest] = setting.split('=')
    const member = members.find(({ path }) => path.join('.') === dotted)
    if (member !== undefined && rest.length > 0) return given(member, rest.join('='), `--set ${dotted}`)
    return { problem: { path: [`--set ${dotted}`], message: 'must be path=value, with the path of a single value' } }
  })
}

function given({ path, type }: Member, text: string, name: string): Given {
  if (type === 'string') return { path, value: text }
  if (type === 'boolean' && /^(true|false)$/.test(text)) return { path, value: text === 'true' }
  if (type === 'integer' && /^-?\d{1,15}$/.test(text)) return { path, value: Number(text) }
  const wanted = type === 'boolean' ? 'true or false' : 'a whole number'
  return { problem: { path: [name], message: `must be ${wanted}` } }
}

/** A copy of the value with another one at this path; what is in the way there is for the schema to refuse. */
function placed(whole: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  const object = typeof whole === 'object' && whole !== null && !Array.isArray(whole) ? { ...whole } : {}
  return { ...object, [name]: placed(Reflect.get(object, name), rest, value) }
}
