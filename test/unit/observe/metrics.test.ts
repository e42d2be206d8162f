import { NodeFault } from '../../../src/errors/node-fault.ts'
import { type MeasuredPeer, type MetricsSources, nodeMetrics } from '../../../src/observe/metrics.ts'
import type { RelayEvent } from '../../../src/relay/events.ts'
import { events } from './samples.ts'

const status = 'Responder/AuthnFailed'
const refusals = events.flatMap((event) => (event.event === 'answered' ? [{ ...event, status }] : []))

const peer: MeasuredPeer = { role: 'connector', entityId: 'https://node.example.es/', country: 'ES', validUntil: 5_000 }
const well = { healthy: true, store: 'ok', trust: 'ok', sealKeys: 'ok' } as const
const sources: MetricsSources = { health: async () => well, peers: () => [], problems: () => [], certificates: {} }

/** The lines of our own series, without those that stand at nothing. */
async function seriesOf(use: (metrics: ReturnType<typeof nodeMetrics>) => void, given: Partial<MetricsSources> = {}) {
  const metrics = nodeMetrics({ ...sources, ...given })
  use(metrics)
  const { text } = await metrics.write()
  return text.split('\n').filter((line) => line.startsWith('passerelle_'))
}

describe('figures of the node', () => {
  test('every event of a flow is counted by its half, and by what is from a closed list', async () => {
    const lines = await seriesOf((metrics) => [...events, ...refusals].forEach(metrics.listen))
    expect(lines).toEqual(
      expect.arrayContaining([
        'passerelle_requests_total{half="connector"} 1',
        'passerelle_pages_total{half="connector",step="country"} 1',
        'passerelle_asked_total{half="connector",country="ES"} 1',
        'passerelle_answers_received_total{half="connector"} 1',
        'passerelle_answers_total{half="connector",status="Success"} 1',
        `passerelle_answers_total{half="connector",status="${status}"} 1`,
        'passerelle_faults_total{half="connector",code="SAML_IRT"} 1',
      ]),
    )
  })

  test('A-256: nothing that somebody else chose is in them, however often it changes', async () => {
    const told = (at: number, { event }: RelayEvent) => ({
      requester: `stranger-${at}`,
      entityId: `stranger-${at}`,
      messageId: `stranger-${at}`,
      inResponseTo: `stranger-${at}`,
      detail: `stranger-${at}`,
      flow: `stranger-${at}`,
      ...(event === 'answer-received' ? { status: `stranger-${at}` } : {}),
    })
    const once = await seriesOf((metrics) => events.forEach(metrics.listen))
    const often = await seriesOf((metrics) => {
      for (let at = 0; at < 100; at++) for (const event of events) metrics.listen({ ...event, ...told(at, event) })
    })
    expect(often).toHaveLength(once.length)
    expect(often.join()).not.toMatch(/stranger|_a1/)
  })

  test('what did not happen yet stands at nothing, so that the first time is seen', async () => {
    expect(await seriesOf(() => undefined)).toEqual(
      expect.arrayContaining([
        'passerelle_requests_total{half="connector"} 0',
        'passerelle_requests_total{half="proxy-service"} 0',
        'passerelle_answers_received_total{half="connector"} 0',
        'passerelle_answers_total{half="proxy-service",status="Success"} 0',
      ]),
    )
  })

  test('a fault of a page that is of neither half has none', async () => {
    const lines = await seriesOf((metrics) => metrics.fault(new NodeFault('WEB_UNKNOWN')))
    expect(lines).toContain('passerelle_faults_total{half="",code="WEB_UNKNOWN"} 1')
  })

  test.each([
    [true, 1],
    [false, 0],
  ])('health %s is %i', async (healthy, figure) => {
    const lines = await seriesOf(() => undefined, { health: async () => ({ ...well, healthy }) })
    expect(lines).toContain(`passerelle_healthy ${figure}`)
  })

  test('peers are those of the moment, with the end of their metadata in seconds', async () => {
    let peers: readonly MeasuredPeer[] = [peer]
    const metrics = nodeMetrics({ ...sources, peers: () => peers })
    const line =
      'passerelle_peer_valid_until_seconds{role="connector",entity_id="https://node.example.es/",country="ES"} 5'
    expect((await metrics.write()).text).toContain(line)
    peers = []
    expect((await metrics.write()).text).not.toContain('node.example.es')
  })

  test('a peer of no country has none', async () => {
    const { country: _, ...portal } = { ...peer, role: 'service-provider' }
    expect(await seriesOf(() => undefined, { peers: () => [portal] })).toContain(
      'passerelle_peer_valid_until_seconds{role="service-provider",entity_id="https://node.example.es/",country=""} 5',
    )
  })

  test('certificates of our keys have the end of their time in seconds', async () => {
    expect(await seriesOf(() => undefined, { certificates: { messages: 7_000 } })).toContain(
      'passerelle_certificate_valid_until_seconds{key="messages"} 7',
    )
  })

  test('the process tells of itself, and two nodes in one process do not count for each other', async () => {
    const [one, other] = [nodeMetrics(sources), nodeMetrics(sources)]
    events.forEach(one.listen)
    const { contentType, text } = await other.write()
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(text).toContain('passerelle_requests_total{half="connector"} 0')
    expect(text).toMatch(/^process_cpu_seconds_total \d/m)
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m)
  })
})
