/**
 * The node as a library: what a program that embeds a node, or writes a Passport strategy for one, may import. Everything
 * else in src/ may change with every version. Nothing in src/ imports this file.
 */

export type { KeyName, KeyTexts } from './config/key-files.ts'
export { type LoadedConfig, loadConfig, parseConfig } from './config/load.ts'
export { connectorAddresses } from './connector/addresses.ts'
export { NodeFault } from './errors/node-fault.ts'
export type { PassportScheme, PassportStrategy, StrategyRequest } from './faces/passport.ts'
export { nodeKeys } from './node/keys.ts'
export { nodeMetadata } from './node/publication.ts'
export type { Strategies, StrategyContext, StrategyFactory } from './node/strategies.ts'
export { type NodeOptions, type RunningNode, startNode } from './node.ts'
export { jsonLog, type Log } from './observe/log.ts'
export { proxyServiceAddresses } from './proxy-service/addresses.ts'
export { createCertificate, createKey } from './xmlsec/certificate.ts'
