/** One thing to time: a work, done with a kind of key, by a party. */
export interface Task {
  readonly work: string
  readonly key: string
  readonly party: string
  readonly run: () => unknown
}

/** What a task took: medians over the batches, per run, in milliseconds. */
export interface Row {
  readonly work: string
  readonly key: string
  readonly party: string
  /** User and system time of the whole process: all its threads, garbage collection included. */
  readonly cpuMs: number
  readonly wallMs: number
  readonly runs: number
}

export interface Plan {
  readonly batches: number
  /** How long a batch should last at least. */
  readonly batchMs: number
  readonly warmUpMs: number
  /** Sign-ins in a batch of them, and before the first batch. */
  readonly logins: number
  readonly loginWarmUp: number
}

export const fullPlan: Plan = { batches: 11, batchMs: 100, warmUpMs: 600, logins: 10, loginWarmUp: 100 }
/** Too short for figures: it shows that everything runs. */
export const quickPlan: Plan = { batches: 7, batchMs: 10, warmUpMs: 60, logins: 1, loginWarmUp: 1 }

interface Sample {
  readonly cpuMs: number
  readonly wallMs: number
}

/**
 * Times tasks against each other. All are warmed up first; then batches of all of them alternate, so that what else
 * the machine does falls on each alike. The first runs after a change of task pay for caches and code that the others
 * displaced, as no server under load does; they are not counted, for nobody.
 */
export async function measure(tasks: readonly Task[], plan: Plan): Promise<readonly Row[]> {
  const sized: { readonly task: Task; readonly size: number; readonly samples: Sample[] }[] = []
  for (const task of tasks) sized.push({ task, size: await warmUp(task, plan), samples: [] })
  for (let batch = 0; batch < plan.batches; batch++) {
    for (const { task, size, samples } of sized) {
      await timeBatch(task, Math.ceil(size / 3))
      samples.push(await timeBatch(task, size))
    }
  }
  return sized.map(({ task: { work, key, party }, size, samples }) => ({
    work,
    key,
    party,
    cpuMs: median(samples.map((sample) => sample.cpuMs)),
    wallMs: median(samples.map((sample) => sample.wallMs)),
    runs: size * plan.batches,
  }))
}

/** Runs until the code is hot; returns how many runs make a batch. */
async function warmUp(task: Task, plan: Plan): Promise<number> {
  const start = performance.now()
  let runs = 0
  while (runs < 3 || performance.now() - start < plan.warmUpMs) {
    await task.run()
    runs++
  }
  const { wallMs } = await timeBatch(task, 3)
  return Math.max(3, Math.ceil(plan.batchMs / wallMs))
}

async function timeBatch(task: Task, size: number): Promise<Sample> {
  const cpu = process.cpuUsage()
  const wall = performance.now()
  for (let run = 0; run < size; run++) await task.run()
  const wallMs = (performance.now() - wall) / size
  const { user, system } = process.cpuUsage(cpu)
  return { cpuMs: (user + system) / 1000 / size, wallMs }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  if (low === undefined || high === undefined) throw new TypeError('the median of nothing')
  return (low + high) / 2
}
