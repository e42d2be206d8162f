/** Milliseconds of CPU time that this process spends on something, however busy the machine is with something else. */
export async function cpuMilliseconds(run: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
