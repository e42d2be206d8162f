import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Ports kernels do not give away by themselves (Linux gives 32768 and up, others 49152 and up): between asking and
 * listening nobody takes one of them by chance.
 */
const FIRST = 16_384
const COUNT = 4_096
const ATTEMPTS = 100

/** The first of `count` ports in a row that nobody listens on at this moment; a TypeError when there are none. */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const first = FIRST + randomInt(COUNT - count)
    if (await areFree(first, count, 'localhost')) return first
  }
  throw new TypeError(`no ${count} free ports in a row from ${FIRST} on`)
}

/** Whether nobody listens on any of these at this moment. */
export async function areFree(first: number, count: number, host: string): Promise<boolean> {
  const ports = Array.from({ length: count }, (_, offset) => first + offset)
  const free = await Promise.all(ports.map((port) => isFree(port, host)))
  return free.every(Boolean)
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })
}
