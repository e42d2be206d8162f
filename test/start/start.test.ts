import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../testkit/ports.ts'

const root = join(import.meta.dirname, '..', '..')

/** What the process printed, once `pattern` is in it; what it printed until its end if it never comes. */
function printed(child: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let text = ''
    const read = (chunk: Buffer) => {
      text += chunk.toString()
      const found = pattern.exec(text)
      if (found !== null) resolve(found)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    child.once('close', (code) => reject(new TypeError(`ended with ${code} after: ${text}`)))
  })
}

describe('npm start', () => {
  it('runs the demo, says where it is, serves it, and ends when it is told to', async () => {
    const port = await freePorts(7)
    const child = spawn('npm', ['start', '--', '--port', String(port)], { cwd: root, detached: true })
    try {
      const [, home = ''] = await printed(child, /open (http:\/\/\S+)/)
      const page = await fetch(home)
      expect(page.status).toBe(200)
      expect(await page.text()).toContain('Test citizens')
      const stopped = printed(child, /Stopped\./)
      interrupt(child)
      await stopped
    } finally {
      interrupt(child)
    }
  }, 240_000)

  // Whoever started npm may know npm alone, its group, or the process below it; a browser may still be connected.
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with code 0 on %s to npm alone, whoever is connected',
    async (signal) => {
      const port = await freePorts(7)
      const child = spawn('npm', ['start', '--', '--port', String(port)], { cwd: root, detached: true })
      try {
        await printed(child, /Ctrl-C/)
        const held = [0, 1, 2, 5].map((offset) => connect(port + offset, 'localhost').on('error', () => undefined))
        await Promise.all(held.map((socket) => once(socket, 'connect')))
        for (const socket of held) socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\na')
        child.kill(signal)
        expect(await once(child, 'close')).toEqual([0, null])
        await expect(fetch(`http://localhost:${port}/`)).rejects.toThrow()
      } finally {
        interrupt(child)
      }
    },
    240_000,
  )

  it('ends when npx is ended, whose shell passes no signal on', async () => {
    const port = await freePorts(7)
    const child = spawn('npx', ['passerelle', 'demo', '--port', String(port)], { cwd: root, detached: true })
    try {
      await printed(child, /Ctrl-C/)
      const ended = once(child.stdout, 'close')
      child.kill('SIGTERM')
      await ended
      await expect(fetch(`http://localhost:${port}/`)).rejects.toThrow()
    } finally {
      interrupt(child)
    }
  }, 240_000)

  it('CFG_LISTEN when a port is taken, with the port, and leaves nothing behind', async () => {
    const taken = createServer().listen(0, 'localhost')
    await once(taken, 'listening')
    const port = String(Object(taken.address()).port)
    const run = promisify(execFile)(process.execPath, ['bin/passerelle.js', 'demo', '--port', port], { cwd: root })
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(new RegExp(`^passerelle demo: CFG_LISTEN: \\S+:${port} is taken`, 'm')),
    })
    taken.close()
  }, 240_000)

  it('signs one citizen in with --once and prints what the portal learnt', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['bin/passerelle.js', 'demo', '--once', '--json'], {
      cwd: root,
    })
    const report: unknown = JSON.parse(stdout)
    expect(report).toMatchObject({ ok: true, country: 'XB', loa: expect.stringContaining('eidas.europa.eu/LoA/') })
  }, 240_000)
})

describe('passerelle', () => {
  it('refuses a command it does not know, and says which there are', async () => {
    const run = promisify(execFile)(process.execPath, ['bin/passerelle.js', 'dance'], { cwd: root })
    await expect(run).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('usage: passerelle COMMAND') })
  }, 240_000)
})

/** As Ctrl-C does: the signal goes to npm and to the node below it. */
function interrupt({ pid, exitCode, signalCode }: ChildProcessWithoutNullStreams): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGINT')
}
