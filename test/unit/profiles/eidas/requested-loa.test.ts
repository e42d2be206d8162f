import { readRequestedLoA } from '../../../../src/profiles/eidas/requested-loa.ts'
import { fault } from '../samples.ts'

const asking = (count: number) => ({
  comparison: 'exact' as const,
  classRefs: Array.from({ length: count }, (_, number) => `urn:level:${number}`),
  declRefs: [],
})

test('EID_LOA_REQ for more than fifty levels', () => {
  expect(readRequestedLoA(asking(50)).levels).toHaveLength(50)
  expect(() => readRequestedLoA(asking(51))).toThrow(fault('EID_LOA_REQ'))
})
