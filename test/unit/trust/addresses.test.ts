import { isLoopback, isPublic } from '../../../src/trust/addresses.ts'

test.each([
  '8.8.8.8',
  '172.15.255.255',
  '172.32.0.0',
  '193.0.0.1',
  '223.255.255.255',
  '2a00:1450:4001::1',
  '2001:4860::1',
])('%s is public', (address) => {
  expect(isPublic(address)).toBe(true)
})

test.each([
  ['this network', '0.0.0.0'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['carrier', '100.64.0.1'],
  ['loopback', '127.0.0.1'],
  ['loopback', '127.255.255.254'],
  ['link-local, where clouds have their secrets', '169.254.169.254'],
  ['benchmarks', '198.18.0.1'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['unspecified', '::'],
  ['loopback', '::1'],
  ['mapped loopback', '::ffff:127.0.0.1'],
  ['mapped loopback in hexadecimal', '::ffff:7f00:1'],
  ['mapped, though public', '::ffff:8.8.8.8'],
  ['compatible', '::127.0.0.1'],
  ['translated', '64:ff9b::7f00:1'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['unique local', 'fd00::1'],
  ['multicast', 'ff02::1'],
  ['6to4 of a private address', '2002:a00:1::1'],
  ['Teredo', '2001:0:7f00:1::'],
  ['documentation', '2001:db8::1'],
  ['no address', 'localhost'],
  ['an address as some write it', '0x7f.1'],
  ['nothing', ''],
])('A-213: %s (%s) is not public', (_, address) => {
  expect(isPublic(address)).toBe(false)
})

test('loopback is 127.0.0.0/8 and ::1', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1'].map(isLoopback)).toEqual([true, true, true])
  expect(['128.0.0.1', '::', '::2', '10.0.0.1', 'localhost'].map(isLoopback)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ])
})
