import { access, constants, readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { fileTrouble } from '../errors/file-trouble.ts'
import { type Environment, type NodeSecrets, secretsOf, secretsSchema, secretVariables } from './environment.ts'
import { type KeyTexts, type ReadKeys, readKeys } from './key-files.ts'
import { overridden } from './overrides.ts'
import { invalid, type Problem, placedIn, problemsOf } from './problem.ts'
import { type KeyPaths, type NodeConfig, nodeSchema, type Owners, type Suspended } from './schema.ts'
import { type ConfigText, readConfigText } from './text.ts'
import { owners, suspended } from './trust.ts'
import { isThisMachine } from './values.ts'
import { wordsOf } from './words.ts'

export interface ConfigSource {
  /** Path of the file, YAML or JSON. */
  readonly file: string
  readonly environment: Environment
  /** `path=value` each: single values that stand in for those of file and environment. */
  readonly settings?: readonly string[]
  /** Epoch milliseconds. */
  readonly now: number
}

export interface LoadedConfig {
  /** The file it was read from. */
  readonly file: string
  readonly config: NodeConfig
  readonly secrets: NodeSecrets
  readonly keys: KeyTexts
  /** To be said at start. */
  readonly warnings: readonly string[]
}

/** Reads file, environment and key files; CFG_INVALID with all their problems at once. */
export async function loadConfig({ file, environment, now, settings = [] }: ConfigSource): Promise<LoadedConfig> {
  const text = await readText(file)
  const path = resolve(file)
  const directory = dirname(path)
  const schema = nodeSchema((path) => resolve(directory, path))
  const { value, warnings } = overridden(text.value, schema, environment, settings)
  const config = schema.safeParse(value, { error: wordsOf })
  const secrets = secretsSchema.safeParse(await secretVariables(environment), { error: wordsOf })
  const keys = await readKeysIn(value, schema.shape.keys, now)
  const problems = [
    ...placedIn(
      [...(config.success ? await missingFiles(config.data) : problemsOf(config.error)), ...keys.problems],
      text.placeOf,
    ),
    ...(secrets.success ? [] : problemsOf(secrets.error)),
  ]
  if (!config.success || !secrets.success || keys.texts === undefined || problems.length > 0)
    throw invalid(problems, path)
  const loaded = { file, config: deepFreeze(config.data), secrets: secretsOf(secrets.data), keys: keys.texts }
  return { ...loaded, warnings: [...warnings, ...warningsOf(loaded.config, loaded.secrets), ...keys.warnings] }
}

/** Whom the file suspends now, whatever else has been changed in it. CFG_INVALID when that cannot be read. */
export async function readSuspended(file: string): Promise<Suspended> {
  const schema = z.looseObject({ trust: z.looseObject({ suspended }) })
  const { value, placeOf } = await readText(file)
  const result = schema.safeParse(value, { error: wordsOf })
  if (!result.success) throw invalid(placedIn(problemsOf(result.error), placeOf), resolve(file))
  return result.data.trust.suspended
}

/** Whose the file says an entityID is; as readSuspended. */
export async function readOwners(file: string): Promise<Owners> {
  const schema = z.looseObject({ trust: z.looseObject({ owners }) })
  const { value, placeOf } = await readText(file)
  const result = schema.safeParse(value, { error: wordsOf })
  if (!result.success) throw invalid(placedIn(problemsOf(result.error), placeOf), resolve(file))
  return result.data.trust.owners
}

/** The same for a value at hand; `directory` is where relative paths begin. Reads no files. */
export function parseConfig(value: unknown, directory: string): NodeConfig {
  const result = nodeSchema((path) => resolve(directory, path)).safeParse(value, { error: wordsOf })
  if (!result.success) throw invalid(problemsOf(result.error))
  return deepFreeze(result.data)
}

async function readText(file: string): Promise<ConfigText> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    throw invalid([{ path: [], message: `${resolve(file)} ${fileTrouble(thrown)}` }])
  })
  return readConfigText(text, resolve(file))
}

/** Keys are looked at even when something else is wrong, so that all problems come at once. */
async function readKeysIn(value: unknown, schema: z.ZodType<KeyPaths>, now: number): Promise<ReadKeys> {
  const result = z.looseObject({ keys: schema }).safeParse(value)
  return result.success ? readKeys(result.data.keys, now) : { problems: [], warnings: [] }
}

async function missingFiles({ trust }: NodeConfig): Promise<readonly Problem[]> {
  const paths = [
    ...trust.sources.flatMap(({ files = [], directory, anchors }, index) => [
      ...files.map((path, at) => ({ path, where: ['sources', index, 'files', at] })),
      ...(directory === undefined ? [] : [{ path: directory, where: ['sources', index, 'directory'] }]),
      ...anchors.map((path, at) => ({ path, where: ['sources', index, 'anchors', at] })),
    ]),
    ...trust.lists.flatMap(({ file, anchors, countries }, index) => [
      ...(file === undefined ? [] : [{ path: file, where: ['lists', index, 'file'] }]),
      ...anchors.map((path, at) => ({ path, where: ['lists', index, 'anchors', at] })),
      ...countries.flatMap((one, number) =>
        (one.anchors ?? []).map((path, at) => ({ path, where: ['lists', index, 'countries', number, 'anchors', at] })),
      ),
    ]),
    ...trust.tlsAuthorities.map((path, at) => ({ path, where: ['tlsAuthorities', at] })),
  ]
  const missing = await Promise.all(
    paths.map(async ({ path, where }) => {
      const trouble = await access(path, constants.R_OK).then(
        () => undefined,
        (thrown) => fileTrouble(thrown),
      )
      return trouble === undefined ? [] : [{ path: ['trust', ...where], message: `${path} ${trouble}` }]
    }),
  )
  return missing.flat()
}

function warningsOf(
  { allowHttpForDemo, baseUrl, trust, connector, proxyService }: NodeConfig,
  { redisUrl }: NodeSecrets,
): readonly string[] {
  const overHttp = allowHttpForDemo && baseUrl.startsWith('http:')
  const fetchesHere = allowHttpForDemo && fetchedUrls(trust).some((url) => isThisMachine(new URL(url).hostname))
  return [
    ...(overHttp ? ['baseUrl is http: nothing protects messages on their way; for demonstrations only'] : []),
    ...looseSources(trust).map((name) => `${name} does not insist on knowing that certificates are not revoked`),
    ...patientSources(trust).map((name) => `${name} takes metadata that is valid for more than 14 days`),
    ...grantingSources(trust).map((name) => `${name} takes certificates that are signed with PKCS#1`),
    ...patientLists(trust).map((name) => `${name} takes a list whose next one is due in more than 31 days`),
    ...patientSchemes(proxyService.schemes),
    ...Object.entries(connector.identifiersFor).map(
      ([country, others]) =>
        `connector.identifiersFor takes identifiers from ${country} that are for ${others.join(' ')}`,
    ),
    ...(fetchesHere ? ['metadata is fetched from this machine; for demonstrations only'] : []),
    ...(allowHttpForDemo && !overHttp && !fetchesHere ? ['allowHttpForDemo is set without need'] : []),
    ...(redisUrl === undefined ? ['without REDIS_URL sign-ins live in this process: run one instance only'] : []),
    ...(redisUrl !== undefined && isOpenRedis(redisUrl) ? ['Redis is reached without TLS'] : []),
  ]
}

/** R-MF-35: who asked for it abroad is told when the citizen was authenticated, and may refuse it. */
function patientSchemes(schemes: NodeConfig['proxyService']['schemes']): readonly string[] {
  return schemes.flatMap(({ earlierAuthenticationSeconds: ago }, at) =>
    ago === 0
      ? []
      : [`proxyService.schemes[${at}] takes citizens who were authenticated up to ${ago} s before we asked`],
  )
}

function looseSources(trust: NodeConfig['trust']): readonly string[] {
  return placesAbroad(trust, ({ revocation = 'hard' }) => revocation !== 'hard')
}

/** R-IA-25: who has stolen a key may use it until the metadata it is in runs out. */
function patientSources(trust: NodeConfig['trust']): readonly string[] {
  return placesAbroad(trust, ({ validityDays = 0 }) => validityDays > 14)
}

/** R-CR-20. */
function grantingSources(trust: NodeConfig['trust']): readonly string[] {
  return placesAbroad(trust, ({ pkcs1Certificates }) => pkcs1Certificates)
}

type Place = NodeConfig['trust']['sources'][number] | NodeConfig['trust']['lists'][number]

/** Sources of other countries, and lists, of which something is so. */
function placesAbroad({ sources, lists }: NodeConfig['trust'], isSo: (place: Place) => boolean): readonly string[] {
  return [
    ...sources.flatMap((one, at) => (one.country !== undefined && isSo(one) ? [`trust.sources[${at}]`] : [])),
    ...lists.flatMap((one, at) => (isSo(one) ? [`trust.lists[${at}]`] : [])),
  ]
}

function patientLists({ lists }: NodeConfig['trust']): readonly string[] {
  return lists.flatMap(({ nextUpdateDays = 0 }, at) => (nextUpdateDays > 31 ? [`trust.lists[${at}]`] : []))
}

function fetchedUrls({ sources, lists }: NodeConfig['trust']): readonly string[] {
  return [...sources, ...lists].flatMap(({ url }) => (url === undefined ? [] : [url]))
}

function isOpenRedis(redisUrl: string): boolean {
  const { protocol, hostname } = new URL(redisUrl)
  return protocol === 'redis:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}
