import { NodeFault } from '../errors/node-fault.ts'
import type { HttpInput } from './faces.ts'

/** The fields of one of the node's own forms. */
export type StepFields = Readonly<Record<'flow' | 'action' | 'country' | 'scheme', string | undefined>>

const KNOWN: readonly string[] = ['flow', 'action', 'country', 'scheme']

/** Reads a form of ours as it comes back; anything it does not offer is STEP_INPUT. */
export function readStepForm(input: HttpInput): StepFields {
  if (input.query !== '') throw new NodeFault('STEP_INPUT', 'a query on a form of ours')
  if (!/^application\/x-www-form-urlencoded(;\s*charset=utf-8)?$/i.test(input.contentType ?? '')) {
    throw new NodeFault('STEP_INPUT', 'not a form')
  }
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(Buffer.from(input.body).toString('utf8'))) {
    if (!KNOWN.includes(name) || fields.has(name)) throw new NodeFault('STEP_INPUT', 'an unknown or repeated field')
    fields.set(name, value)
  }
  return {
    flow: fields.get('flow'),
    action: fields.get('action'),
    country: fields.get('country'),
    scheme: fields.get('scheme'),
  }
}
