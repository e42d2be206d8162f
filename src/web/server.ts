import { createServer, type RequestListener, type Server } from 'node:http'
import { type WebLimits, webLimits } from './limits.ts'

/** An HTTP/1.1 server with strict time limits and a strict parser. TLS ends in front of it. */
export function webServer(listener: RequestListener, limits: Partial<WebLimits> = {}): Server {
  const bounds: WebLimits = { ...webLimits, ...limits }
  const server = createServer(
    {
      headersTimeout: bounds.headersMilliseconds,
      requestTimeout: bounds.requestMilliseconds,
      keepAliveTimeout: bounds.keepAliveMilliseconds,
      connectionsCheckingInterval: bounds.checkMilliseconds,
      maxHeaderSize: bounds.headerOctets,
      insecureHTTPParser: false,
    },
    listener,
  )
  server.timeout = bounds.stallMilliseconds
  server.maxRequestsPerSocket = bounds.requestsPerConnection
  server.maxConnections = bounds.connections
  return server
}
