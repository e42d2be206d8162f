import type { faults } from '../../../src/errors/faults.ts'
import { asFault, NodeFault } from '../../../src/errors/node-fault.ts'
import { LONGEST_TEXT } from '../../../src/observe/line.ts'
import { jsonLog, type Log } from '../../../src/observe/log.ts'
import fc from '../../testkit/properties.ts'
import { events, flow, received } from './samples.ts'

const NODE = 'https://node.example.se'
const now = Date.UTC(2026, 10, 23, 12, 0, 0, 7)

function linesOf(use: (log: Log) => void): readonly string[] {
  const written: string[] = []
  use(jsonLog({ out: { write: (text: string) => written.push(text) }, now: () => now, node: NODE }))
  return written
}

function entriesOf(use: (log: Log) => void): readonly unknown[] {
  return linesOf(use).map((line) => JSON.parse(line))
}

describe('the log', () => {
  test('R-LAW-7: every event names node, message and time', () => {
    const entries = entriesOf((log) => events.forEach(log.listen))
    const common = { time: '2026-11-23T12:00:00.007Z', node: NODE }
    expect(entries).toEqual(events.map((event) => ({ ...common, level: expect.any(String), ...event })))
  })

  test('one event is one line', () => {
    const lines = linesOf((log) => events.forEach(log.listen))
    for (const line of lines) expect(line).toMatch(/^\{[\x20-\x7e]+\}\n$/)
    expect(lines).toHaveLength(events.length)
  })

  test.each([
    ['CR LF', 'a\r\n{"level":"info","event":"answered"}'],
    ['ESC', '\u001b[2J\u001b[31m'],
    ['C1 CSI', '\u009b31m'],
    ['NEL and DEL', '\u0085\u007f'],
    ['U+2028 and U+2029', 'a\u2028b\u2029c'],
    ['direction characters', '\u202eevil\u2066'],
    ['a break-out of JSON', '","level":"info","x":"'],
    ['a backslash at the end', 'a\\'],
    ['a lone surrogate', 'a\ud800'],
    ['NUL', '\u0000'],
    ['emoji', '\u{1f600}'],
  ])('A-249: %s in what a peer chose stays inside its member', (_, text) => {
    const [line] = linesOf((log) => log.listen({ ...received, requester: text, messageId: text }))
    expect(line).toMatch(/^[\x20-\x7e]+\n$/)
    expect(JSON.parse(line ?? '')).toMatchObject({ event: 'received', requester: text, messageId: text, level: 'info' })
  })

  test('A-249: whatever is written is one line of printable ASCII and reads back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const lines = linesOf((log) => log.warn(text))
        expect(lines).toEqual([expect.stringMatching(/^[\x20-\x7e]+\n$/)])
        expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: text })
      }),
    )
  })

  test('A-249: texts are capped, and say by how much', () => {
    const [entry] = entriesOf((log) => log.listen({ ...received, requester: 'r'.repeat(LONGEST_TEXT + 5) }))
    expect(entry).toMatchObject({ requester: `${'r'.repeat(LONGEST_TEXT)}[+5]` })
    const [whole] = entriesOf((log) => log.listen({ ...received, requester: 'r'.repeat(LONGEST_TEXT) }))
    expect(whole).toMatchObject({ requester: 'r'.repeat(LONGEST_TEXT) })
  })

  test('R-IA-31, A-250: members that an event should not have are not written', () => {
    const overfull = {
      ...received,
      attributes: ['Garcia'],
      xml: '<saml2:Assertion/>',
      outcome: { familyName: 'Garcia' },
    }
    const [line] = linesOf((log) => log.listen(overfull))
    expect(line).not.toMatch(/Garcia|Assertion|outcome/)
  })

  test('faults of ours are errors, faults of others warnings, all else information', () => {
    const levels = (codes: readonly (keyof typeof faults)[]) =>
      entriesOf((log) => {
        for (const code of codes) log.listen({ ...flow, event: 'fault', code, detail: '', told: 'citizen' })
      })
    expect(levels(['INTERNAL', 'ST_STORE', 'ST_TAMPER', 'MD_TIME', 'CFG_INVALID'])).toEqual(
      Array(5).fill(expect.objectContaining({ level: 'error' })),
    )
    expect(levels(['SAML_IRT', 'DS_MISSING', 'USER_CANCELLED', 'ST_SESSION'])).toEqual(
      Array(4).fill(expect.objectContaining({ level: 'warn' })),
    )
    expect(entriesOf((log) => log.listen(received))).toEqual([expect.objectContaining({ level: 'info' })])
  })

  test('a fault before the relay has its support code, and no trace of its cause', () => {
    const fault = new NodeFault('BIND_B64', 'not base64', { cause: new Error('Garcia') })
    expect(entriesOf((log) => log.fault(fault, 'K7Q2'))).toEqual([
      {
        time: expect.any(String),
        level: 'warn',
        node: NODE,
        event: 'fault',
        flow: 'K7Q2',
        code: 'BIND_B64',
        detail: 'not base64',
      },
    ])
  })

  test('a mistake of ours says where it was made, without what it quotes there', () => {
    const [entry] = entriesOf((log) =>
      log.fault(new NodeFault('INTERNAL', '', { cause: new Error('a\n    at Garcia') }), 'K'),
    )
    expect(entry).toMatchObject({
      level: 'error',
      code: 'INTERNAL',
      at: expect.arrayContaining([expect.stringMatching(/^at .*log\.test\.ts/)]),
    })
    expect(JSON.stringify(entry)).not.toContain('Garcia')
  })

  test('what is thrown and is no error at all can be logged too', () => {
    expect(entriesOf((log) => log.fault(asFault(undefined), 'K'))).toMatchObject([{ code: 'INTERNAL' }])
  })

  test('start and trouble of the node have lines of their own', () => {
    const entries = entriesOf((log) => {
      log.info('listening')
      log.warn('baseUrl is http')
      log.error('Redis: down')
    })
    expect(entries).toMatchObject([
      { level: 'info', event: 'node', message: 'listening' },
      { level: 'warn', event: 'node', message: 'baseUrl is http' },
      { level: 'error', event: 'node', message: 'Redis: down' },
    ])
  })
})
