import { NodeFault } from '../errors/node-fault.ts'
import { clark, isNamed, type XmlElement } from '../xml/element.ts'
import { ds, saml, serviceList } from '../xml/names.ts'
import { elements } from '../xml/reader.ts'
import type { ElementPath } from '../xml/tree.ts'

/*
 * Where signatures stand: in the root, or in an Assertion that is a child of the root, right after the Issuer (first where
 * there is none; last in a list of metadata), once. There is no search for "the" signature.
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
const ASSERTION = saml('Assertion')
const ISSUER = saml('Issuer')

/**
 * The signatures that are judged, each in its place. Faults: DS_PARENT, DS_STRUCT. Those further inside stand where no code
 * reads, or the schema refuses them; they prove nothing of what is around them.
 */
export function placeSignatures(root: XmlElement): PlacedSignatures {
  if (isNamed(root, SIGNATURE)) throw new NodeFault('DS_PARENT', 'the signature is the root')
  const ofRoot = signatureIn(root, [])
  const ofAssertions = elements(root).flatMap((child, index) => {
    const found = isNamed(child, ASSERTION) ? signatureIn(child, [index]) : undefined
    return found === undefined ? [] : [found]
  })
  return ofRoot === undefined ? { ofAssertions } : { ofRoot, ofAssertions }
}

function signatureIn(parent: XmlElement, parentPath: ElementPath): PlacedSignature | undefined {
  const children = elements(parent)
  const place = placeIn(parent, children)
  const stray = children.findIndex((child, index) => isNamed(child, SIGNATURE) && index !== place)
  if (stray >= 0) throw new NodeFault('DS_STRUCT', `child ${stray} of ${clark(parent)}, not ${place}`)
  const signature = children[place]
  if (signature === undefined || !isNamed(signature, SIGNATURE)) return undefined
  return { path: [...parentPath, place], signature, parentPath, parent }
}

function placeIn(parent: XmlElement, children: readonly XmlElement[]): number {
  if (isNamed(parent, serviceList('MetadataServiceList'))) return children.length - 1
  return children.findIndex((child) => isNamed(child, ISSUER)) + 1
}

/** A signature that stands elsewhere than in an assertion is none of the root; the fault says that there is one. */
export function missingSignature(root: XmlElement): NodeFault {
  const parent = parentOfStray(root)
  return parent === undefined
    ? new NodeFault('DS_MISSING', clark(root))
    : new NodeFault('DS_PARENT', `in ${clark(parent)}`)
}

function parentOfStray(parent: XmlElement): XmlElement | undefined {
  for (const child of elements(parent)) {
    if (isNamed(child, SIGNATURE) && !isNamed(parent, ASSERTION)) return parent
    const found = parentOfStray(child)
    if (found !== undefined) return found
  }
  return undefined
}
