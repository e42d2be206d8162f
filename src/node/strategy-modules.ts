import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { LoadedConfig } from '../config/load.ts'
import { NodeFault } from '../errors/node-fault.ts'
import type { Strategies, StrategyFactory } from './strategies.ts'

/*
 * Passport strategies from modules that the configuration names. Such a module is code of the operator: it runs in the
 * node's process with all its rights, as the configuration file itself decides what the node trusts.
 */

/**
 * The strategies of these modules, by their paths as the configuration has them. A path is relative to the configuration
 * file. CFG_INVALID for a module that cannot be loaded, or whose default export is no function.
 */
export async function strategyModules({ file, config }: Pick<LoadedConfig, 'file' | 'config'>): Promise<Strategies> {
  const paths = config.proxyService.schemes.flatMap((scheme) =>
    scheme.kind === 'passport' && isModule(scheme.strategy) ? [scheme.strategy] : [],
  )
  const folder = dirname(resolve(file))
  const loaded = paths.map(async (path) => [path, await strategyIn(path, resolve(folder, path))] as const)
  return Object.fromEntries(await Promise.all(loaded))
}

/** A name of the configuration has no dot, a module's path ends in `.js` or `.mjs`. */
function isModule(strategy: string): boolean {
  return strategy.includes('.')
}

async function strategyIn(path: string, file: string): Promise<StrategyFactory> {
  const exported: unknown = (await loadModule(path, file))['default']
  if (!isFactory(exported)) throw new NodeFault('CFG_INVALID', `the default export of ${path} is not a function`)
  return exported
}

async function loadModule(path: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (cause) {
    const { code, name } = Object(cause)
    throw new NodeFault('CFG_INVALID', `the strategy ${path} cannot be loaded: ${String(code ?? name)}`, { cause })
  }
}

function isFactory(value: unknown): value is StrategyFactory {
  return typeof value === 'function'
}
