import { NodeFault } from '../errors/node-fault.ts'
import { clark, isNamed, type XmlElement } from '../xml/element.ts'
import { ds, ns, saml, serviceList } from '../xml/names.ts'
import { elements } from '../xml/reader.ts'
import type { ElementPath } from '../xml/tree.ts'

/*
 * Where signatures stand. Every ds:Signature in the document is found, and every one must be in its place: in the root,
 * or in an Assertion, right after the Issuer (first where there is none; last in a list of metadata), once. There is no search for "the" signature
 * and no way to have one that nobody looks at. Metadata is the exception: what its root signs is signed whole, so that
 * signatures further down, which federations leave in what they collect, say nothing more and are passed over.
 */

export interface PlacedSignature {
  readonly path: ElementPath
  readonly signature: XmlElement
  readonly parentPath: ElementPath
  readonly parent: XmlElement
}

export interface PlacedSignatures {
  readonly ofRoot?: PlacedSignature
  readonly ofAssertions: readonly PlacedSignature[]
}

const SIGNATURE = ds('Signature')

/** All signatures of a document, each in its place. Faults: DS_PARENT, DS_STRUCT. Rules 7 and 19 of the verify path. */
export function placeSignatures(root: XmlElement): PlacedSignatures {
  if (isNamed(root, SIGNATURE)) throw new NodeFault('DS_PARENT', 'the signature is the root')
  const found: PlacedSignature[] = []
  visit(root, [], root, found)
  const ofAssertions = found.filter(({ path }) => path.length > 1)
  const ofRoot = found.find(({ path }) => path.length === 1)
  return ofRoot === undefined ? { ofAssertions } : { ofRoot, ofAssertions }
}

function visit(parent: XmlElement, parentPath: ElementPath, root: XmlElement, found: PlacedSignature[]): void {
  let index = 0
  for (const child of parent.children) {
    if (typeof child === 'string') continue
    const path = [...parentPath, index]
    if (isNamed(child, SIGNATURE)) {
      expectPlace(parent, index, parent === root)
      found.push({ path, signature: child, parentPath, parent })
    } else if (root.namespace === ns.samlp && isNamed(child, root)) {
      // A message inside a message is wrapping whatever else is wrong with it.
      throw new NodeFault('DS_PARENT', `${clark(child)} inside ${clark(root)}`)
    }
    if (root.namespace !== ns.md) visit(child, path, root, found)
    index += 1
  }
}

function expectPlace(parent: XmlElement, index: number, isRoot: boolean): void {
  if (!isRoot && !isNamed(parent, saml('Assertion'))) throw new NodeFault('DS_PARENT', `in ${clark(parent)}`)
  const place = placeIn(parent)
  if (index !== place) throw new NodeFault('DS_STRUCT', `child ${index} of ${clark(parent)}, not ${place}`)
}

function placeIn(parent: XmlElement): number {
  const children = elements(parent)
  if (isNamed(parent, serviceList('MetadataServiceList'))) return children.length - 1
  return children.findIndex((child) => isNamed(child, saml('Issuer'))) + 1
}
