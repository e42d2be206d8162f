import { createServer, type RequestListener, type Server } from 'node:http'
import samlify from 'samlify'

/**
 * What the demo's parties have in common: a key with its certificate, metadata signed with it, and a server. Parties
 * are built on other people's SAML libraries; nothing of the node's own SAML is used here.
 */

export interface PartyKeys {
  /** RSA private key, PEM (PKCS#8). */
  readonly privateKey: string
  /** Its certificate, PEM. */
  readonly certificate: string
}

const SIGNATURE = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

/** The base64 of a PEM certificate, without its frame. */
export function certificateBody(pem: string): string {
  return pem.replace(/-----[A-Z ]+-----|\s/g, '')
}

/** Signs a message or metadata whose root has an ID, as its `after` child's next sibling or as first child. */
export function signRoot(xml: string, keys: PartyKeys, root: string, after?: string): string {
  const reference = `/*[local-name(.)='${root}']`
  return samlify.SamlLib.constructSAMLSignature({
    rawSamlMessage: xml,
    isMessageSigned: true,
    isBase64Output: false,
    signatureAlgorithm: SIGNATURE,
    privateKey: keys.privateKey,
    signingCert: certificateBody(keys.certificate),
    signatureConfig: {
      prefix: 'ds',
      location:
        after === undefined
          ? { reference, action: 'prepend' }
          : { reference: `${reference}/*[local-name(.)='${after}']`, action: 'after' },
    },
  })
}

/**
 * A server that has its address before it has anything to say: addresses are part of all metadata. A browser that asks
 * early is answered once there is something to say.
 */
export interface DemoServer {
  /** Origin, without a slash at the end. */
  readonly url: string
  serve(listener: RequestListener): void
  stop(): Promise<void>
}

/** Listens on the loopback interface; port 0 takes a free one. */
export async function openServer(port: number): Promise<DemoServer> {
  let serve: (listener: RequestListener) => void = () => undefined
  const served = new Promise<RequestListener>((resolve) => {
    serve = resolve
  })
  const server: Server = createServer({ keepAliveTimeout: 5_000 }, async (request, response) => {
    ;(await served)(request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, 'localhost', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port')
  return {
    url: `http://localhost:${address.port}`,
    serve,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
