import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { FaultCode } from '../errors/faults.ts'
import type { NodeFault } from '../errors/node-fault.ts'
import type { Half, RelayEvent, RelayListener } from '../relay/events.ts'
import type { Health } from './health.ts'

/*
 * What happens, in figures, in Prometheus' text format. Everything a label can say is from a closed list or from the
 * operator's own files: a sender of messages can neither grow the list of series nor appear in it, and nothing
 * tells of a citizen (A-256, R-LAW-3).
 */

/** What is looked at when the figures are asked for. */
export interface MetricsSources {
  readonly health: () => Promise<Health>
  readonly peers: () => readonly MeasuredPeer[]
  /** Codes of what is wrong with metadata at present, one for each problem. */
  readonly problems: () => readonly FaultCode[]
  /** Name of each key of ours to the end of its certificate, in epoch milliseconds. */
  readonly certificates: Readonly<Record<string, number>>
}

/** Whom we trust, and until when: epoch milliseconds. */
export interface MeasuredPeer {
  readonly role: string
  readonly entityId: string
  readonly country?: string
  readonly validUntil: number
}

export interface Metrics {
  readonly listen: RelayListener
  /** A fault that became a page before the relay was asked. */
  fault(fault: NodeFault): void
  /** Resolves to the text and what it is served as. */
  write(): Promise<WrittenMetrics>
}

export interface WrittenMetrics {
  readonly contentType: string
  readonly text: string
}

const halves: readonly Half[] = ['connector', 'proxy-service']

/** Counts from now on, in this process; figures of the process itself are there as well. */
export function nodeMetrics(sources: MetricsSources): Metrics {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const counters = countersIn(register)
  gaugesIn(register, sources)
  return {
    listen: (event) => count(counters, event),
    fault: ({ code }) => counters.faults.inc({ half: '', code }),
    write: async () => ({ contentType: register.contentType, text: await register.metrics() }),
  }
}

type Counters = ReturnType<typeof countersIn>

function countersIn(register: Registry) {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name: `passerelle_${name}_total`, help, labelNames: [...labelNames], registers: [register] })
  const counters = {
    requests: counter('requests', 'Verified requests received.', ['half']),
    pages: counter('pages', 'Pages shown that a citizen must answer.', ['half', 'step']),
    asked: counter('asked', 'Requests of ours sent on, by the country whose citizens they identify.', [
      'half',
      'country',
    ]),
    heard: counter('answers_received', 'Verified answers to them.', ['half']),
    refusals: counter('refusals_received', 'Answers of nodes abroad that refuse, by the code in their message.', [
      'half',
      'reason',
    ]),
    leftOut: counter('attributes_left_out', 'Optional attributes that broke a rule and went no further, by code.', [
      'half',
      'code',
    ]),
    answers: counter('answers', 'Answers given, by status.', ['half', 'status']),
    faults: counter('faults', 'What was refused or went wrong, by code; half is empty where neither was reached.', [
      'half',
      'code',
    ]),
  }
  // A series that begins at its first event begins at one, and no rate sees that event.
  for (const half of halves) {
    counters.requests.inc({ half }, 0)
    counters.heard.inc({ half }, 0)
    counters.answers.inc({ half, status: 'Success' }, 0)
  }
  return counters
}

function count(counters: Counters, event: RelayEvent): void {
  const { half } = event
  switch (event.event) {
    case 'received':
      counters.requests.inc({ half })
      break
    case 'step':
      counters.pages.inc({ half, step: event.step })
      break
    case 'asked':
      counters.asked.inc({ half, country: event.country })
      break
    case 'answer-received':
      counters.heard.inc({ half })
      if (event.reason !== undefined) counters.refusals.inc({ half, reason: event.reason })
      break
    case 'left-out':
      counters.leftOut.inc({ half, code: event.code })
      break
    case 'answered':
      counters.answers.inc({ half, status: event.status })
      break
    case 'fault':
      counters.faults.inc({ half, code: event.code })
      break
  }
}

function gaugesIn(register: Registry, { health, peers, problems, certificates }: MetricsSources): void {
  const registers = [register]
  new Gauge({
    name: 'passerelle_healthy',
    help: 'Whether /health says 200.',
    registers,
    async collect() {
      this.set((await health()).healthy ? 1 : 0)
    },
  })
  new Gauge({
    name: 'passerelle_seal_keys_equal',
    help: 'Whether the instances that share the store open what each other seals, as this one knows it.',
    registers,
    async collect() {
      this.set((await health()).sealKeys === 'ok' ? 1 : 0)
    },
  })
  new Gauge({
    name: 'passerelle_peer_valid_until_seconds',
    help: 'Until when the metadata of a peer counts, in epoch seconds; a peer that is suspended or not known is not there.',
    labelNames: ['role', 'entity_id', 'country'],
    registers,
    collect() {
      this.reset()
      for (const { role, entityId, country = '', validUntil } of peers())
        this.set({ role, entity_id: entityId, country }, validUntil / 1000)
    },
  })
  new Gauge({
    name: 'passerelle_metadata_problems',
    help: 'What is wrong with metadata at present, by code; MD_OWNER where a source claims what is of another.',
    labelNames: ['code'],
    registers,
    collect() {
      this.reset()
      this.set({ code: 'MD_OWNER' }, 0)
      for (const code of problems()) this.inc({ code })
    },
  })
  const ends = new Gauge({
    name: 'passerelle_certificate_valid_until_seconds',
    help: 'Until when the certificate of a key of ours is valid, in epoch seconds.',
    labelNames: ['key'],
    registers,
  })
  for (const [key, end] of Object.entries(certificates)) ends.set({ key }, end / 1000)
}
