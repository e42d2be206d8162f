import { randomInt } from 'node:crypto'
import getPort from 'get-port'

/**
 * Suites run side by side, one to a worker: each worker has ports of its own, and gives each of them out once before it
 * starts again. Kernels give none of them away by themselves. Where two checkouts are tested at once,
 * PASSERELLE_TEST_PORTS is a number of workers to skip, so that their ports differ.
 */
const COUNT = 500
const worker = Number(process.env.JEST_WORKER_ID ?? 1) + Number(process.env.PASSERELLE_TEST_PORTS ?? 0)
const first = 20_480 + ((worker - 1) % 24) * COUNT
let given = randomInt(COUNT)

/** The first of `count` ports in a row that nobody listens on: for what must know its port before it can listen. */
export async function freePorts(count: number, host = 'localhost'): Promise<number> {
  for (let looked = 0; looked < COUNT; looked += count) {
    if (given + count > COUNT) given = 0
    const port = first + given
    given += count
    if (await areFree(port, count, host)) return port
  }
  throw new TypeError(`no ${count} free ports in a row from ${first} on`)
}

/** A port nobody listens on. */
export function freePort(host?: string): Promise<number> {
  return freePorts(1, host)
}

/** get-port answers with the port it was asked for where that is free, and with another one otherwise. */
async function areFree(first: number, count: number, host: string): Promise<boolean> {
  const ports = Array.from({ length: count }, (_, offset) => first + offset)
  const given = await Promise.all(ports.map((port) => getPort({ port, host })))
  return given.every((port, offset) => port === ports[offset])
}
