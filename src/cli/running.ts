const HOW_OFTEN = 250

/**
 * Resolves when the process is asked to end: SIGINT from a keyboard, SIGTERM from a supervisor. Ctrl-C reaches us twice
 * under npm (from the terminal, and passed on), so what comes while we are ending changes nothing. `npx` has a shell
 * between itself and us that dies of a signal without passing it on: its end is a signal too.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve())
    if (process.env['npm_command'] === 'exec') void whenOrphaned(process.ppid).then(resolve)
  })
}

function whenOrphaned(parent: number): Promise<void> {
  return new Promise((resolve) => {
    const watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(watch)
      resolve()
    }, HOW_OFTEN)
    watch.unref()
  })
}

/** Resolves to the error when standard output takes no more: its reader is gone, or the disk is full. */
export function untilUnwritable(): Promise<Error> {
  return new Promise((resolve) => {
    process.stdout.on('error', resolve)
  })
}
