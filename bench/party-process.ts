import { type ChildProcess, fork, type Serializable } from 'node:child_process'
import type { Materials } from './material.ts'
import type { Party, Plan, Sample } from './measure.ts'
import type { Minted } from './parties/samlify.ts'

export const partyNames = ['passerelle', 'samlify', 'node-saml', 'crypto-floor'] as const

/** Whom a process is to be, and what it works on. */
export interface Order {
  readonly party: (typeof partyNames)[number]
  readonly material: Materials
  readonly minted: Minted
  readonly plan: Plan
}

/** Starts the process of a party and waits until its code is hot. */
export async function startParty(order: Order): Promise<Party> {
  const child = fork(new URL('./party.js', import.meta.url))
  const tasks = (await told(child, { ...order })) as Party['tasks']
  return {
    tasks,
    batch: async (task) => (await told(child, task)) as Sample,
    stop: () => child.disconnect(),
  }
}

/** What it says to this. */
function told(child: ChildProcess, message: Serializable): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a party ended with ${code}`))
    child.once('exit', ended)
    child.once('message', (answer) => {
      child.off('exit', ended)
      resolve(answer)
    })
    child.send(message)
  })
}
