import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/*
 * How long /health of a node waits while 15 connections send it 100 requests each, all at once, every one as costly as
 * the limits admit. The node is that of the demo, in a process of its own: `node dist/bench/flood.js [port]`.
 */

const CONNECTIONS = 15
const PIPELINED = 100
const REQUEST_OCTETS = 32_700
const DEMO = 'bin/passerelle.js'

const port = Number(process.argv[2] ?? 7800)
const demo = spawn(process.execPath, [DEMO, 'demo', '--port', String(port)], { stdio: ['ignore', 'pipe', 'ignore'] })
try {
  await once(createInterface(demo.stdout), 'line')
  const calm = await healthTimes(20)
  const target = await costlyRequest(`http://localhost:${port + 3}/login`)
  const head = `GET ${target.pathname}${target.search} HTTP/1.1\r\nHost: ${target.host}\r\n`
  const octets = `${`${head}\r\n`.repeat(PIPELINED - 1)}${head}Connection: close\r\n\r\n`
  const begun = performance.now()
  const sockets = Array.from({ length: CONNECTIONS }, () => flood(Number(target.port), octets))
  const ended = Promise.all(sockets.map((socket) => once(socket, 'close')))
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  const busy: number[] = []
  while (!isOver) busy.push(...(await healthTimes(1)))
  say('calm', calm)
  say('under load', busy)
  process.stdout.write(`the load was over after ${Math.round(performance.now() - begun)} ms\n`)
} finally {
  demo.kill()
}

/** A connection on which all of this is sent at once; the node closes it behind the last answer. */
function flood(to: number, octets: string): Socket {
  const socket = connect(to, 'localhost', () => socket.write(octets))
  socket.on('data', () => undefined)
  return socket
}

/** The request of a portal by redirect, made as long as one may be; that it is not signed any more, the node learns last. */
async function costlyRequest(login: string): Promise<URL> {
  const { headers } = await fetch(login, { redirect: 'manual' })
  const url = new URL(headers.get('location') ?? '')
  const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
  const attribute = (at: number) =>
    `<e:RequestedAttribute Name="urn:a:${at}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"/>`
  let load = ''
  for (let at = 0; xml.length + load.length < REQUEST_OCTETS - 300; at += 1) load += attribute(at)
  const extensions =
    '<samlp:Extensions><e:RequestedAttributes xmlns:e="http://eidas.europa.eu/saml-extensions">' +
    `${load}</e:RequestedAttributes></samlp:Extensions>`
  const long = xml.replace(/<\/saml:Issuer>/, (end) => end + extensions)
  url.searchParams.set('SAMLRequest', deflateRawSync(long).toString('base64'))
  return url
}

async function healthTimes(count: number): Promise<readonly number[]> {
  const times: number[] = []
  for (let at = 0; at < count; at += 1) {
    const since = performance.now()
    await new Promise<void>((resolve, reject) => {
      get({ host: 'localhost', port: port + 1, path: '/health', agent: false }, (response) =>
        response.resume().on('end', resolve),
      ).on('error', reject)
    })
    times.push(performance.now() - since)
  }
  return times
}

function say(when: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0)
  process.stdout.write(`/health ${when}: ${sorted.length} answers, median ${at(0.5)} ms, longest ${at(1)} ms\n`)
}
