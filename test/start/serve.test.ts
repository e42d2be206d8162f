import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type ConfigFolder, configFolder, leastConfig } from '../testkit/config.ts'
import { startRedis } from '../testkit/redis.ts'

const root = join(import.meta.dirname, '..', '..')

let folder: ConfigFolder
beforeAll(async () => {
  folder = await configFolder()
})
afterAll(() => folder.remove())

interface Served {
  readonly child: ChildProcessWithoutNullStreams
  /** Standard output and standard error until now. */
  said(): string
  /** Resolves when `pattern` has been said; rejects when it cannot come any more. */
  saying(pattern: RegExp): Promise<RegExpExecArray>
  ended: Promise<readonly unknown[]>
}

async function serve(
  listen: Readonly<Record<string, unknown>>,
  more: object = {},
  variables: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const file = await folder.write('config.json', JSON.stringify({ ...leastConfig, listen, ...more }))
  const env = { ...process.env, REDIS_URL: '', PASSERELLE_SEAL_KEYS: '', ...variables }
  const child = spawn(process.execPath, ['bin/passerelle.js', 'serve', file], { cwd: root, env })
  let text = ''
  const hear = (chunk: Buffer) => {
    text += chunk.toString()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const saying = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(text)
        if (found !== null) resolve(found)
      }
      child.stdout.on('data', look)
      child.once('close', () => reject(new TypeError(`ended after: ${text}`)))
      look()
    })
  return { child, said: () => text, saying, ended: once(child, 'close') }
}

/** Waits until a file holds what is looked for; the test's own time limit ends it otherwise. */
async function inFile(path: string, pattern: RegExp): Promise<void> {
  while (!existsSync(path) || !pattern.test(readFileSync(path, 'utf8'))) await pause(50)
}

describe('passerelle check', () => {
  it('says until when our certificates are valid, and that nobody abroad is trusted', async () => {
    const file = await folder.write('config.json', JSON.stringify(leastConfig))
    const child = spawn(process.execPath, ['bin/passerelle.js', 'check', file], { cwd: root })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    expect(await once(child, 'close')).toEqual([1, null])
    for (const name of Object.keys(leastConfig.keys)) {
      expect(text).toMatch(new RegExp(`^key {6}${name}, certificate until \\d{4}-`, 'm'))
    }
    expect(text).toMatch(/^warning {2}no node of another country is trusted/m)
    expect(text).toMatch(/^problem {2}metadata from .*idp\.xml is not used: /m)
  }, 60_000)
})

describe('the command line as a process', () => {
  const lines = (words: string) => {
    const child = spawn('bash', ['-o', 'pipefail', '-c', words], { cwd: root })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
    }
    return once(child, 'close').then(([code]) => ({ code, said }))
  }

  it('does its work to the end, without a stack trace, when the reader of its pipe is gone', async () => {
    const keys = join(folder.directory, 'piped-keys')
    const { said } = await lines(`node bin/passerelle.js keys ${keys} --country SE --organization Agency | true`)
    expect(said).toBe('')
    expect(readdirSync(keys)).toHaveLength(10)
  }, 60_000)

  it('says its version and that of Node.js with --version', async () => {
    const { code, said } = await lines('node bin/passerelle.js --version')
    expect(code).toBe(0)
    expect(said).toMatch(/^passerelle \d+\.\d+\.\d+, Node\.js v\d+/)
  }, 60_000)
})

describe('passerelle serve', () => {
  it('says in the log why /health is 503, and ends with code 0 on SIGTERM', async () => {
    const { child, said, saying, ended } = await serve({ port: 0 })
    const [, port] = await saying(/listening on port (\d+)/)
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(503)
    await saying(/"level":"error".*\/health says 503: no node of another country is trusted/)
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(said()).toMatch(/"message":"stopped"/)
  }, 60_000)

  // The first line of the log comes before keys and metadata are read.
  it('takes SIGHUP while it starts', async () => {
    const { child, saying, ended } = await serve({ port: 0 })
    await saying(/without REDIS_URL/)
    child.kill('SIGHUP')
    await saying(/listening on port/)
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  }, 60_000)

  it('writes its log to a file, opens it anew on SIGUSR2, and names itself on every line', async () => {
    const path = join(folder.directory, 'node.log')
    const log = { file: 'node.log', level: 'info' }
    const { child, ended } = await serve({ port: 0 }, { log }, { PASSERELLE_INSTANCE: 'one' })
    await inFile(path, /listening on port/)
    renameSync(path, `${path}.1`)
    child.kill('SIGUSR2')
    await inFile(path, /the log file is opened anew/)
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    const lines = `${readFileSync(`${path}.1`, 'utf8')}${readFileSync(path, 'utf8')}`.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).instance)).toEqual(lines.map(() => 'one'))
    expect(lines.at(-1)).toContain('"message":"stopped"')
  }, 60_000)

  it('takes values of the file from the environment as well', async () => {
    const { child, saying, ended } = await serve({ port: 1 }, {}, { PASSERELLE_LISTEN_PORT: '0' })
    await saying(/listening on port \d+/)
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  }, 60_000)

  it('leaves out lines about itself below log.level', async () => {
    const { child, said, saying, ended } = await serve({ port: 0 }, { log: { level: 'warn' } })
    await saying(/without REDIS_URL/)
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(said()).not.toContain('"level":"info"')
  }, 60_000)

  it('CFG_INVALID for a log file that cannot be written', async () => {
    const { ended, said } = await serve({ port: 0 }, { log: { file: 'nowhere/node.log' } })
    expect(await ended).toEqual([1, null])
    expect(said()).toMatch(
      /^passerelle serve: CFG_INVALID: log\.file: .*nowhere\/node\.log cannot be written: there is no such/m,
    )
  }, 60_000)

  it('goes on after SIGUSR1 and SIGUSR2, and opens no debugger', async () => {
    const { child, said, saying, ended } = await serve({ port: 0 })
    const [, port] = await saying(/listening on port (\d+)/)
    child.kill('SIGUSR1')
    child.kill('SIGUSR2')
    for (let look = 0; look < 5; look += 1) {
      expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(503)
    }
    expect(said()).not.toContain('Debugger listening')
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  }, 60_000)

  it('says 503 and why, and in its figures, when it has other seal keys than an instance before it', async () => {
    const redis = await startRedis()
    const [old, fresh] = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'))
    const sealedWith = (keys: string) => ({ REDIS_URL: redis.url, PASSERELLE_SEAL_KEYS: keys })
    const figures = { metrics: { port: 0 } }
    const first = await serve({ port: 0 }, figures, sealedWith(`${old}`))
    await first.saying(/figures on port/)
    const second = await serve({ port: 0 }, figures, sealedWith(`${fresh},${old}`))
    const [, port] = await second.saying(/listening on port (\d+)/)
    const [, metricsPort] = await second.saying(/figures on port (\d+)/)
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(503)
    await second.saying(/\/health says 503: .*an instance that started earlier has other seal keys/)
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()
    expect(text).toContain('passerelle_seal_keys_equal 0')
    for (const { child, ended } of [first, second]) {
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    }
    await redis.stop()
  }, 60_000)

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with code 0 on %s while it starts',
    async (signal) => {
      const { child, saying, ended } = await serve({ port: 0 })
      await saying(/without REDIS_URL/)
      child.kill(signal)
      expect(await ended).toEqual([0, null])
    },
    60_000,
  )

  it('ends with code 1, and without a stack, when its log can no longer be written', async () => {
    const { child, said, saying, ended } = await serve({ port: 0 })
    const [, port] = await saying(/listening on port (\d+)/)
    child.stdout.destroy()
    await fetch(`http://127.0.0.1:${port}/health`)
    expect(await ended).toEqual([1, null])
    expect(said()).toContain('passerelle serve: the log cannot be written: EPIPE')
    expect(said()).not.toMatch(/\n\s+at /)
  }, 60_000)

  it('CFG_LISTEN for a host that has no address', async () => {
    const { ended, said } = await serve({ host: 'nowhere.invalid' })
    expect(await ended).toEqual([1, null])
    expect(said()).toContain('passerelle serve: CFG_LISTEN: nowhere.invalid:8080 is of a host without an address')
  }, 60_000)

  it('tells figures where the configuration says, and CFG_LISTEN where somebody else listens', async () => {
    const { child, saying, ended } = await serve({ port: 0 }, { metrics: { port: 0 } })
    const [, port] = await saying(/figures on port (\d+)/)
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
    expect(await answer.text()).toContain('passerelle_healthy 0')
    const second = await serve({ port: 0 }, { metrics: { port: Number(port) } })
    expect(await second.ended).toEqual([1, null])
    expect(second.said()).toMatch(new RegExp(`^passerelle serve: CFG_LISTEN: \\S+:${port} is taken`, 'm'))
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  }, 60_000)
})
