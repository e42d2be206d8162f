import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** A program of somebody else's that runs beside the test and ends with it. */
export interface Background {
  /** Ends the program; safe to call twice. */
  stop(): Promise<void>
}

export interface Launch {
  readonly command: string
  readonly words: readonly string[]
  /** File that takes what it prints. */
  readonly log: string
  readonly environment?: Readonly<Record<string, string>>
  /** Whether it is ready; asked until it says so. */
  readonly ready: () => Promise<boolean>
  /** Milliseconds that may take; a minute when left out. */
  readonly patience?: number
}

const READY_MILLISECONDS = 60_000
const END_MILLISECONDS = 10_000

/**
 * Starts a program in a process group of its own (Apache, when told to stop, stops its whole group) and waits until it
 * is ready. Should this process die first, the program is told to stop by the kernel.
 */
export async function runInBackground(launch: Launch): Promise<Background> {
  const { command, words, log, environment, ready, patience = READY_MILLISECONDS } = launch
  const child = spawn('/usr/bin/setpriv', ['--pdeathsig', 'TERM', command, ...words], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  const output = createWriteStream(log, { flags: 'a' })
  child.stdout.pipe(output)
  child.stderr.pipe(output)
  let failure: Error | undefined
  child.once('error', (error) => {
    failure = error
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const background = { stop: () => end(child, ended) }
  try {
    await until(ready, patience, () => {
      if (failure !== undefined) throw failure
      if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}; see ${log}`)
    })
    return background
  } catch (thrown) {
    await background.stop()
    throw thrown
  }
}

async function until(ready: () => Promise<boolean>, patience: number, expectAlive: () => void): Promise<void> {
  const last = Date.now() + patience
  while (!(await ready())) {
    expectAlive()
    if (Date.now() > last) throw new Error(`not ready after ${patience / 1000} s`)
    await pause(25)
  }
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.pid === undefined) return
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), END_MILLISECONDS)
  await ended
  clearTimeout(late)
}

/** Whether somebody listens there. */
export function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => done(true)).once('error', () => done(false))
  })
}
