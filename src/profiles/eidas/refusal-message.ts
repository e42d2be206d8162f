import { faults, sentences } from '../../errors/faults.ts'
import { NodeFault } from '../../errors/node-fault.ts'
import { expectPlainText } from './text.ts'

/* The StatusMessage of a refusal from abroad: `202019 - Incorrect Level of Assurance` of an EU node, `EID_LOA - …` of ours. */

/** As much as an operator needs to find it in the log of the other side. */
const MAX_CHARACTERS = 200

/** Numbers of errors of the EU node 2.9 that may leave it in a message. */
const euErrors: ReadonlySet<string> = new Set([
  ...['000004', '000005', '000006', '000007', '000009', '000010', '000011', '000012'],
  ...['003001', '003002', '003003', '003004', '003005', '003006', '003007', '003008', '003009', '103004'],
  ...['200002', '200003', '200004', '200005', '200006', '200008', '200009', '200010', '200011', '200015', '200016'],
  ...['201005', '202001', '202002', '202003', '202005', '202010', '202011', '202013', '202014', '202015', '202016'],
  ...['202017', '202018', '202019', '202020', '202021', '202022', '203001', '203002', '203003', '203004', '203005'],
  ...['203007', '203008', '203011', '203012', '203013', '203014', '203015', '203016', '203017', '203018', '203020'],
  ...['203021', '203022', '203023', '203024', '203025', '203026', '203027', '203028'],
])

/**
 * The message as the log may have it: plain text, on one line, cut; undefined for one that is none. Only what is known to
 * speak of no citizen is kept: the text behind a number of the EU node, and our own sentences. Of any other message
 * there is the code it begins with, where that is known.
 */
export function readRefusalMessage(message: string | undefined): string | undefined {
  const code = refusalReason(message)
  if (code === 'other') return undefined
  const line = oneLine(message)
  return euErrors.has(code) || ours.has(line ?? '') ? line : code
}

/** What a node of this kind says with each of its codes. */
const ours: ReadonlySet<string> = new Set(
  Object.keys(faults).flatMap((code) => Object.values(sentences).map((sentence) => `${code} - ${sentence}`)),
)

function oneLine(message: string | undefined): string | undefined {
  const line = (message ?? '')
    .slice(0, 4 * MAX_CHARACTERS)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_CHARACTERS)
  try {
    expectPlainText(line)
  } catch (thrown) {
    if (thrown instanceof NodeFault) return undefined
    throw thrown
  }
  return line === '' ? undefined : line
}

/** The code a message begins with, where it is one that is known; `other` for the rest, so that no peer makes up a code. */
export function refusalReason(message: string | undefined): string {
  const [, code = ''] = /^([0-9]{6}|[A-Z][A-Z0-9_]{1,31})(?: - |$)/.exec(message ?? '') ?? []
  return euErrors.has(code) || Object.hasOwn(faults, code) ? code : 'other'
}
