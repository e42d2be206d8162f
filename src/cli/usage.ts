/** The words of a command are off: its message is for the person who typed them, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What the words are off by, whether we or node:util's parseArgs found it; undefined for any other error. */
export function usageProblem(thrown: unknown): string | undefined {
  if (thrown instanceof UsageError) return thrown.message
  const { code, message } = Object(thrown)
  return String(code).startsWith('ERR_PARSE_ARGS') ? String(message) : undefined
}
