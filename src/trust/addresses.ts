import { BlockList, isIP } from 'node:net'

/*
 * Which addresses metadata may be fetched from: those of the public Internet, so that no stranger makes this node
 * read from its own machine or its own network. From the special-purpose registries of IANA (RFC 6890).
 */

/** Everything of IPv4 that is not public: this network, private, loopback, link-local, shared, tests, multicast. */
const closed4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]

/** Global unicast, which has neither mapped nor translated IPv4 addresses in it, nor any that are local. */
const open6 = ['2000::/3']

/** Within it: special purposes, among them Teredo; documentation; 6to4, which carries an IPv4 address. */
const closed6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const publicExcept = { ipv4: listOf(closed4, 'ipv4'), ipv6: listOf(closed6, 'ipv6') }
const globalUnicast = listOf(open6, 'ipv6')
const loopback = { ipv4: listOf(['127.0.0.0/8'], 'ipv4'), ipv6: listOf(['::1/128'], 'ipv6') }

export function isPublic(address: string): boolean {
  const family = familyOf(address)
  if (family === undefined || publicExcept[family].check(address, family)) return false
  return family === 'ipv4' || globalUnicast.check(address, family)
}

export function isLoopback(address: string): boolean {
  const family = familyOf(address)
  return family !== undefined && loopback[family].check(address, family)
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  if (version === 0) return undefined
  return version === 4 ? 'ipv4' : 'ipv6'
}

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', length] = network.split('/')
    list.addSubnet(address, Number(length), family)
  }
  return list
}
