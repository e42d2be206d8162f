import type { FaultCode } from '../../src/errors/faults.ts'
import { dataSet } from '../../src/identity/attributes.ts'
import { redirectUrl } from '../../src/saml/bindings/redirect.ts'
import { attributeNameFormats } from '../../src/saml/uris.ts'
import type { XmlElement } from '../../src/xml/element.ts'
import { messageLimits, requestLimits } from '../../src/xml/limits.ts'
import { eidas, ns, saml, samlp } from '../../src/xml/names.ts'
import { scan } from '../../src/xml/scanner.ts'
import { el, writeText, writeXml, type XmlPart } from '../../src/xml/writer.ts'
import { partiesOf, postRequest } from '../testkit/flow.ts'
import {
  attempt,
  expectAccepted,
  expectUnreadable,
  type Forgery,
  requestWays,
  type WayName,
  ways,
} from '../testkit/forge.ts'
import { freshId, mintRequest, sign } from '../testkit/mint.ts'
import { appended, at, attribute, type Change, content, inRoot } from '../testkit/surgery.ts'
import { startTarget, type Target } from '../testkit/target.ts'
import { expectPage, refusalOf } from '../testkit/verdict.ts'

/*
 * how much a message may hold, each bound from both sides, and what canonicalisation may
 * make of it. The load stands where nobody reads: in a value of a requested attribute, or of an attribute nobody knows.
 */

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 60_000)
afterAll(() => target.stop())

const [some] = dataSet('natural')
const loadWays = [...requestWays, 'proxy-service acs', 'connector acs, sealed assertion'] as const

/** Puts a load where this way has room for it. */
function loaded(way: WayName, load: XmlPart): Change {
  const nameFormat = { NameFormat: attributeNameFormats.uri }
  if (ways[way].subject === 'request') {
    const requested = el(eidas('RequestedAttribute'), { Name: 'urn:unknown', ...nameFormat }, load)
    const known = el(eidas('RequestedAttribute'), { Name: some?.name, ...nameFormat, isRequired: 'true' })
    return withRequested(requested, known)
  }
  const unknown = el(saml('Attribute'), { Name: 'urn:unknown', ...nameFormat }, load)
  const path = 'AttributeStatement'
  return at(ways[way].subject === 'response' ? `Assertion/${path}` : path, appended(unknown))
}

function withRequested(requested: XmlPart, known: XmlPart): Change {
  return (part) => {
    const has = part.children.some((child) => typeof child === 'object' && child.name.local === 'Extensions')
    if (has) return at('Extensions/RequestedAttributes', appended(requested))(part)
    const [issuer = '', ...rest] = part.children
    const extensions = el(samlp('Extensions'), {}, el(eidas('RequestedAttributes'), {}, known, requested))
    return content(issuer, extensions, ...rest)(part)
  }
}

const valueName = (way: WayName) => (ways[way].subject === 'request' ? eidas : saml)('AttributeValue')
const loading = (way: WayName, ...changes: readonly Change[]): Forgery => ({
  part: loaded(
    way,
    changes.reduce((part, change) => change(part), el(valueName(way))),
  ),
  octets: short,
})

/** Empty elements in the shorter form, which is canonically the same; and so an assertion inside is signed too. */
const short = (signed: string): string => signed.replaceAll('></saml2:a>', '/>').replaceAll('></eidas:a>', '/>')

/** How deep the value of the load is, itself included. */
const depthOf = (way: WayName): number => ({ request: 5, response: 5, assertion: 4 })[ways[way].subject]

function nest(way: WayName, levels: number): Change {
  return (part) => (levels === 0 ? part : content(nest(way, levels - 1)(el(valueName(way))))(part))
}

const many = (count: number, part: XmlPart): Change => appended(...Array.from({ length: count }, () => part))

/** What is counted in a message that is accepted. */
async function counted(way: WayName, forgery: Forgery, count: (signed: string) => number): Promise<number> {
  let found = 0
  const octets = (signed: string) => {
    found = count(signed)
    return short(signed)
  }
  await expectAccepted(await attempt(target, way, { ...forgery, octets }))
  return found
}

const nodes = (element: XmlElement): number =>
  element.children.reduce(
    (sum, child) => sum + (typeof child === 'string' ? 1 : nodes(child)),
    1 + element.attributes.length,
  )

describe.each(loadWays)('%s', (way) => {
  const bound = async (below: Forgery, above: Forgery, code: FaultCode) => {
    await expectAccepted(await attempt(target, way, below))
    await expectUnreadable(await attempt(target, way, above), code)
  }

  test('A-058 40 levels are read, 41 are refused', async () => {
    const levels = messageLimits.depth - depthOf(way)
    await bound(loading(way, nest(way, levels)), loading(way, nest(way, levels + 1)), 'XML_DEPTH')
  })

  test('A-059 4,000 nodes are read, 1,500 of a request, and one more is refused', async () => {
    const limits = ways[way].subject === 'request' ? requestLimits : messageLimits
    const empty = el({ ...valueName(way), local: 'a' })
    const those = (signed: string) => nodes(scan(Buffer.from(signed), messageLimits))
    const more = limits.nodes - (await counted(way, loading(way), those))
    await bound(loading(way, many(more, empty)), loading(way, many(more + 1, empty)), 'XML_SIZE')
  })

  test('A-060 1,000 declarations are read where few are in scope, and 257 in scope at one place are refused', async () => {
    const empty = el({ ...valueName(way), local: 'a' })
    const each = (signed: string) => short(signed).replaceAll(/<(\w+:a)\b/g, '<$1 xmlns:n="urn:x"')
    await expectAccepted(await attempt(target, way, { ...loading(way, many(1000, empty)), octets: each }))
    const wide = (count: number): Forgery => ({
      octets: inRoot(Array.from({ length: count }, (_, i) => `xmlns:n${i}="urn:x"`).join(' ')),
    })
    await bound(wide(200), wide(257), 'XML_NS_COUNT')
  })

  test('A-061 a message that grows to four times its length is read, one that grows more is refused', async () => {
    const hidden = el({ namespace: ns.eidasNaturalRepresentative, local: 'a', prefix: 'p' })
    const gathered = (signed: string) =>
      signed
        .replaceAll(writeText(hidden), '<p:a/>')
        .replace(/^<[^ ]+/, (start) => `${start} xmlns:p="${ns.eidasNaturalRepresentative}"`)
    const load = (count: number): Forgery => ({
      ...loading(way, many(count, hidden)),
      octets: gathered,
    })
    await bound(load(80), load(1_000), 'C14N_SIZE')
  })

  test('A-062 a name of 128 characters is read, one of 129 is refused', async () => {
    const prefix = valueName(way).prefix.length + 1
    const named = (length: number) => appended(el({ ...valueName(way), local: 'x'.repeat(length - prefix) }))
    await bound(loading(way, named(128)), loading(way, named(129)), 'XML_SIZE')
  })

  test('A-062 64 attributes on one element are read, 65 are refused', async () => {
    const those =
      (count: number): Change =>
      (part) =>
        Array.from({ length: count }, (_, i) => attribute(`a${i}`, '')).reduce(
          (changed, change) => change(changed),
          part,
        )
    await bound(loading(way, those(64)), loading(way, those(65)), 'XML_SIZE')
  })
})

describe.each(requestWays)('%s', (way) => {
  /** A request of so many octets. */
  const ofOctets = (octets: number, isSigned: boolean) => async () => {
    const { asker } = partiesOf(target, ways[way].half)
    const id = freshId()
    const part = (load: number) => loaded(way, el(valueName(way), {}, 'x'.repeat(load)))(mintRequest(asker, { id }))
    const write = async (load: number) => (isSigned ? sign(part(load), asker.signing) : writeXml(part(load)))
    const bare = await write(1)
    return { asker, message: await write(octets - bare.length + 1) }
  }

  test('A-303 by redirect, a request that inflates to 32 KiB is read, one octet more is refused', async () => {
    const send = async (octets: number) => {
      const { asker, message: xml } = await ofOctets(octets, false)()
      const url = await redirectUrl({ location: asker.destination, parameter: 'SAMLRequest', xml }, asker.signing)
      return target.wire.get(url)
    }
    expect(refusalOf(target, await send(requestLimits.octets))).toBeUndefined()
    expectPage(target, await send(requestLimits.octets + 1), 'BIND_INFLATE')
  })

  test('A-303 by POST, a request of 32 KiB is read, one octet more is refused', async () => {
    const send = async (octets: number) => {
      const { asker, message } = await ofOctets(octets, true)()
      return postRequest(target, asker, message)
    }
    expect(refusalOf(target, await send(requestLimits.octets - 8))).toBeUndefined()
    expectPage(target, await send(requestLimits.octets + 8), 'BIND_SIZE')
  })

  /*
   * The string form of libxml2-wasm loses U+FEFF at the start of a chunk of output. A chunk ends with the first write that
   * passes 4,000 octets, and a text is one write: so the text that begins with it stands right behind a start tag.
   */
  test('A-070 U+FEFF is part of what was signed, wherever it falls', async () => {
    const { asker } = partiesOf(target, ways[way].half)
    const text = (padding: number, value: string) =>
      loaded(way, el(valueName(way), {}, el(valueName(way), {}, 'x'.repeat(padding)), el(valueName(way), {}, value)))
    const start = writeText(text(0, 'admin')(mintRequest(asker))).indexOf('admin')
    const codes = new Set<unknown>()
    for (let place = 3_970; place <= 4_050; place += 1) {
      const signed = await sign(text(place - start, 'admin')(mintRequest(asker)), asker.signing)
      const forged = Buffer.from(signed).toString('utf8').replace('admin', '\ufeffadmin')
      codes.add(refusalOf(target, await postRequest(target, asker, Buffer.from(forged))))
      await expectAccepted(await attempt(target, way, { part: text(place - start, '\ufeffadmin') }))
    }
    expect([...codes]).toEqual(['DS_DIGEST'])
  })
})

/** What the parser has taken: its memory is external and is not that of buffers. It grows and never shrinks. */
function parserOctets(): number {
  const { external, arrayBuffers } = process.memoryUsage()
  return external - arrayBuffers
}

test('proxy-service sso: A-069 what was refused is let go, and the parser takes no more memory', async () => {
  const { connector } = target.peers
  const load = many(1_300, el(eidas('a')))(el(eidas('AttributeValue')))
  const refuseTimes = async (times: number) => {
    for (let left = times; left > 0; left -= 1) {
      const part = attribute('Evil', '1')(loaded('proxy-service sso', load)(mintRequest(connector)))
      const message = short(Buffer.from(await sign(part, connector.signing)).toString('utf8'))
      expectPage(target, await postRequest(target, connector, Buffer.from(message)), 'XML_SCHEMA')
    }
  }
  await refuseTimes(10)
  const before = parserOctets()
  await refuseTimes(100)
  expect(parserOctets() - before).toBeLessThan(8 * 1024 * 1024)
})

/** The same numbers in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

/** A few octets changed, lost, doubled or moved. */
function damaged(message: string, roll: (sides: number) => number): Uint8Array {
  let octets = Buffer.from(message)
  for (let times = 1 + roll(3); times > 0; times -= 1) {
    const from = roll(octets.length)
    const piece = octets.subarray(from, from + 1 + roll(12))
    const rest = octets.subarray(from + piece.length)
    const insteads = [
      Buffer.alloc(0),
      Buffer.concat([piece, piece]),
      Buffer.from('<'),
      Buffer.from([roll(256)]),
      Buffer.from('&#x0;'),
    ]
    octets = Buffer.concat([octets.subarray(0, from), insteads[roll(insteads.length)] ?? piece, rest])
  }
  return octets
}

test.each([...requestWays, 'proxy-service acs', 'connector acs, sealed assertion'] as const)(
  '%s: A-072 damaged messages are refused by name, or are what was signed',
  async (way) => {
    const roll = dice(72)
    const isRequest = ways[way].subject === 'request'
    for (let count = isRequest ? 150 : 60; count > 0; count -= 1) {
      const made = await attempt(target, way, { octets: (signed) => damaged(signed, roll) })
      const code = refusalOf(target, made.answer)
      if (code === undefined) await expectAccepted(made)
      else expect(code).toMatch(/^(?:XML|DS|SAML|ENC|C14N)_(?!OOM|INTERNAL)/)
      expect(made.answer.status).toBeLessThan(500)
    }
    await expectAccepted(await attempt(target, way, { request: () => ({ id: freshId() }) }))
  },
)
