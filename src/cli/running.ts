/** Resolves when the process is asked to end (SIGINT from a keyboard, SIGTERM from a supervisor). */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
