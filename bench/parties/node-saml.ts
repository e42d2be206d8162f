import { SAML } from '@node-saml/passport-saml'
import type { Material } from '../material.ts'
import type { Task } from '../measure.ts'
import { connector } from '../messages.ts'

/** node-saml by its ordinary interface. It reads Responses only: it neither reads AuthnRequests nor writes Responses. */
export function nodeSamlTasks({ asking, answering }: Material, response: string): readonly Task[] {
  const saml = new SAML({
    issuer: connector.entityId,
    audience: connector.entityId,
    callbackUrl: connector.acs,
    idpCert: answering.certificate,
    decryptionPvk: asking.privateKey,
    wantAuthnResponseSigned: true,
    wantAssertionsSigned: false,
  })
  const run = () => saml.validatePostResponseAsync({ SAMLResponse: response })
  return [{ work: 'read-response', key: 'rsa-3072', party: 'node-saml', run }]
}
