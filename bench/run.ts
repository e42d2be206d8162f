import { loginKeys, measureLogin } from './login.ts'
import { newMaterial } from './material.ts'
import { fullPlan, measure, type Party, quickPlan, type Row } from './measure.ts'
import { mint } from './parties/samlify.ts'
import { partyNames, startParty } from './party-process.ts'
import { writeReport } from './report.ts'

/**
 * `npm run bench`: what reading and writing messages costs, against two libraries and against bare cryptography, all in
 * one run on the same octets. `--json` prints rows and nothing else; `--quick` only shows that it runs.
 */

const known = ['--json', '--quick']
const options = process.argv.slice(2)
const unknown = options.find((option) => !known.includes(option))
if (unknown !== undefined) {
  console.error(`unknown option ${unknown}; there are ${known.join(' and ')}`)
  process.exit(2)
}

async function measureMessages(): Promise<readonly Row[]> {
  const material = newMaterial()
  const minted = await mint(material.rsa)
  const parties: Party[] = []
  for (const party of partyNames) parties.push(await startParty({ party, material, minted, plan }))
  const rows = await measure(parties, plan)
  for (const party of parties) party.stop()
  return rows
}

const plan = options.includes('--quick') ? quickPlan : fullPlan
const rows = [...(await measureMessages())]
for (const key of loginKeys) rows.push(await measureLogin(plan, key))
console.log(options.includes('--json') ? JSON.stringify(rows, undefined, 2) : writeReport(rows))
