import { createRegistry, type TrustedEntity } from '../../../src/trust/registry.ts'
import { CONNECTOR, DAY, NOW, SERVICE } from './samples.ts'
import { loadTrustSample } from './sources.ts'

let entities: readonly TrustedEntity[]

beforeAll(async () => {
  entities = await loadTrustSample()
})

describe('the trust registry', () => {
  test('A-210: an entity is found by its exact entityID and role, and by nothing else', () => {
    const registry = createRegistry(entities, () => NOW)
    expect(registry.find(CONNECTOR, 'connector')?.entityId).toBe(CONNECTOR)
    expect(registry.find(CONNECTOR, 'proxy-service')).toBeUndefined()
    expect(registry.find(`${CONNECTOR}/`, 'connector')).toBeUndefined()
    expect(registry.find(CONNECTOR.toUpperCase(), 'connector')).toBeUndefined()
    expect(registry.all('proxy-service').map(({ entityId }) => entityId)).toEqual([SERVICE])
    expect(registry.all('identity-provider')).toEqual([])
  })

  test('A-215: nothing outlives its metadata', () => {
    let now = NOW + 7 * DAY - 1
    const registry = createRegistry(entities, () => now)
    expect(registry.find(CONNECTOR, 'connector')).toBeDefined()
    now += 1
    expect(registry.find(CONNECTOR, 'connector')).toBeUndefined()
    expect(registry.all('connector')).toEqual([])
    expect(registry.held()).toHaveLength(2)
  })

  test('a renewal replaces the whole at once', () => {
    const registry = createRegistry(entities, () => NOW)
    registry.renew(entities.filter(({ role }) => role === 'proxy-service'))
    expect(registry.find(CONNECTOR, 'connector')).toBeUndefined()
    expect(registry.find(SERVICE, 'proxy-service')).toBeDefined()
  })
})
