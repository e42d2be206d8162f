import { NodeFault } from '../errors/node-fault.ts'
import { isNcName } from './characters.ts'
import { clark, type XmlAttribute } from './element.ts'
import type { XmlLimits } from './limits.ts'
import { ns } from './names.ts'

/* Which attributes may stand where. Values are the schema's business, but for identifiers, which signatures rest on. */

interface Owner {
  readonly namespace: string
  readonly local: string
}

const ID_MAX = 128

/** How each vocabulary spells the attribute of type xs:ID. */
const idNames: Readonly<Record<string, string>> = {
  [ns.samlp]: 'ID',
  [ns.saml]: 'ID',
  [ns.md]: 'ID',
  [ns.ds]: 'Id',
  [ns.ds11]: 'Id',
  [ns.xenc]: 'Id',
  [ns.xenc11]: 'Id',
}

/** xsi and xml attributes that are refused even where anything else may stand. */
const neverAllowed: ReadonlySet<string> = new Set([
  clark({ namespace: ns.xsi, local: 'nil' }),
  clark({ namespace: ns.xml, local: 'base' }),
  clark({ namespace: ns.xml, local: 'id' }),
])

/** Refuses an attribute that the limits do not allow on its element, and collects identifiers. */
export function checkAttribute(attribute: XmlAttribute, owner: Owner, ids: Set<string>, limits: XmlLimits): void {
  if (isIdLike(attribute.local)) claimId(attribute, owner, ids)
  if (attribute.namespace === '') return
  const name = clark(attribute)
  const { qualifiedAttributes: allowed } = limits
  const known = allowed === 'any' ? !neverAllowed.has(name) : allowed.has(name) && isInPlace(attribute, owner)
  if (!known) throw new NodeFault(attribute.namespace === ns.xsi ? 'XML_XSI' : 'XML_ATTR', `${name} on ${clark(owner)}`)
}

/** In a message only an attribute value says its own type. */
function isInPlace(attribute: XmlAttribute, owner: Owner): boolean {
  if (attribute.namespace !== ns.xsi) return true
  return owner.local === 'AttributeValue' && (owner.namespace === ns.saml || owner.namespace === ns.eidas)
}

function isIdLike(local: string): boolean {
  return local.length === 2 && local.toLowerCase() === 'id'
}

/** One spelling, one namespace (none), one bearer: what is signed is found by this attribute. */
function claimId(attribute: XmlAttribute, owner: Owner, ids: Set<string>): void {
  const spelling = Object.hasOwn(idNames, owner.namespace) ? idNames[owner.namespace] : undefined
  if (attribute.namespace !== '' || (spelling !== undefined && spelling !== attribute.local)) {
    throw new NodeFault('XML_ATTR', `${clark(attribute)} on ${clark(owner)}`)
  }
  if (attribute.value.length > ID_MAX || !isNcName(attribute.value)) throw new NodeFault('XML_ID', `on ${clark(owner)}`)
  if (ids.has(attribute.value)) throw new NodeFault('XML_DUP_ID', `on ${clark(owner)}`)
  ids.add(attribute.value)
}
