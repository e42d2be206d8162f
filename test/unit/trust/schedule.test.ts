import { NodeFault } from '../../../src/errors/node-fault.ts'
import type { Renewal } from '../../../src/trust/renewal.ts'
import { nextAppointment } from '../../../src/trust/schedule.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = 1_000 * HOUR
const PERIOD = 5 * MINUTE

const good = (lifetime: { readonly cacheDuration?: number; readonly validUntil?: number }): Renewal => ({
  held: { octets: new Uint8Array(0), isCopied: false, seen: 0, loaded: { entities: [], problems: [], ...lifetime } },
})
const bad: Renewal = { held: undefined, problem: { place: 'x', fault: new NodeFault('MD_FETCH') } }
const wait = (renewal: Renewal) => nextAppointment(renewal, undefined, { clock: () => NOW, period: PERIOD }).due - NOW

test.each([
  ['after an hour when it says nothing', {}, HOUR],
  ['when it says', { cacheDuration: 1800, validUntil: NOW + 24 * HOUR }, 30 * MINUTE],
  ['at half its life, though it says later', { cacheDuration: 36_000, validUntil: NOW + 4 * HOUR }, 2 * HOUR],
  ['after a day at the latest', { cacheDuration: 864_000, validUntil: NOW + 300 * HOUR }, 24 * HOUR],
  ['not before the period is over, however short it says', { cacheDuration: 1, validUntil: NOW + HOUR }, PERIOD],
])('R-IA-29: what is good is fetched again %s', (_, lifetime, expected) => {
  expect(wait(good(lifetime))).toBe(expected)
})

test('what fails is tried again later and later, an hour apart at most', () => {
  let appointment = nextAppointment(bad, undefined, { clock: () => NOW, period: PERIOD })
  const waits = [appointment.due - NOW]
  for (let count = 0; count < 5; count += 1) {
    appointment = nextAppointment(bad, appointment, { clock: () => NOW, period: PERIOD })
    waits.push(appointment.due - NOW)
  }
  expect(waits.map((one) => one / MINUTE)).toEqual([5, 10, 20, 40, 60, 60])
  expect(nextAppointment(good({}), appointment, { clock: () => NOW, period: PERIOD }).failures).toBe(0)
})
