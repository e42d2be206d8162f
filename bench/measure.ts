/** One thing to time: a work, done with a kind of key, by a party. */
export interface Task extends TaskName {
  readonly run: () => unknown
}

export interface TaskName {
  readonly work: string
  readonly key: string
  readonly party: string
}

/** What a task took: medians over the batches, per run, in milliseconds. */
export interface Row extends TaskName {
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
  /** Sign-ins in a batch of them, before the first batch, and batches of them. */
  readonly logins: number
  readonly loginWarmUp: number
  readonly loginBatches: number
}

export const fullPlan: Plan = {
  batches: 31,
  batchMs: 100,
  warmUpMs: 800,
  logins: 10,
  loginWarmUp: 250,
  loginBatches: 11,
}
/** Too short for figures: it shows that everything runs. */
export const quickPlan: Plan = {
  batches: 7,
  batchMs: 10,
  warmUpMs: 60,
  logins: 1,
  loginWarmUp: 1,
  loginBatches: 7,
}

/** Per run, in milliseconds. */
export interface Sample {
  readonly cpuMs: number
  readonly wallMs: number
}

/** A party in a process of its own. */
export interface Party {
  readonly tasks: readonly (TaskName & { readonly size: number })[]
  batch(task: number): Promise<Sample>
  stop(): void
}

/**
 * Times the parties' tasks against each other: batches of all of them alternate, so that what else the machine does
 * falls on each alike.
 */
export async function measure(parties: readonly Party[], plan: Plan): Promise<readonly Row[]> {
  const entries = parties.flatMap((of) => of.tasks.map((task, index) => ({ of, task, index, samples: [] as Sample[] })))
  for (let batch = 0; batch < plan.batches; batch++) {
    for (const { of, index, samples } of entries) samples.push(await of.batch(index))
  }
  return entries.map(({ task: { work, key, party, size }, samples }) => ({
    work,
    key,
    party,
    cpuMs: median(samples.map((sample) => sample.cpuMs)),
    wallMs: median(samples.map((sample) => sample.wallMs)),
    runs: size * plan.batches,
  }))
}

/** Runs until the code is hot; returns how many runs make a batch. */
export async function warmUp(task: Task, plan: Plan): Promise<number> {
  const start = performance.now()
  let runs = 0
  while (runs < 3 || performance.now() - start < plan.warmUpMs) {
    await task.run()
    runs++
  }
  const { wallMs } = await timeRuns(task, 3)
  return Math.max(3, Math.ceil(plan.batchMs / wallMs))
}

/**
 * The first runs after a change of task pay for caches and code that the others displaced, as no server under load does;
 * they are not counted, for any party.
 */
export async function timeBatch(task: Task, size: number): Promise<Sample> {
  await timeRuns(task, Math.ceil(size / 3))
  return timeRuns(task, size)
}

async function timeRuns(task: Task, size: number): Promise<Sample> {
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
