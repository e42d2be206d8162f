import { parseArgs } from 'node:util'
import { certificateEnd } from '../config/key-files.ts'
import { loadConfig } from '../config/load.ts'
import { nodeKeys, testKernel } from '../node/keys.ts'
import { strategyModules } from '../node/strategy-modules.ts'
import { isAnyNodeTrusted, openTrust } from '../node/trust.ts'
import { settingsOption } from './settings.ts'
import { UsageError } from './usage.ts'

const NOBODY_ABROAD = 'no node of another country is trusted: /health will say 503'

/** Reads everything a node is made of and says what is wrong: 0 when it would start with every peer, 1 otherwise. */
export async function check(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: settingsOption })
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError('one configuration file is needed')
  const loaded = await loadConfig({ file, environment: process.env, now: Date.now(), settings: values.set })
  await strategyModules(loaded)
  await testKernel(nodeKeys(loaded))
  const problems: string[] = []
  const log = { info: () => undefined, warn: (text: string) => problems.push(text) }
  const trust = await openTrust(loaded, log, { isReadOnly: true })
  trust.stop()
  const { registry } = trust
  const warnings = [...loaded.warnings, ...(isAnyNodeTrusted(registry) ? [] : [NOBODY_ABROAD])]
  const say = (line: string) => process.stdout.write(`${onOneLine(line)}\n`)
  for (const [name, key] of Object.entries(loaded.keys)) {
    say(`key      ${name}, certificate until ${certificateEnd(key)}`)
  }
  for (const { role, entityId, country, validUntil } of registry.held()) {
    const of = country === undefined ? '' : ` of ${country}`
    const suspended = registry.find(entityId, role) === undefined ? ', suspended' : ''
    say(`peer     ${role} ${entityId}${of}, until ${new Date(validUntil).toISOString()}${suspended}`)
  }
  for (const warning of warnings) say(`warning  ${warning}`)
  for (const problem of problems) say(`problem  ${problem}`)
  if (problems.length > 0) say(problems.length === 1 ? '1 problem' : `${problems.length} problems`)
  else say('ok')
  return problems.length === 0 ? 0 : 1
}

/** Peers choose some of what is said: nothing of it ends the line or turns it round. */
function onOneLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (odd) => `\\u{${odd.codePointAt(0)?.toString(16)}}`)
}
