import { withDocument } from '../src/xml/document.ts'
import { messageLimits } from '../src/xml/limits.ts'
import { loginKeys, measureLogin } from './login.ts'
import { newMaterial } from './material.ts'
import { fullPlan, measure, quickPlan, type Task } from './measure.ts'
import { floorTasks } from './parties/crypto-floor.ts'
import { nodeSamlTasks } from './parties/node-saml.ts'
import { passerelleOnEc, passerelleOnRsa } from './parties/passerelle.ts'
import { samlifyTasks } from './parties/samlify.ts'
import { writeReport } from './report.ts'

/**
 * `npm run bench`: what reading and writing messages costs, against two libraries and against bare cryptography, all in
 * one process on the same octets. `--json` prints rows and nothing else; `--quick` only shows that it runs.
 */

const known = ['--json', '--quick']
const options = process.argv.slice(2)
const unknown = options.find((option) => !known.includes(option))
if (unknown !== undefined) {
  console.error(`unknown option ${unknown}; there are ${known.join(' and ')}`)
  process.exit(2)
}

/** The check samlify asks to be given: the cheapest there is, so that nothing of ours slows it down. */
async function validate(xml: string): Promise<void> {
  withDocument(Buffer.from(xml), messageLimits, (document) => document.validate('protocol'))
}

async function tasks(): Promise<readonly Task[]> {
  const material = newMaterial()
  const { rsa } = material
  const samlify = await samlifyTasks(rsa, validate)
  return [
    ...passerelleOnRsa(rsa, samlify.minted),
    ...samlify.tasks,
    ...nodeSamlTasks(rsa, samlify.minted.response),
    ...(await passerelleOnEc(material)),
    ...floorTasks(material),
  ]
}

const plan = options.includes('--quick') ? quickPlan : fullPlan
const rows = [...(await measure(await tasks(), plan))]
for (const key of loginKeys) rows.push(await measureLogin(plan, key))
console.log(options.includes('--json') ? JSON.stringify(rows, undefined, 2) : writeReport(rows))
