import { commands } from '../src/cli/commands.ts'
import { guardProcess } from '../src/cli/guard.ts'

/** `passerelle demo` in a checkout. The same as src/main.ts, with the command that the node alone does not have. */
guardProcess()
process.exitCode = await commands(process.argv.slice(2), async () => (await import('./command.ts')).demo)
process.exit()
