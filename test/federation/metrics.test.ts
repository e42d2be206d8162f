import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { complete, openFlow, postAnswer } from '../testkit/flow.ts'
import { startTarget, type Target } from '../testkit/target.ts'

/** What an operator's monitoring sees of a node, at the address that the configuration gives the figures. */
let target: Target
beforeAll(async () => {
  target = await startTarget({ config: { metrics: { port: 0 } } })
}, 60_000)
afterAll(() => target.stop())

async function figures(): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${target.metricsPort}/metrics`)
  expect(answer.status).toBe(200)
  return answer.text()
}

const SECONDS = 1000

test('a sign-in, a refusal and a stray visitor are counted; who they were is not told (A-256)', async () => {
  await complete(await openFlow(target, 'proxy-service'))
  const flow = await openFlow(target, 'connector')
  await postAnswer(flow, Buffer.from('<nothing/>'))
  await target.wire.get('/nothing')
  const text = await figures()
  const lines = text.split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'passerelle_requests_total{half="proxy-service"} 1',
      'passerelle_answers_received_total{half="proxy-service"} 1',
      'passerelle_answers_total{half="proxy-service",status="Success"} 1',
      'passerelle_requests_total{half="connector"} 1',
      'passerelle_pages_total{half="connector",step="country"} 1',
      'passerelle_asked_total{half="connector",country="XB"} 1',
      'passerelle_faults_total{half="",code="WEB_UNKNOWN"} 1',
      'passerelle_healthy 1',
    ]),
  )
  expect(text).toMatch(/^passerelle_faults_total\{half="connector",code="[A-Z_]+"\} 1$/m)
  expect(text).not.toContain(flow.requestId)
  expect(text).not.toContain(flow.askedId)
})

test('the ends of trust and of our certificates are told in seconds', async () => {
  const text = await figures()
  const end = (series: string) => Number(new RegExp(`^${series} (\\S+)$`, 'm').exec(text)?.[1]) * SECONDS
  const { entityId } = target.peers.proxyService
  const peer = `passerelle_peer_valid_until_seconds\\{role="proxy-service",entity_id="${entityId}",country="XB"\\}`
  expect(end(peer)).toBeGreaterThan(Date.now())
  for (const key of ['messages', 'encryption', 'metadata', 'national', 'nationalEncryption'])
    expect(end(`passerelle_certificate_valid_until_seconds\\{key="${key}"\\}`)).toBeGreaterThan(Date.now())
})

test('A-256: citizens find no figures where they are served', async () => {
  expect((await target.wire.get('/metrics')).status).toBe(404)
})

test('a peer that is suspended is gone from them, without a restart', async () => {
  const file = join(target.folder, 'node.json')
  const configuration = JSON.parse(await readFile(file, 'utf8'))
  const { entityId } = target.peers.portal
  const trust = { ...configuration.trust, suspended: { entityIds: [entityId] } }
  await writeFile(file, JSON.stringify({ ...configuration, trust }))
  expect(await figures()).toContain(entityId)
  await target.refresh()
  const text = await figures()
  expect(text).not.toContain(entityId)
  expect(text).toContain(target.peers.proxyService.entityId)
})
