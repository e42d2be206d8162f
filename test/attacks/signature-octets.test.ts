import { type FaultCode, faults } from '../../src/errors/faults.ts'
import { NodeFault } from '../../src/errors/node-fault.ts'
import { receiveBound, verifyBound } from '../../src/faces/message.ts'
import { readAssertion } from '../../src/saml/assertion.ts'
import { readAuthnRequest } from '../../src/saml/authn-request.ts'
import { readResponse } from '../../src/saml/response.ts'
import { withDocument } from '../../src/xml/document.ts'
import type { QName } from '../../src/xml/element.ts'
import { messageLimits } from '../../src/xml/limits.ts'
import { samlp } from '../../src/xml/names.ts'
import type { XmlPart } from '../../src/xml/writer.ts'
import { eidasSignatureAlgorithms } from '../../src/xmlsec/algorithms.ts'
import type { SignedElement } from '../../src/xmlsec/signed.ts'
import { doorNames, doors } from '../testkit/doors.ts'
import { base64 } from '../testkit/flow.ts'
import { mintAssertion, mintRequest, mintResponse, sign } from '../testkit/mint.ts'
import { newPeers, type Peer } from '../testkit/peers.ts'
import fc, { often } from '../testkit/properties.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { encodeForm } from '../testkit/wire.ts'
import { outcome } from '../unit/xmlsec/samples.ts'

/*
 * One octet of a signed message is changed, added or taken away: the message is refused by a code, or what was signed is
 * still there, octet for octet, and it says what it said before (white space inside a tag). */

const RUNS = often(2_000)

interface Change {
  readonly at: number
  readonly kind: 'replace' | 'insert' | 'delete'
  readonly octet: number
}

/** Octets that mean something to XML, base64 and UTF-8 more often than the others. */
const octet = fc.oneof(
  fc.nat(255),
  fc.constantFrom(...Buffer.from(' \t\r\n<>&"\'/=:;#!?-[]+\0AZaz09_xX'), 0xef, 0xbf, 0xc2, 0x85, 0xa0, 0xff),
)

const changes = (length: number) =>
  fc.record({
    at: fc.nat(length - 1),
    kind: fc.constantFrom('replace', 'insert', 'delete'),
    octet,
  } satisfies { readonly [K in keyof Change]: fc.Arbitrary<Change[K]> })

function changed(message: Uint8Array, { at, kind, octet: value }: Change): Buffer {
  const kept = kind === 'insert' ? at : at + 1
  const given = kind === 'delete' ? [] : [value]
  return Buffer.concat([message.subarray(0, at), Buffer.from(given), message.subarray(kept)])
}

interface Kind {
  readonly name: string
  readonly keys: 'P-256' | 'RSA-3072'
  readonly parameter: 'SAMLRequest' | 'SAMLResponse'
  readonly root: QName
  readonly mint: (peer: Peer) => XmlPart
  /** What the node reads from it: everything. */
  readonly read: (root: SignedElement) => unknown
}

const response: Kind = {
  name: 'a Response, ECDSA',
  keys: 'P-256',
  parameter: 'SAMLResponse',
  root: samlp('Response'),
  mint: (answerer: Peer) => {
    const asked = { answerer, requestId: '_asked' }
    return mintResponse(asked, { assertions: [mintAssertion(asked)] })
  },
  read: (root: SignedElement) => {
    const read = readResponse(root)
    return [read, read.assertions.map(readAssertion)]
  },
}

const request: Kind = {
  name: 'an AuthnRequest',
  keys: 'P-256',
  parameter: 'SAMLRequest',
  root: samlp('AuthnRequest'),
  mint: (asker) => mintRequest(asker),
  read: readAuthnRequest,
}

const kinds: readonly Kind[] = [response, { ...response, name: 'a Response, RSA', keys: 'RSA-3072' }, request]

/** From the body of a form to what is read, as a face does it. */
function received(octets: Uint8Array, { parameter, root, read }: Kind, peer: Peer): unknown {
  const input = {
    method: 'POST',
    path: '/',
    query: '',
    contentType: 'application/x-www-form-urlencoded',
    contentEncoding: undefined,
    body: Buffer.from(encodeForm([[parameter, base64(octets)]])),
    cookies: undefined,
    language: 'en',
  }
  return read(
    verifyBound(receiveBound(input, parameter), root, (entityId) => {
      if (entityId !== peer.entityId) throw new NodeFault('SAML_ISSUER')
      return { keys: [peer.signingKey.verification], algorithms: eidasSignatureAlgorithms }
    }),
  )
}

/** What the signature is over, as far as the message has it now. Ours are written as they are signed. */
function signedPart(octets: Uint8Array): string {
  const canonical = withDocument(octets, messageLimits, (document) => document.canonical([], { prefixes }))
  return Buffer.from(canonical).toString().replace(SIGNATURE, '')
}

/** Bound for the types of values, and so signed without being used by a name. */
const prefixes = ['xs', 'eidas-natural']

const SIGNATURE = /<ds:Signature .*<\/ds:Signature>/s

const isCode = (word: string): word is FaultCode => Object.hasOwn(faults, word)
const refusals = Object.keys(faults)
  .filter(isCode)
  .filter((code) => /^(XML|DS|C14N|SAML)_/.test(code))

test.each(kinds.map((kind) => [kind.name, kind] as const))(
  'A-122, A-254: %s with any octet changed is refused by a code or says what it said',
  async (_, kind) => {
    const { proxyService: peer } = await newPeers('http://localhost', kind.keys)
    const message = await sign(kind.mint(peer), peer.signing)
    const right = received(message, kind, peer)
    const signed = signedPart(message)
    expect(signed).toBe(Buffer.from(message).toString().replace(SIGNATURE, ''))
    const refused = new Set<string>()
    fc.assert(
      fc.property(changes(message.length), (change) => {
        const altered = changed(message, change)
        const verdict = outcome(() => {
          expect(received(altered, kind, peer)).toEqual(right)
        })
        expect([...refusals, 'accepted']).toContain(verdict)
        if (verdict === 'accepted') expect(signedPart(altered)).toBe(signed)
        else refused.add(verdict)
      }),
      { numRuns: RUNS },
    )
    // Or it would be the parser alone that refuses.
    expect([...refused]).toContain('DS_DIGEST')
    expect([...refused]).toContain('DS_SIG')
  },
  20_000 + 10 * RUNS,
)

describe('over HTTP', () => {
  let target: Target
  beforeAll(async () => {
    target = await startTarget()
  }, 60_000)
  afterAll(() => target.stop())

  test.each(doorNames)('R-LAW-4, A-122, A-254 at the %s: the same, and the sign-in ends as it should', async (door) => {
    const kind = door.endsWith('sso') ? request : response
    for (let run = 0; run < 25; run += 1) {
      const { sender, message: part, refused, accepted } = await doors[door](target)
      const message = await sign(part, sender.signing)
      const [change] = fc.sample(changes(message.length), 1)
      if (change === undefined) throw new TypeError('no sample')
      const altered = changed(message, change)
      const verdict = outcome(() => received(altered, kind, sender))
      const code = refusals.find((one) => one === verdict)
      await (code === undefined ? accepted(altered) : refused(altered, code))
    }
  })
})
