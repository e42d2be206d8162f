import { type Address, addressParts, readAddress, writeAddress } from '../../../../src/profiles/eidas/address.ts'
import fc from '../../../testkit/properties.ts'

const encoded = (fragment: string) => Buffer.from(fragment, 'utf8').toString('base64')
const fault = (code: string) => expect.objectContaining({ code })

describe('addresses', () => {
  const address: Address = {
    LocatorDesignator: '22',
    Thoroughfare: 'Arcacia & Avenue',
    PostName: 'London',
    PostCode: 'SW1A 1AA',
  }

  test('R-AP-32: written with the prefix eidas, escaped, in schema order, in one line', () => {
    const value = writeAddress({ PostCode: '1', PoBox: 'a<b & c' })
    expect(value).toMatch(/^[A-Za-z0-9+/]+=*$/)
    expect(Buffer.from(value, 'base64').toString()).toBe(
      '<eidas:PoBox>a&lt;b &amp; c</eidas:PoBox>\n<eidas:PostCode>1</eidas:PostCode>',
    )
  })

  test('R-AP-30: read after write is identity', () => {
    const part = fc
      .string({ unit: fc.constantFrom(...'aZ9 &<>"\'é-ΩИ/.,;#'), minLength: 1, maxLength: 40 })
      .map((text) => text.trim())
      .filter((text) => text !== '')
    const model = Object.fromEntries(addressParts.map((name) => [name, part]))
    const addresses = fc.record(model, { requiredKeys: [] }).filter((one) => Object.keys(one).length > 0)
    fc.assert(fc.property(addresses, (one) => expect(readAddress(writeAddress(one))).toEqual(one)))
  })

  test('R-AP-31: any prefix or none, layout between the elements, unknown ones ignored', () => {
    const fragment =
      '\r\n<x:PostName> Paris </x:PostName>\n\n<PostCode>75001</PostCode><eidas-natural:Floor>3</eidas-natural:Floor>\n'
    expect(readAddress(encoded(fragment))).toEqual({ PostName: 'Paris', PostCode: '75001' })
  })

  test('R-AP-31: a declaration on an element does no harm', () => {
    expect(readAddress(encoded('<e:PostName xmlns:e="http://x">Paris</e:PostName>'))).toEqual({ PostName: 'Paris' })
  })

  test("R-AP-31: the profile's own example closes PostCode as Postcode", () => {
    expect(readAddress(encoded('<eidas:PostCode>SW1A</eidas:Postcode>'))).toEqual({ PostCode: 'SW1A' })
  })

  test('EU nodes do not escape: a bare ampersand is one', () => {
    expect(readAddress(encoded('<a:Thoroughfare>Smith & Sons</a:Thoroughfare>'))).toEqual({
      Thoroughfare: 'Smith & Sons',
    })
    expect(readAddress(encoded('<a:Thoroughfare>&#x26;&#38;&amp;&lt;</a:Thoroughfare>'))).toEqual({
      Thoroughfare: '&&&<',
    })
  })

  test('R-AP-31: base64 may be wrapped', () => {
    const value = writeAddress(address)
    expect(readAddress(`${value.slice(0, 20)}\r\n ${value.slice(20)}\n`)).toEqual(address)
  })

  test('empty parts are no parts', () => {
    expect(readAddress(encoded('<a:PoBox/><a:PostName></a:PostName><a:PostCode>1</a:PostCode>'))).toEqual({
      PostCode: '1',
    })
  })

  test.each([
    ['no base64', 'Main Street 1'],
    ['base64 of anything', encoded('Main Street 1')],
    ['a document type', encoded('<!DOCTYPE a [<!ENTITY b "c">]><a:PostCode>&b;</a:PostCode>')],
    ['a processing instruction', encoded('<?xml version="1.0"?><a:PostCode>1</a:PostCode>')],
    ['a comment', encoded('<a:PostCode>1<!-- 2 --></a:PostCode>')],
    ['CDATA', encoded('<a:PostCode><![CDATA[1]]></a:PostCode>')],
    ['an element inside', encoded('<a:PostCode><b>1</b></a:PostCode>')],
    ['a part twice', encoded('<a:PostCode>1</a:PostCode><b:PostCode>2</b:PostCode>')],
    ['nothing known', encoded('<a:Planet>Mars</a:Planet>')],
    ['nothing', ''],
    ['text beside the elements', encoded('x<a:PostCode>1</a:PostCode>')],
    ['an open element', encoded('<a:PostCode>1')],
    ['octets that are not UTF-8', Buffer.from('<a:PostCode>\xff</a:PostCode>', 'latin1').toString('base64')],
    ['a character beyond Unicode', encoded('<a:PostCode>&#x110000;</a:PostCode>')],
    ['a megabyte', encoded(`<a:PostCode>${'x'.repeat(1_000_000)}</a:PostCode>`)],
  ])('R-AP-30, A-194: refused with %s', (_, value) => {
    expect(() => readAddress(value)).toThrow(fault('EID_ADDRESS'))
  })

  test.each(['\u202e', '&#x202e;', '&#0;', '&#xD800;'])('A-196: refused with %j in a part', (text) => {
    expect(() => readAddress(encoded(`<a:PostCode>${text}</a:PostCode>`))).toThrow(fault('EID_TEXT'))
  })
})
