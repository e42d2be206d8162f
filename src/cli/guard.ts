import inspector from 'node:inspector'

/**
 * Sets how the process answers what Node would answer dangerously by itself. SIGUSR1 starts Node's debugger, through which
 * every user with the node's uid reads keys from memory: here it does nothing, and an inspector that such a signal opened
 * before this ran is closed. SIGUSR2 ends a process by default: here it does nothing. A command whose reader closes the
 * pipe (`| head`) does its work to the end without it; `serve` ends by a listener of its own.
 */
export function guardProcess(): void {
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => undefined)
  if (inspector.url() !== undefined && !wasAskedFor()) inspector.close()
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

/** Whether a developer started the process with --inspect, --inspect-brk or the like. */
function wasAskedFor(): boolean {
  return [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)].some((word) =>
    word.startsWith('--inspect'),
  )
}
