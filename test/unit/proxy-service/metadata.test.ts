import { offeredAttributes } from '../../../src/proxy-service/metadata.ts'

describe('the attributes that are published', () => {
  const [first, second] = [{ attributes: ['urn:a', 'urn:b'] }, { attributes: ['urn:b', 'urn:c'] }]

  test('R-MF-14: are all that some scheme delivers', () => {
    expect(offeredAttributes(undefined, [first, second])).toEqual(['urn:a', 'urn:b', 'urn:c'])
  })

  test('are all that are known where one scheme does not say', () => {
    expect(offeredAttributes(undefined, [first, {}])).toBeUndefined()
  })

  test('are those of the operator where he says them', () => {
    expect(offeredAttributes(['urn:a'], [first, {}])).toEqual(['urn:a'])
  })
})
