import { NodeFault } from '../errors/node-fault.ts'
import { entityAttributeNames } from '../profiles/eidas/metadata.ts'
import {
  type DescribedEntity,
  type EntityDescriptor,
  readEntityDescriptor,
  readMetadataDocument,
} from '../saml/metadata/entity.ts'
import { admitEntity } from '../trust/peers.ts'
import { policyOf } from '../trust/policy.ts'
import type { Role } from '../trust/registry.ts'
import type { XmlElement } from '../xml/element.ts'
import { claimedCertificates } from '../xmlsec/key-info.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { offline } from './context.ts'
import { attempt, type Finding, findingOf, judge, unheard } from './findings.ts'
import { metadataAdvice, metadataAdviceRequirements } from './metadata-advice.ts'
import { type MetadataContext, metadataRequirements, metadataRules, ofNodesAlone } from './metadata-rules.ts'
import { citing } from './requirements.ts'

/*
 * Metadata, entity by entity and role by role. One that says anything of eIDAS is a node of some country; any other is a
 * service or an identity provider of the country that it is inspected in.
 */

const cite = citing('metadata')

/** `shown` is the root with its signature. */
export function judgeMetadata(root: SignedElement, shown: XmlElement, now: number): readonly Finding[] {
  const { value, findings } = attempt(() => readMetadataDocument(root), cite)
  if (value === undefined) return findings
  const chain = attempt(() => claimedCertificates(shown).length, cite).value ?? 0
  const several = value.entities.length > 1
  const leftOut = value.leftOut.map(({ entityId, fault }) => findingOf(fault, cite, { about: entityId }))
  const ofEntities = value.entities.map((one) => judgeEntity(one, { now, chain }, several))
  const isOfNodes = ofEntities.some(({ isNode }) => isNode)
  return [...leftOut, ...ofEntities.flatMap((one) => one.findings), isOfNodes ? unknown : unknownAtHome]
}

const unknown = offline(
  'the country this source is for (R-MF-15) and where it is published (R-MF-3)',
  'which certificates are revoked (R-IA-30), and what was held before',
)

const unknownAtHome = offline('which certificates are revoked (R-IA-30), and what was held before')

type Whole = Pick<MetadataContext, 'now' | 'chain'>

interface Judged {
  readonly isNode: boolean
  readonly findings: readonly Finding[]
}

function judgeEntity({ element, entityId, validUntil }: DescribedEntity, whole: Whole, several: boolean): Judged {
  const about = several ? entityId : undefined
  const leftOut: Finding[] = []
  const tell = (fault: NodeFault) => void leftOut.push(findingOf(fault, cite, { about }))
  const { value: entity, findings } = attempt(() => readEntityDescriptor(element, { tell }), cite, { about })
  if (entity === undefined) return { isNode: false, findings }
  const isNode = speaksEidas(entity)
  const { idp, sp } = entity.roles
  const context = { entity, element, documentValidUntil: validUntil, ...whole }
  if (idp === undefined && sp === undefined) {
    const fault = new NodeFault('MD_STRUCT', 'neither a proxy service nor a connector, and no party of a country')
    return { isNode, findings: [...leftOut, findingOf(fault, () => 'R-MF-4', { about })] }
  }
  const [asIdp, asSp] = isNode
    ? (['proxy-service', 'connector'] as const)
    : (['identity-provider', 'service-provider'] as const)
  const own = [
    ...(idp === undefined ? [] : judgeRole({ ...context, idp, role: idp, policy: policyOf[asIdp] }, asIdp, about)),
    ...(sp === undefined ? [] : judgeRole({ ...context, sp, role: sp, policy: policyOf[asSp] }, asSp, about)),
  ]
  return { isNode, findings: [...leftOut, ...own] }
}

/** R-MF-12, R-MF-15, R-MF-17: nodes say so in one of these ways, and other parties have no reason to. */
function speaksEidas({ roles: { idp, sp }, spType, entityAttributes }: EntityDescriptor): boolean {
  const { protocolVersion, applicationIdentifier } = entityAttributeNames
  const isNamed = [protocolVersion, applicationIdentifier].some((name) => entityAttributes.has(name))
  return isNamed || [spType, idp?.nodeCountry, sp?.nodeCountry].some((said) => said !== undefined)
}

function judgeRole(context: MetadataContext, role: Role, about: string | undefined): readonly Finding[] {
  const { eidas } = context.policy
  const rules = eidas ? metadataRules : metadataRules.filter(({ name }) => !ofNodesAlone.has(name))
  const own = judge(rules, context, metadataRequirements, { about })
  const asNode = attempt(() => admit(context.entity, context, role), cite, { about }).findings
  const advice = eidas ? judge(metadataAdvice, context, metadataAdviceRequirements, { severity: 'warning', about }) : []
  return [...own, ...unheard(asNode, own), ...advice]
}

/** From a source for whichever country it says it is of. */
function admit(entity: EntityDescriptor, context: MetadataContext, role: Role) {
  const { role: described, now, documentValidUntil, policy } = context
  const country = policy.eidas ? { country: described.nodeCountry ?? '' } : {}
  return admitEntity(entity, { role, source: { place: entity.entityId, ...country }, now, documentValidUntil })
}
