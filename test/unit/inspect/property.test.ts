import { writeJson, writeReport } from '../../../src/inspect/text.ts'
import fc, { runs } from '../../testkit/properties.ts'
import { answer, inspected, node, request, textOf, trustConnector, trustService } from './samples.ts'

const samples = [await request(), await answer()].map(textOf)

/** A message in which something was taken out, put in or said twice. */
const damaged = fc
  .record({
    sample: fc.constantFrom(...samples),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(40),
    insert: fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('<!-- x -->', '<![CDATA[x]]>', '<?x?>', '<x/>', ' ID="_a"', '&lt;', '&x;', '\u0000', '\u202e'),
    ),
  })
  .map(({ sample, from, length, insert }) => {
    const at = Math.floor(from * sample.length)
    return sample.slice(0, at) + insert + sample.slice(at + length)
  })

test('whatever is done to a message, there is a report, and it is accepted only as it was signed', async () => {
  const given = { trust: [...(trustConnector.trust ?? []), ...(trustService.trust ?? [])], decrypt: [await node()] }
  await fc.assert(
    fc.asyncProperty(damaged, async (text) => {
      const report = await inspected(text, given)
      const errors = report.findings.filter(({ severity }) => severity === 'error')
      expect(report.findings.map(({ code }) => code)).not.toContain('INTERNAL')
      expect(report.verdict === 'accepted').toBe(errors.length === 0)
      if (report.verdict === 'accepted') expect(report.standing).toBe('verified')
      if (report.standing === 'verified') expect(report.signature.trusted).toBe(true)
      expect(JSON.parse(writeJson(report))).toEqual(JSON.parse(JSON.stringify(report)))
      const marked = writeReport(report).trimEnd().split('\n')
      if (report.standing !== 'verified')
        expect(marked.every((line) => line.startsWith(report.standing.toUpperCase()))).toBe(true)
    }),
    runs(150),
  )
})

test('whatever octets there are, there is a report', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.string().map((text) => Buffer.from(text)),
      ),
      async (octets) => {
        const report = await inspected(octets)
        expect(report.verdict).not.toBe('accepted')
      },
    ),
    runs(200),
  )
})
