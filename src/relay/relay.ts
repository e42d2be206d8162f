import { type FaultCode, faults } from '../errors/faults.ts'
import { asFault, NodeFault } from '../errors/node-fault.ts'
import type { Identified, IdentityOutcome, Refused } from '../identity/outcome.ts'
import { releaseOnly } from '../identity/release.ts'
import type { IdentityRequest, Representation } from '../identity/request.ts'
import type { Half, RelayEvent, RelayListener } from './events.ts'
import type { AskedExchange, Choosing, OpenExchange, Releasing } from './exchange.ts'
import type { Downstream, FlowCookie, HttpInput, Reply, Requester, Upstream } from './faces.ts'
import { type CookiePrefix, newFlow, type Random, requireFlowCookie, spentCookie } from './flow-cookie.ts'
import { readStepForm } from './form.ts'
import { refusal } from './refusal.ts'
import type { AnsweringStep, AskingStep } from './steps.ts'
import { claimAll, type ExchangeStore, type ReplayGuard } from './store.ts'
import { followTrace, leaveTrace, startOf } from './trace.ts'

/**
 * The middle of both halves: receive, check, ask, take, receive, check, answer. It knows no SAML and no HTTP library,
 * and refuses nothing itself but replay, foreign browsers and used handles; what it is given decides the rest.
 *
 * Position decides who hears of a fault: before the requester is verified, or before this browser's flow is taken, it
 * is a page for the citizen; after that it is an answer to the requester.
 */
export interface RelayParts {
  readonly half: Half
  readonly downstream: Downstream
  readonly upstream: Upstream
  readonly beforeAsking: readonly AskingStep[]
  readonly beforeAnswering: readonly AnsweringStep[]
  /** Whether this requester accepts a representative of the person (R-AP-55); absent means that none does. */
  readonly representation?: (requester: Requester) => Representation
  /** What this half makes of an outcome before the citizen or the requester sees it. */
  readonly prepare?: (outcome: Identified, requester: Requester) => Identified
  readonly store: ExchangeStore
  /** Where flows began, for pages about one that is over. */
  readonly traces: ExchangeStore
  readonly replay: ReplayGuard
  readonly listen: RelayListener
  readonly random: Random
  readonly newSupportCode: () => string
  /** HTTP status of a fault's page. */
  readonly pageStatus: (code: FaultCode) => number
  /** Path our step forms post to. */
  readonly stepPath: string
  readonly flowSeconds: number
  /** '__Host-' unless it is said. */
  readonly cookiePrefix?: CookiePrefix
}

/** What node.ts gives to both halves alike. */
export type GivenParts = Pick<
  RelayParts,
  | 'store'
  | 'traces'
  | 'replay'
  | 'listen'
  | 'newSupportCode'
  | 'pageStatus'
  | 'flowSeconds'
  | 'representation'
  | 'cookiePrefix'
>

export interface Relay {
  /** A request from downstream: the only entry. */
  begin(input: HttpInput): Promise<Reply>
  /** A form of ours comes back. */
  resume(input: HttpInput): Promise<Reply>
  /** An answer from upstream. */
  finish(input: HttpInput): Promise<Reply>
}

type Flow = Omit<Choosing, 'stage' | 'step'>

/** What every stage has in common, and nothing of the stage it leaves. */
function flowOf({ supportCode, requester, back, request }: OpenExchange): Flow {
  return { supportCode, requester, back, request }
}

/** Where a flow goes on: at a page of ours, or with an answer. At the other door its handle is none, and is not used up. */
type Door = 'step' | 'answer'

function doorOf({ stage }: OpenExchange): Door {
  return stage === 'asked' ? 'answer' : 'step'
}

function keptAt(door: Door, handle: string): string {
  return `${door} ${handle}`
}

/** A browser that once held the flow may have lost it by using it or by coming late. */
function isOver(code: FaultCode): boolean {
  return code === 'ST_GONE' || code === 'ST_SESSION'
}

export function createRelay(parts: RelayParts): Relay {
  const { downstream, upstream, store, replay } = parts

  function emit(flow: string, event: DistributiveOmit<RelayEvent, 'half' | 'flow'>): void {
    parts.listen({ half: parts.half, flow, ...event })
  }

  function tellCitizen(supportCode: string, thrown: unknown, requester?: Requester): Reply {
    const fault = asFault(thrown)
    emit(supportCode, { event: 'fault', code: fault.code, detail: fault.detail, told: 'citizen' })
    const back = requester && { name: requester.name, ...(requester.home === undefined ? {} : { url: requester.home }) }
    return {
      kind: 'page',
      page: {
        page: 'fault',
        status: parts.pageStatus(fault.code),
        sentence: faults[fault.code].sentence,
        supportCode,
        ...(back === undefined ? {} : { back }),
      },
    }
  }

  async function answer(
    flow: Pick<Flow, 'supportCode' | 'requester' | 'back'>,
    request: IdentityRequest | undefined,
    outcome: IdentityOutcome,
  ): Promise<Reply> {
    try {
      const { reply, messageId, status } = await downstream.answer(flow.back, request, outcome)
      emit(flow.supportCode, {
        event: 'answered',
        requester: flow.requester.entityId,
        messageId,
        inResponseTo: flow.back.inResponseTo,
        status,
      })
      return reply
    } catch (thrown) {
      return tellCitizen(flow.supportCode, thrown, startOf(flow.requester, request, parts.half))
    }
  }

  async function answerFault(
    flow: Pick<Flow, 'supportCode' | 'requester' | 'back'>,
    request: IdentityRequest | undefined,
    thrown: unknown,
    blame: 'request' | 'answer',
  ): Promise<Reply> {
    const fault = asFault(thrown)
    emit(flow.supportCode, { event: 'fault', code: fault.code, detail: fault.detail, told: 'requester' })
    return answer(flow, request, refusal(fault.code, blame))
  }

  /** Stores what comes next under a new handle and lends its cookie to the reply. */
  async function keep(exchange: (handle: string) => Promise<readonly [OpenExchange, Reply]>): Promise<Reply> {
    const { handle, cookie, trace } = newFlow(parts.random, parts.flowSeconds, parts.cookiePrefix)
    const [kept, reply] = await exchange(handle)
    await Promise.all([
      store.put(keptAt(doorOf(kept), handle), kept, parts.flowSeconds),
      leaveTrace(parts, handle, trace.value, kept),
    ])
    return withCookies(reply, cookie, trace)
  }

  /** Poses the next step that needs an answer, or asks upstream. */
  async function advance(flow: Flow): Promise<Reply> {
    try {
      return await keep(async (handle) => {
        const form = { action: parts.stepPath, flow: handle }
        for (const step of parts.beforeAsking) {
          const page = step.pose(flow.request, flow.requester, form)
          if (page === undefined) continue
          emit(flow.supportCode, { event: 'step', step: step.name })
          return [
            { ...flow, stage: 'choosing', step: step.name },
            { kind: 'page', page },
          ]
        }
        const { reply, asked } = await upstream.ask(flow.request, handle)
        const { entityId, messageId, country } = asked
        emit(flow.supportCode, { event: 'asked', entityId, messageId, country })
        return [{ ...flow, stage: 'asked', asked }, reply]
      })
    } catch (thrown) {
      return answerFault(flow, flow.request, thrown, 'request')
    }
  }

  /** Poses the next step before the answer leaves, or answers. `done` is the step just agreed to. */
  async function release(flow: Flow, outcome: Identified, done?: string): Promise<Reply> {
    const start = done === undefined ? 0 : parts.beforeAnswering.findIndex((step) => step.name === done) + 1
    for (const step of parts.beforeAnswering.slice(start)) {
      if (step.pose(flow.request, flow.requester, outcome, { action: parts.stepPath, flow: '' }) === undefined) continue
      emit(flow.supportCode, { event: 'step', step: step.name })
      return keep(async (handle) => {
        const page = step.pose(flow.request, flow.requester, outcome, { action: parts.stepPath, flow: handle })
        if (page === undefined) throw new NodeFault('INTERNAL', `step ${step.name} changed its mind`)
        return [
          { ...flow, stage: 'releasing', step: step.name, outcome },
          { kind: 'page', page },
        ]
      })
    }
    return answer(flow, flow.request, outcome)
  }

  /** Takes the flow of this handle from the browser that holds it. */
  async function take(door: Door, handle: string, cookies: string | undefined): Promise<OpenExchange> {
    requireFlowCookie(handle, cookies, parts.cookiePrefix)
    const exchange = await store.take(keptAt(door, handle))
    if (exchange === undefined || exchange.stage === 'closed') throw new NodeFault('ST_GONE', 'no such flow')
    return exchange
  }

  async function onTaken(
    door: Door,
    handle: string,
    cookies: string | undefined,
    then: (exchange: OpenExchange) => Promise<Reply>,
  ): Promise<Reply> {
    let taken: OpenExchange
    try {
      taken = await take(door, handle, cookies)
    } catch (thrown) {
      const start = isOver(asFault(thrown).code) ? await followTrace(parts, handle, cookies) : undefined
      if (start === undefined) throw thrown
      return tellCitizen(parts.newSupportCode(), new NodeFault('ST_GONE', 'used or out of time'), start)
    }
    return withCookies(await then(taken), spentCookie(handle, parts.cookiePrefix))
  }

  async function begin(input: HttpInput): Promise<Reply> {
    const supportCode = parts.newSupportCode()
    let requester: Requester | undefined
    try {
      const received = await downstream.receive(input)
      const { claim } = received
      requester = received.requester
      emit(supportCode, { event: 'received', requester: requester.entityId, messageId: claim.id })
      const flow = { supportCode, requester, back: received.back() }
      try {
        await claimAll(replay, [claim])
        const representation = parts.representation?.(requester) ?? 'reject'
        return await advance({ ...flow, request: { ...received.read(), representation } })
      } catch (thrown) {
        return await answerFault(flow, undefined, thrown, 'request')
      }
    } catch (thrown) {
      return tellCitizen(supportCode, thrown, requester)
    }
  }

  async function chosen(exchange: Choosing, fields: ReturnType<typeof readStepForm>): Promise<Reply> {
    try {
      const step = parts.beforeAsking.find(({ name }) => name === exchange.step)
      if (step === undefined) throw new NodeFault('ST_SCHEMA', `no step ${exchange.step}`)
      return await advance({ ...flowOf(exchange), request: step.apply(exchange.request, fields) })
    } catch (thrown) {
      return answerFault(exchange, exchange.request, thrown, 'request')
    }
  }

  async function agreed(exchange: Releasing, action: string | undefined): Promise<Reply> {
    try {
      if (action !== 'continue') throw new NodeFault('STEP_INPUT', 'neither continue nor cancel')
      return await release(flowOf(exchange), exchange.outcome, exchange.step)
    } catch (thrown) {
      return answerFault(exchange, exchange.request, thrown, 'answer')
    }
  }

  async function resume(input: HttpInput): Promise<Reply> {
    try {
      const fields = readStepForm(input)
      return await onTaken('step', fields.flow ?? '', input.cookies, async (exchange) => {
        if (fields.action === 'cancel') {
          return answerFault(exchange, exchange.request, new NodeFault('USER_CANCELLED'), 'answer')
        }
        return exchange.stage === 'choosing' ? chosen(exchange, fields) : agreed(exchange as Releasing, fields.action)
      })
    } catch (thrown) {
      return tellCitizen(parts.newSupportCode(), thrown)
    }
  }

  async function answered(exchange: AskedExchange, input: HttpInput): Promise<Reply> {
    try {
      const received = await upstream.receive(input, exchange.asked, exchange.request)
      emit(exchange.supportCode, { event: 'answer-received', ...received.facts })
      const { claims, outcome } = await received.read()
      await claimAll(replay, claims)
      if (outcome.kind === 'identified') {
        const released = releaseOnly(exchange.request, withoutLeftOut(exchange.supportCode, outcome))
        return await release(flowOf(exchange), parts.prepare?.(released, exchange.requester) ?? released)
      }
      return await answerRefused(exchange, outcome)
    } catch (thrown) {
      return answerFault(exchange, exchange.request, thrown, 'answer')
    }
  }

  /** What is left out is told to the log, and goes no further. */
  function withoutLeftOut(flow: string, { leftOut = [], ...outcome }: Identified): Identified {
    for (const { name, code, detail } of leftOut) emit(flow, { event: 'left-out', attribute: name, code, detail })
    return outcome
  }

  async function answerRefused(exchange: AskedExchange, refused: Refused): Promise<Reply> {
    emit(exchange.supportCode, {
      event: 'fault',
      code: refused.code,
      detail:
        refused.status === undefined ? 'the asked party refused' : `the asked party said ${refused.status.join('/')}`,
      told: 'requester',
    })
    return answer(exchange, exchange.request, refusal(refused.code, 'answer'))
  }

  async function finish(input: HttpInput): Promise<Reply> {
    try {
      const handle = upstream.handleIn(input)
      return await onTaken('answer', handle, input.cookies, (exchange) => answered(exchange as AskedExchange, input))
    } catch (thrown) {
      return tellCitizen(parts.newSupportCode(), thrown)
    }
  }

  return { begin, resume, finish }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

function withCookies(reply: Reply, ...cookies: readonly FlowCookie[]): Reply {
  if (reply.kind === 'document') return reply
  return { ...reply, cookies: [...(reply.cookies ?? []), ...cookies] }
}
