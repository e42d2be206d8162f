import { asFault } from '../errors/node-fault.ts'
import { usageProblem } from './usage.ts'
import { versionLine } from './version.ts'

/**
 * The command line: one word, its options, an exit code. It owns what operators type and read, refuses words it does
 * not know, and is imported by main.ts and by the demo's. Each command is loaded when it is asked for, so none pays for
 * another.
 */

/** Runs a command; resolves to its exit code: 0 done, 1 failed, 2 not understood. */
type Command = (args: readonly string[]) => Promise<number>

type Load = () => Promise<Command>

const table: Readonly<Record<string, { readonly usage: string; readonly load: Load }>> = {
  demo: {
    usage: 'demo [--port N] [--once [--json]]      two countries on this machine; --once signs in and ends',
    load: async () => demoElsewhere,
  },
  serve: {
    usage: 'serve CONFIG [--set PATH=VALUE]...     runs the node of this configuration',
    load: async () => (await import('./serve.ts')).serve,
  },
  check: {
    usage: 'check CONFIG [--set PATH=VALUE]...     reads configuration, keys and metadata, and says what is wrong',
    load: async () => (await import('./check.ts')).check,
  },
  keys: {
    usage:
      'keys FOLDER --country XX --organization NAME [--days N]   makes the keys of a node with certificates of their own',
    load: async () => (await import('./keys.ts')).keys,
  },
  inspect: {
    usage: 'inspect FILE|- [--trust CERT.pem]... [--decrypt KEY.pem]... [--at TIME] [--json]   explains a message',
    load: async () => (await import('./inspect.ts')).inspect,
  },
  documents: {
    usage:
      'documents [ROOT]                       writes the documents that are made from the sources, docs/config.md and others',
    load: async () => (await import('./documents.ts')).documents,
  },
  metadata: {
    usage: 'metadata CONFIG FOLDER [--set PATH=VALUE]...   writes the four signed metadata documents of the node',
    load: async () => (await import('./metadata.ts')).metadata,
  },
}

/** Runs the command of these words. `demo` is the demo's command where the demo is there (demo/main.ts hands it in). */
export async function commands([word = 'help', ...args]: readonly string[], demo?: Load): Promise<number> {
  if (word === '--version' || word === 'version') return version()
  const command = Object.hasOwn(table, word) ? table[word] : undefined
  if (command === undefined) return help(word)
  if (args.some(isHelp)) {
    process.stdout.write(`usage: passerelle ${command.usage}\n`)
    return 0
  }
  try {
    const load = word === 'demo' && demo !== undefined ? demo : command.load
    return await (await load())(args)
  } catch (thrown) {
    const problem = usageProblem(thrown)
    const said = problem === undefined ? asFault(thrown).message : `${problem}\nusage: passerelle ${command.usage}`
    process.stderr.write(`passerelle ${word}: ${said}\n`)
    return problem === undefined ? 1 : 2
  }
}

/** The demo is no part of the node: an image or an installed package has the node alone. */
async function demoElsewhere(): Promise<number> {
  process.stderr.write(
    'passerelle demo: the demo is part of the source checkout, with its development dependencies: npm ci && npm start\n',
  )
  return 1
}

async function version(): Promise<number> {
  process.stdout.write(`${await versionLine()}\n`)
  return 0
}

function isHelp(word: string): boolean {
  return word === '--help' || word === '-h'
}

function help(word: string): number {
  const asked = word === 'help' || isHelp(word)
  const lines = [
    'usage: passerelle COMMAND',
    ...Object.values(table).map(({ usage }) => `  ${usage}`),
    '  --version',
    '',
  ]
  const stream = asked ? process.stdout : process.stderr
  stream.write(lines.join('\n'))
  return asked ? 0 : 2
}
