import { asFault, NodeFault } from '../errors/node-fault.ts'
import type { AttributeDefinition } from '../identity/attributes.ts'
import type { AttributeValue, LeftOut, OptionalAttributes, ReleasedAttribute } from '../identity/outcome.ts'
import type { IdentityRequest } from '../identity/request.ts'

/** An attribute that was said and that is known here, before its values are judged. */
export interface SaidAttribute {
  readonly definition: AttributeDefinition
  /** Judges the values; none at all for one that is empty, which is as good as not said. */
  read(): readonly AttributeValue[]
}

export interface ReadAttributes {
  readonly attributes: readonly ReleasedAttribute[]
  readonly leftOut: readonly LeftOut[]
}

/**
 * R-MF-54: what must be answered is right, or nothing is. An optional attribute that breaks a rule is left out instead, so
 * that it costs no citizen the sign-in; `strict` refuses for it too. Each attribute is known by its name (SAML Core 2.7.3.1):
 * said twice it has no one value, SAML_DUP_ATTR.
 */
export function readSaid(
  said: readonly SaidAttribute[],
  { attributes: asked }: IdentityRequest,
  optional: OptionalAttributes = 'lenient',
): ReadAttributes {
  const attributes: ReleasedAttribute[] = []
  const leftOut: LeftOut[] = []
  for (const [name, same] of byName(said)) {
    const isNeeded =
      same.some(({ definition }) => definition.mandatory) || asked.some((one) => one.name === name && one.required)
    try {
      const values = readOnce(name, same)
      if (values.length > 0) attributes.push({ name, values })
    } catch (thrown) {
      const { code, detail } = asFault(thrown)
      if (isNeeded || optional === 'strict' || code === 'INTERNAL') throw thrown
      leftOut.push({ name, code, detail })
    }
  }
  return { attributes, leftOut }
}

function byName(said: readonly SaidAttribute[]): ReadonlyMap<string, readonly SaidAttribute[]> {
  const found = new Map<string, readonly SaidAttribute[]>()
  for (const one of said) found.set(one.definition.name, [...(found.get(one.definition.name) ?? []), one])
  return found
}

function readOnce(name: string, [first, second]: readonly SaidAttribute[]): readonly AttributeValue[] {
  if (second !== undefined) throw new NodeFault('SAML_DUP_ATTR', name)
  return first?.read() ?? []
}
