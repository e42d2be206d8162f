import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load.ts'
import { nodeKeys, testKernel } from '../node/keys.ts'
import { openTrust } from '../node/trust.ts'
import { UsageError } from './usage.ts'

/** Reads everything a node is made of and says what is wrong: 0 when it would start with every peer, 1 otherwise. */
export async function check(args: readonly string[]): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('one configuration file is needed')
  const loaded = await loadConfig({ file, environment: process.env, now: Date.now() })
  await testKernel(nodeKeys(loaded))
  const problems: string[] = []
  const trust = await openTrust(loaded, { info: () => undefined, warn: (text) => problems.push(text) })
  trust.stop()
  const say = (line: string) => process.stdout.write(`${line}\n`)
  for (const { role, entityId, country, validUntil } of trust.registry.held()) {
    say(
      `peer     ${role} ${entityId}${country === undefined ? '' : ` of ${country}`}, until ${new Date(validUntil).toISOString()}`,
    )
  }
  for (const warning of loaded.warnings) say(`warning  ${warning}`)
  for (const problem of problems) say(`problem  ${problem}`)
  if (problems.length > 0) say(problems.length === 1 ? '1 problem' : `${problems.length} problems`)
  else say('ok')
  return problems.length === 0 ? 0 : 1
}
