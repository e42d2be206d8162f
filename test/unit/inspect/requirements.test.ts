import { faults } from '../../../src/errors/faults.ts'
import { metadataAdvice, metadataAdviceRequirements } from '../../../src/inspect/metadata-advice.ts'
import { metadataRequirements, metadataRules } from '../../../src/inspect/metadata-rules.ts'
import { advice, adviceRequirements } from '../../../src/inspect/request.ts'
import {
  assertionRequirements,
  citing,
  eidasRequestRequirements,
  outcomeRequirements,
  responseRequirements,
  samlRequestRequirements,
} from '../../../src/inspect/requirements.ts'
import { eidasRequestRules } from '../../../src/profiles/eidas/request-rules.ts'
import { eidasOutcomeRules } from '../../../src/profiles/outcome-rules.ts'
import { assertionRules } from '../../../src/saml/rules/assertion.ts'
import { requestRules } from '../../../src/saml/rules/request.ts'
import { responseRules } from '../../../src/saml/rules/response.ts'

const CITATION = /^(?:R-(?:IA|MF|AP|CR)-\d+|SAML (?:Core|Bindings|Profiles) [\d.]+|Attribute Profile [\d.]+)$/

describe('every rule is cited, and nothing that is no rule', () => {
  test.each([
    ['requests', requestRules, samlRequestRequirements],
    ['eIDAS requests', eidasRequestRules, eidasRequestRequirements],
    ['responses', responseRules, responseRequirements],
    ['assertions', assertionRules, assertionRequirements],
    ['outcomes', eidasOutcomeRules, outcomeRequirements],
    ['advice for requests', advice, adviceRequirements],
    ['metadata', metadataRules, metadataRequirements],
    ['advice for metadata', metadataAdvice, metadataAdviceRequirements],
  ])('%s', (_, rules, requirements) => {
    expect(rules.map(({ name }) => name)).toEqual(Object.keys(requirements))
    for (const citation of Object.values(requirements)) expect(citation).toMatch(CITATION)
  })
})

describe('faults that no rule throws', () => {
  test.each(['request', 'response', 'metadata'] as const)('of a %s are cited as requirements are', (subject) => {
    const cite = citing(subject)
    const cited = (Object.keys(faults) as (keyof typeof faults)[]).map(cite).filter((citation) => citation !== null)
    expect(cited.length).toBeGreaterThan(40)
    for (const citation of cited) expect(citation).toMatch(CITATION)
  })

  test.each([
    ['request', 'DS_MISSING', 'R-MF-40'],
    ['response', 'DS_MISSING', 'R-MF-56'],
    ['metadata', 'DS_MISSING', 'R-MF-18'],
    ['response', 'DS_ALG', 'R-CR-18'],
    ['request', 'XML_SCHEMA', 'R-IA-33'],
    ['response', 'DS_SIG', 'R-IA-15'],
    ['request', 'DS_SIG', 'R-IA-12'],
    ['metadata', 'TRUST_CHAIN', 'R-IA-30'],
    ['request', 'INTERNAL', null],
  ] as const)('%s %s: %s', (subject, code, citation) => {
    expect(citing(subject)(code)).toBe(citation)
  })
})
