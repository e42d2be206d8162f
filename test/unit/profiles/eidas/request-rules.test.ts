import { eidasProfile } from '../../../../src/profiles/eidas/profile.ts'
import {
  type EidasRequestContext,
  eidasRequestRules,
  isRequesterId,
} from '../../../../src/profiles/eidas/request-rules.ts'
import { outcome } from '../../xmlsec/samples.ts'
import { asked, asking, high, low, naturalSet, peer, receivedRequest } from '../samples.ts'

/* Each rule asked alone, so that none leans on what is read after it. */

const valid = receivedRequest(eidasProfile({ country: 'XB' }).writeRequest(asked, asking))
const good: EidasRequestContext = {
  request: valid,
  peer,
  extensions: { spType: 'public', requestedAttributes: naturalSet },
  offer: { loas: [low, high], requesterIdRequired: true },
}

const refusals = (changes: Partial<EidasRequestContext>): readonly string[] =>
  eidasRequestRules.map((rule) => outcome(() => rule({ ...good, ...changes }))).filter((code) => code !== 'accepted')

describe('each rule for an eIDAS AuthnRequest, alone', () => {
  test('keeps a good one', () => expect(refusals({})).toEqual([]))

  const without = (name: keyof typeof valid) => ({ request: { ...valid, [name]: undefined } })
  const { scoping: _, ...unscoped } = valid
  const privately = { extensions: { ...good.extensions, spType: 'private' } } as const

  test.each<[string, Partial<EidasRequestContext>, readonly string[]]>([
    ['R-LAW-1, R-MF-17: no SPType', { extensions: { requestedAttributes: naturalSet } }, ['EID_SPTYPE', 'EID_SPTYPE']],
    ['R-MF-17: an SPType twice', { peer: { ...peer, spType: 'public' } }, ['EID_SPTYPE', 'EID_SPTYPE']],
    ['A-186: no RequestedAuthnContext', without('requestedAuthnContext'), ['EID_LOA_REQ', 'EID_LOA_REQ']],
    ['R-MF-30: another NameID format', { request: { ...valid, nameIdPolicy: { format: 'urn:x' } } }, ['SAML_NAMEID']],
    ['R-MF-31: no attributes', { extensions: { spType: 'public' } }, ['EID_ATTR', 'EID_MDS']],
    ['R-IA-17: a private party without name', { ...privately, request: unscoped }, ['EID_REQUESTER']],
    [
      'R-IA-19: a private party without name, where terms of access are accepted by name',
      {
        ...privately,
        request: unscoped,
        offer: { loas: [], requesterIdRequired: false, privateRequesters: ['urn:a'] },
      },
      ['EID_REQUESTER'],
    ],
  ])('%s', (_, changes, codes) => {
    expect(refusals(changes)).toEqual(codes)
  })

  test('R-MF-37, R-MF-38: a public party need not name itself', () => {
    const { providerName: _, ...unnamed } = unscoped
    expect(refusals({ request: unnamed })).toEqual([])
  })
})

test.each([
  ['urn:a', true],
  ['https://portal.example/metadata?a=b', true],
  ['a+1.-:x', true],
  ['urn:a b', false],
  ['urn:a ', false],
  ['urn: a', false],
  [' urn:a', false],
  ['a urn:a', false],
  ['urn:', false],
  [':a', false],
  ['1rn:a', false],
  ['portal', false],
  ['', false],
])('R-MF-37: whether %j is an absolute URI without white space: %s', (id, is) => {
  expect(isRequesterId(id)).toBe(is)
})
