import type { RelayEvent } from '../../../src/relay/events.ts'

/* One sign-in through a connector, event by event, and a fault. */

export const flow = { half: 'connector', flow: 'K7Q2-9XHM' } as const
export const received = { ...flow, event: 'received', requester: 'https://sp.example/', messageId: '_a1' } as const

export const events: readonly RelayEvent[] = [
  received,
  { ...flow, event: 'step', step: 'country' },
  { ...flow, event: 'asked', entityId: 'https://node.example.es/', messageId: '_b2', country: 'ES' },
  {
    ...flow,
    event: 'answer-received',
    entityId: 'https://node.example.es/',
    messageId: '_c3',
    inResponseTo: '_b2',
    status: 'Success',
  },
  {
    ...flow,
    event: 'answered',
    requester: 'https://sp.example/',
    messageId: '_d4',
    inResponseTo: '_a1',
    status: 'Success',
  },
  { ...flow, event: 'fault', code: 'SAML_IRT', detail: 'no such request', told: 'citizen' },
]
