import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from './ports.ts'

/** A real redis-server for one test file, on a free loopback port, with nothing kept on disk. */
export interface TestRedis {
  readonly url: string
  readonly pid: number
  /** Stops answering without closing connections (SIGSTOP), as a server in trouble does. */
  freeze(): void
  thaw(): void
  /** Safe to call twice. */
  stop(): Promise<void>
}

const BINARIES = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server']
const START_MILLISECONDS = 5000
const ATTEMPTS = 3

function binary(): string {
  const found = BINARIES.find((path) => existsSync(path))
  if (found === undefined) {
    throw new Error(`redis-server is needed for this test: install it (apt-get install redis-server), ${BINARIES[0]}`)
  }
  return found
}

/** `more` are further settings of redis-server, such as '--maxmemory', '8mb'. */
export async function startRedis(more: readonly string[] = []): Promise<TestRedis> {
  // Somebody else may take the free port before the server does.
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(more)
    } catch (failure) {
      if (attempt === ATTEMPTS) throw failure
    }
  }
}

async function launch(more: readonly string[]): Promise<TestRedis> {
  const program = binary()
  const directory = await mkdtemp(join(tmpdir(), 'passerelle-redis-'))
  const port = await freePort('127.0.0.1')
  const settings = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory]
  const child = spawn(program, [...settings, ...more], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const redis = running(child, port, async () => {
    child.kill('SIGCONT')
    child.kill('SIGTERM')
    await ended
    await rm(directory, { recursive: true, force: true })
  })
  try {
    await answering(child, port)
  } catch (failure) {
    await redis.stop()
    throw failure
  }
  return redis
}

function running(child: ChildProcess, port: number, end: () => Promise<void>): TestRedis {
  if (child.pid === undefined) throw new Error('redis-server did not start')
  let stopping: Promise<void> | undefined
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: child.pid,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    stop: () => {
      stopping ??= end()
      return stopping
    },
  }
}

async function answering(child: ChildProcess, port: number): Promise<void> {
  const until = Date.now() + START_MILLISECONDS
  while (!(await pings(port))) {
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`)
    if (Date.now() > until) throw new Error('redis-server does not answer PING')
    await pause(20)
  }
}

function pings(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const done = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(500, () => done(false))
    socket.once('error', () => done(false))
    // With a password set, the refusal is the sign of life.
    socket.once('data', (octets) => done(/^(\+PONG|-NOAUTH)/.test(octets.toString('latin1'))))
  })
}
