import {
  attributesToSend,
  eidasSendingRules,
  type SendingContext,
} from '../../../../src/profiles/eidas/sending-rules.ts'
import { outcome } from '../../xmlsec/samples.ts'
import { asked, naturalName, naturalSet, peer } from '../samples.ts'

/* Each rule asked alone, so that none leans on what is written after it. */

const good: SendingContext = { request: asked, peer, publishedSpType: undefined }
const demanding = { ...peer, requesterIdRequired: true }

const refusals = (changes: Partial<SendingContext>): readonly string[] =>
  eidasSendingRules.map((rule) => outcome(() => rule({ ...good, ...changes }))).filter((code) => code !== 'accepted')

const from = (type: 'public' | 'private', id?: string) => ({
  request: { ...asked, relyingParty: { type, name: 'Portal', ...(id === undefined ? {} : { id }) } },
})

test('a good request keeps every rule', () => {
  expect(refusals({})).toEqual([])
  expect(refusals({ publishedSpType: 'public' })).toEqual([])
})

test.each<[string, Partial<SendingContext>, readonly string[]]>([
  ['R-IA-17: a private party names itself where the peer demands it', from('private'), ['EID_REQUESTER']],
  ['R-IA-17: one that does is fine', from('private', 'urn:a'), []],
  ['R-IA-17: a public party need not', from('public'), []],
])('%s', (_, changes, codes) => {
  expect(refusals({ ...changes, peer: demanding })).toEqual(codes)
  expect(refusals(changes)).toEqual([])
})

test('R-MF-37: whoever names itself does so by URI', () => {
  expect(refusals(from('public', 'portal'))).toEqual(['EID_REQUESTER'])
})

test('R-MF-17: of the sector that our metadata publishes', () => {
  expect(refusals({ publishedSpType: 'private' })).toEqual(['EID_SPTYPE'])
})

test('R-IA-4: an attribute that nobody knows is not asked for', () => {
  const request = { ...asked, attributes: [...naturalSet, { name: 'urn:unknown', required: true }] }
  expect(attributesToSend({ ...good, request })).toEqual(naturalSet)
})

test('R-MF-31: what the peer does not publish is not asked for', () => {
  const attributes = naturalSet.map(({ name }) => name)
  expect(attributesToSend({ ...good, peer: { ...peer, attributes } })).toEqual(naturalSet)
  const withGender = { ...peer, attributes: [...attributes, naturalName('Gender')] }
  expect(attributesToSend({ ...good, peer: withGender })).toEqual(asked.attributes)
})
