import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { IncomingMessage } from 'node:http'
import { login } from '../demo/browse.ts'
import { startFederation } from '../demo/federation.ts'
import type { Federation } from '../demo/federation-model.ts'
import { median, type Plan, type Row } from './measure.ts'

/*
 * Whole sign-ins over HTTP through both nodes of the demo: a citizen of XA, whose proxy service talks SAML to her
 * identity provider (that of XB goes through passport-saml), at a portal of XB. Portals, identity providers and the citizen run in the same
 * process, one sign-in at a time, so what the nodes take is counted from the arrival of a request at a node to the end
 * of its answer, and nothing else.
 */

interface Counted {
  cpuMs: number
  wallMs: number
}

/** By the keys between the countries; those within a country are RSA-3072 always, for the libraries' sake. */
export const loginKeys = ['mixed', 'rsa-3072', 'p-256', 'brainpoolP256r1'] as const

export type LoginKeys = (typeof loginKeys)[number]

const kinds = { 'rsa-3072': 'RSA-3072', 'p-256': 'P-256', brainpoolP256r1: 'brainpoolP256r1' } as const

export async function measureLogin(plan: Plan, key: LoginKeys): Promise<Row> {
  const federation = await startFederation({ ports: 'free', ...(key === 'mixed' ? {} : { keys: kinds[key] }) })
  try {
    await countLogins(federation, plan.loginWarmUp)
    const batches: Counted[] = []
    for (let batch = 0; batch < plan.loginBatches; batch++) batches.push(await countLogins(federation, plan.logins))
    return {
      work: 'login',
      key,
      party: 'passerelle',
      cpuMs: median(batches.map(({ cpuMs }) => cpuMs / plan.logins)),
      wallMs: median(batches.map(({ wallMs }) => wallMs / plan.logins)),
      runs: plan.logins * plan.loginBatches,
    }
  } finally {
    await federation.stop()
  }
}

async function countLogins(federation: Federation, logins: number): Promise<Counted> {
  const portal = federation.portals.find(({ country }) => country === 'XB')
  const citizen = federation.citizens.find(({ country, level }) => country === 'XA' && level === 'high')
  if (portal === undefined || citizen === undefined) throw new TypeError('the demo has no portal or no citizen for it')
  const counter = startCounting()
  for (let done = 0; done < logins; done++) {
    const { loa } = await login({ ...citizen, portal: portal.url })
    if (loa === '') throw new TypeError('the sign-in did not succeed')
  }
  return counter.stop()
}

/** Adds up what passes between a node's request and its answer; requests do not overlap. */
function startCounting(): { stop(): Counted } {
  const counted: Counted = { cpuMs: 0, wallMs: 0 }
  let cpu = process.cpuUsage()
  let wall = 0
  const start = (message: unknown): void => {
    if (!isNodes(message)) return
    cpu = process.cpuUsage()
    wall = performance.now()
  }
  const finish = (message: unknown): void => {
    if (!isNodes(message)) return
    const { user, system } = process.cpuUsage(cpu)
    counted.cpuMs += (user + system) / 1000
    counted.wallMs += performance.now() - wall
  }
  subscribe(START, start)
  subscribe(FINISH, finish)
  return {
    stop() {
      unsubscribe(START, start)
      unsubscribe(FINISH, finish)
      return counted
    },
  }
}

const START = 'http.server.request.start'
const FINISH = 'http.server.response.finish'

/** What node:http publishes on these channels; the nodes' paths tell them from the other parties. */
function isNodes(message: unknown): boolean {
  if (typeof message !== 'object' || message === null || !('request' in message)) return false
  const { request } = message
  return request instanceof IncomingMessage && /^\/(?:connector|proxy-service)\//.test(request.url ?? '')
}
