import type { RequestListener } from 'node:http'

/** Figures for the operator's monitoring, on an address of their own where nothing else is served. */
export interface MetricsOptions {
  /** Rejects when there are none to be had. */
  readonly write: () => Promise<{ readonly contentType: string; readonly text: string }>
  /** Hears why there were none. */
  readonly onTrouble: (thrown: unknown) => void
}

const PATH = '/metrics'

export function metricsApp({ write, onTrouble }: MetricsOptions): RequestListener {
  return (request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    response.setHeader('Cache-Control', 'no-store')
    response.setHeader('X-Content-Type-Options', 'nosniff')
    if (request.url?.split('?')[0] !== PATH) response.writeHead(404).end()
    else if (!isRead) response.writeHead(405, { Allow: 'GET, HEAD' }).end()
    else
      write().then(
        ({ contentType, text }) => response.writeHead(200, { 'Content-Type': contentType }).end(text),
        (thrown) => {
          onTrouble(thrown)
          response.writeHead(500).end()
        },
      )
  }
}
