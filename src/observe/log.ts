import { type FaultCode, faults, type SentenceKey } from '../errors/faults.ts'
import { framesOf, type NodeFault } from '../errors/node-fault.ts'
import type { RelayEvent, RelayListener } from '../relay/events.ts'
import { type Line, lineOf } from './line.ts'

/**
 * observe/ owns what operators see: the log and the health of the node. It listens to what the relay tells and knows
 * nothing else. It refuses personal data by taking named members of each event and no others (R-LAW-3), and writes
 * what is needed to reconstruct the sequence of messages: which node, which message, when (R-LAW-7). node.ts builds
 * it, cli/ uses it.
 */
export interface Log {
  /** To be given to the relay. */
  readonly listen: RelayListener
  /** A fault that became a page before the relay was asked. */
  fault(fault: NodeFault, supportCode: string): void
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

export interface LogOptions {
  readonly out: { write(text: string): unknown }
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Which node this is: its base URL. */
  readonly node: string
  /** Which of the processes that make up the node this is. */
  readonly instance?: string
  /** Lowest level of lines about the node itself; 'info' when left out. Lines about messages are always written (R-LAW-7). */
  readonly level?: Level
}

const levels = ['info', 'warn', 'error'] as const

type Level = (typeof levels)[number]

/** What each event tells. A member that is not named here is not written, whatever else an event may carry. */
const members = {
  received: ['requester', 'messageId'],
  step: ['step'],
  asked: ['entityId', 'messageId', 'country'],
  'answer-received': ['entityId', 'messageId', 'inResponseTo', 'status', 'message', 'unused'],
  'left-out': ['attribute', 'code', 'detail'],
  answered: ['requester', 'messageId', 'inResponseTo', 'status'],
  fault: ['code', 'detail', 'told'],
} as const satisfies Record<RelayEvent['event'], readonly string[]>

/** Faults on our side: the operator must look after the node. */
const ours: readonly SentenceKey[] = ['internal', 'operator', 'storeUnavailable']

/** JSON, one line for each event, oldest first. */
export function jsonLog({ out, now, node, instance, level: lowest = 'info' }: LogOptions): Log {
  const of = instance === undefined ? { node } : { node, instance }
  const write = (level: Level, line: Line): void => {
    out.write(lineOf({ time: new Date(now()).toISOString(), level, ...of, ...line }))
  }
  const say = (level: Level, message: string): void => {
    if (levels.indexOf(level) >= levels.indexOf(lowest)) write(level, { event: 'node', message })
  }
  return {
    listen: (event) => write(event.event === 'fault' ? levelOf(event.code) : 'info', told(event)),
    fault: (fault, supportCode) =>
      write(levelOf(fault.code), {
        event: 'fault',
        flow: supportCode,
        code: fault.code,
        detail: fault.detail,
        ...(fault.code === 'INTERNAL' ? { at: framesOf(fault.cause instanceof Error ? fault.cause : fault) } : {}),
      }),
    info: (message) => say('info', message),
    warn: (message) => say('warn', message),
    error: (message) => say('error', message),
  }
}

function told(event: RelayEvent): Line {
  const values: Readonly<Record<string, unknown>> = { ...event }
  const named = ['half', 'flow', 'event', ...members[event.event]].filter((name) => values[name] !== undefined)
  return Object.fromEntries(named.map((name) => [name, String(values[name])]))
}

function levelOf(code: FaultCode): Level {
  return ours.includes(faults[code].sentence) ? 'error' : 'warn'
}
