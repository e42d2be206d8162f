import { commands } from './cli/commands.ts'
import { guardProcess } from './cli/guard.ts'

/** argv to command. The only place that ends the process. */
guardProcess()
process.exitCode = await commands(process.argv.slice(2))
// What is left open after a command that is done (an idle socket, a thread) has nothing more to say.
process.exit()
