import { NodeFault } from '../errors/node-fault.ts'
import { isNcName } from './characters.ts'
import { clark, type XmlAttribute, type XmlElement } from './element.ts'
import { ns } from './names.ts'

/* Identifiers, which signatures rest on. All other attributes are the business of the schema and of who reads them. */

interface Named {
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

/** The identifiers of a document. */
export interface Identifiers {
  /** Of elements whose vocabulary has them: well-formed, and no other identifier of any kind is the same. */
  readonly own: Set<string>
  /** What may be an identifier to others, in whatever form and however often. */
  readonly foreign: Set<string>
}

/** Whether the attribute is the identifier of an element (xs:ID) in a vocabulary of this node, or xml:id anywhere. */
function isIdentifier({ namespace, local }: Named, owner: Named): boolean {
  if (namespace !== '') return namespace === ns.xml && local === 'id'
  return Object.hasOwn(idNames, owner.namespace) && idNames[owner.namespace] === local
}

/** Whether a reader could take the attribute for an identifier. */
function isIdLike({ local }: Named): boolean {
  return local.length === 2 && local.toLowerCase() === 'id'
}

/** The identifiers in a tree that was scanned. */
export function identifiersIn(root: XmlElement): Identifiers {
  const found = { own: new Set<string>(), foreign: new Set<string>() }
  const visit = (element: XmlElement): void => {
    for (const attribute of element.attributes) {
      if (isIdLike(attribute)) (isIdentifier(attribute, element) ? found.own : found.foreign).add(attribute.value)
    }
    for (const child of element.children) if (typeof child !== 'string') visit(child)
  }
  visit(root)
  return found
}

/** Collects identifiers. What a signature covers is found by its place and named by its identifier, which is unique. */
export function collectIdentifier(attribute: XmlAttribute, owner: Named, { own, foreign }: Identifiers): void {
  if (!isIdLike(attribute)) return
  const { value } = attribute
  const isOwn = isIdentifier(attribute, owner)
  if (isOwn && (value.length > ID_MAX || !isNcName(value))) throw new NodeFault('XML_ID', `on ${clark(owner)}`)
  if (own.has(value) || (isOwn && foreign.has(value))) throw new NodeFault('XML_DUP_ID', `on ${clark(owner)}`)
  if (isOwn) own.add(value)
  else foreign.add(value)
}
