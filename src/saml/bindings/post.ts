import { NodeFault } from '../../errors/node-fault.ts'
import type { BindingInput, BoundMessage, MessageParameter } from './message.ts'
import { messageIn, readMessage, readParameters } from './parameters.ts'
import { checkedRelayState, relayStateIn } from './relay-state.ts'

const NAMES = ['SAMLRequest', 'SAMLResponse', 'RelayState']

const FORM = /^application\/x-www-form-urlencoded(?:; ?charset=utf-8)?$/i

/**
 * SAML Bindings 3.5: a message in a form. The signature is inside the XML. `relayStateOctets` for peers that are known
 * to send longer ones than they should.
 */
export function receivePost(input: BindingInput, relayStateOctets?: number): BoundMessage {
  if (input.method !== 'POST') throw new NodeFault('BIND_METHOD')
  if (input.query !== '') throw new NodeFault('BIND_SPLIT', 'a query on a form')
  if (input.contentEncoding !== undefined) throw new NodeFault('BIND_ENCODING')
  if (!FORM.test(input.contentType ?? '')) throw new NodeFault('BIND_CTYPE')
  const parameters = readParameters(Buffer.from(input.body).toString('latin1'), NAMES)
  const { parameter, value } = messageIn(parameters)
  return { parameter, xml: readMessage(parameter, value), relayState: relayStateIn(parameters, relayStateOctets) }
}

/** The fields of the form that carries a message. */
export function postFields(
  parameter: MessageParameter,
  xml: Uint8Array,
  relayState?: string,
  relayStateOctets?: number,
): readonly (readonly [name: string, value: string])[] {
  const message = [parameter, Buffer.from(xml).toString('base64')] as const
  const state = checkedRelayState(relayState, relayStateOctets)
  return state === undefined ? [message] : [message, ['RelayState', state]]
}
