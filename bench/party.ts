import { once } from 'node:events'
import { withDocument } from '../src/xml/document.ts'
import { messageLimits } from '../src/xml/limits.ts'
import { type Task, timeBatch, warmUp } from './measure.ts'
import { floorTasks } from './parties/crypto-floor.ts'
import { nodeSamlTasks } from './parties/node-saml.ts'
import { passerelleOnEc, passerelleOnRsa } from './parties/passerelle.ts'
import { samlifyTasks } from './parties/samlify.ts'
import type { Order } from './party-process.ts'

/*
 * The process of one party: it is told which, what to work on, and when to run a batch. What one party leaves behind in
 * memory is not collected on another party's time.
 */

/** The check samlify asks to be given: the cheapest there is, so that nothing of ours slows it down. */
async function validate(xml: string): Promise<void> {
  withDocument(Buffer.from(xml), messageLimits, (document) => document.validate('protocol'))
}

async function tasksOf({ party, material, minted }: Order): Promise<readonly Task[]> {
  switch (party) {
    case 'passerelle':
      return [...passerelleOnRsa(material.rsa, minted), ...(await passerelleOnEc(material))]
    case 'samlify':
      return samlifyTasks(material.rsa, minted, validate)
    case 'node-saml':
      return nodeSamlTasks(material.rsa, minted.response)
    case 'crypto-floor':
      return floorTasks(material)
  }
}

const [order] = (await once(process, 'message')) as [Order]
const sized: { readonly task: Task; readonly size: number }[] = []
for (const task of await tasksOf(order)) sized.push({ task, size: await warmUp(task, order.plan) })

process.on('message', async (index: number) => {
  const chosen = sized[index]
  if (chosen !== undefined) process.send?.(await timeBatch(chosen.task, chosen.size))
})
process.send?.(sized.map(({ task: { work, key, party }, size }) => ({ work, key, party, size })))
