import { NodeFault } from '../errors/node-fault.ts'
import { type EntityDescriptor, readEntityDescriptor, readMetadataDocument } from '../saml/metadata/entity.ts'
import { admitEntity } from '../trust/peers.ts'
import type { Role } from '../trust/registry.ts'
import type { XmlElement } from '../xml/element.ts'
import { claimedCertificates } from '../xmlsec/key-info.ts'
import type { SignedElement } from '../xmlsec/signed.ts'
import { offline } from './context.ts'
import { attempt, type Finding, findingOf, judge, unheard } from './findings.ts'
import { metadataAdvice, metadataAdviceRequirements } from './metadata-advice.ts'
import { type MetadataContext, metadataRequirements, metadataRules } from './metadata-rules.ts'
import { citing } from './requirements.ts'

/* Metadata of eIDAS nodes, entity by entity and role by role. */

const cite = citing('metadata')

/** `shown` is the root with its signature. */
export function judgeMetadata(root: SignedElement, shown: XmlElement, now: number): readonly Finding[] {
  const { value, findings } = attempt(() => readMetadataDocument(root), cite)
  if (value === undefined) return findings
  const chain = attempt(() => claimedCertificates(shown).length, cite).value ?? 0
  const whole = { now, chain, documentValidUntil: value.validUntil }
  const several = value.entities.length > 1
  return [...value.entities.flatMap((element) => judgeEntity(element, whole, several)), unknown]
}

const unknown = offline(
  'the country this source is for (R-MF-15) and where it is published (R-MF-3)',
  'which certificates are revoked (R-IA-30), and what was held before',
)

type Whole = Pick<MetadataContext, 'now' | 'chain' | 'documentValidUntil'>

function judgeEntity(element: SignedElement, whole: Whole, several: boolean): readonly Finding[] {
  const { value: entity, findings } = attempt(() => readEntityDescriptor(element), cite)
  if (entity === undefined) return findings
  const { idp, sp } = entity.roles
  const context = { entity, element, ...whole }
  const about = several ? entity.entityId : undefined
  if (idp === undefined && sp === undefined) {
    const fault = new NodeFault('MD_STRUCT', 'neither a proxy service nor a connector')
    return [findingOf(fault, () => 'R-MF-4', { about })]
  }
  return [
    ...(idp === undefined ? [] : judgeRole({ ...context, idp, role: idp }, 'proxy-service', about)),
    ...(sp === undefined ? [] : judgeRole({ ...context, sp, role: sp }, 'connector', about)),
  ]
}

function judgeRole(context: MetadataContext, role: Role, about: string | undefined): readonly Finding[] {
  const own = judge(metadataRules, context, metadataRequirements, { about })
  const asNode = attempt(() => admit(context.entity, context, role), cite, { about }).findings
  const advice = judge(metadataAdvice, context, metadataAdviceRequirements, { severity: 'warning', about })
  return [...own, ...unheard(asNode, own), ...advice]
}

/** From a source for whichever country it says it is of. */
function admit(entity: EntityDescriptor, { role: described, now, documentValidUntil }: MetadataContext, role: Role) {
  const source = { place: entity.entityId, country: described.nodeCountry ?? '' }
  return admitEntity(entity, { role, source, now, documentValidUntil })
}
