import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Background, listens, runInBackground } from './background.ts'

/** Debian's Apache with a configuration of ours: one site, one page, which shows what the application behind it is told. */
export interface SitePlan {
  /** An existing folder that everybody may enter. */
  readonly folder: string
  /** A loopback address of its own: cookies are kept by host, whatever the port. */
  readonly host: string
  readonly port: number
  /** Module name to file, beside what every site needs. */
  readonly modules: Readonly<Record<string, string>>
  /** Directives of the site. */
  readonly directives: string
}

const MODULES = '/usr/lib/apache2/modules'

const everySite = {
  mpm_prefork_module: 'mod_mpm_prefork.so',
  authn_core_module: 'mod_authn_core.so',
  authz_core_module: 'mod_authz_core.so',
  authz_user_module: 'mod_authz_user.so',
  alias_module: 'mod_alias.so',
  cgi_module: 'mod_cgi.so',
}

/** Paths of the page that shows what it is told: the first for people who signed in, the second for everybody. */
export const PRIVATE_PAGE = '/private/page'
export const OPEN_PAGE = '/open/page'

export async function startApache(plan: SitePlan): Promise<Background> {
  const { folder, host, port } = plan
  const file = join(folder, 'apache.conf')
  const page = join(folder, 'page.sh')
  await writeFile(page, "#!/bin/sh\nprintf 'Content-Type: text/plain; charset=utf-8\\n\\n'\nexec env -0\n")
  await chmod(page, 0o755)
  await writeFile(file, configuration(plan, page))
  return runInBackground({
    command: '/usr/sbin/apache2',
    words: ['-d', folder, '-f', file, '-DFOREGROUND'],
    log: join(folder, 'apache.out'),
    ready: () => listens(host, port),
  })
}

function configuration({ folder, host, port, modules, directives }: SitePlan, page: string): string {
  const loaded = Object.entries({ ...everySite, ...modules }).map(
    ([name, module]) => `LoadModule ${name} ${join(MODULES, module)}`,
  )
  return [
    ...loaded,
    // A server that root starts may not go on as root.
    ...(process.getuid?.() === 0 ? ['User www-data', 'Group www-data'] : []),
    `Listen ${host}:${port}`,
    `ServerName http://${host}:${port}`,
    'UseCanonicalName On',
    `DefaultRuntimeDir ${folder}`,
    `PidFile ${join(folder, 'apache.pid')}`,
    `ErrorLog ${join(folder, 'apache.log')}`,
    'StartServers 2',
    'MaxRequestWorkers 4',
    `ScriptAlias ${PRIVATE_PAGE} ${page}`,
    `ScriptAlias ${OPEN_PAGE} ${page}`,
    '<Directory />',
    '  Require all granted',
    '</Directory>',
    directives,
    '',
  ].join('\n')
}

/** What the page shows, by name; Apache's own variables are among them. */
export function variablesOn(page: string): Readonly<Record<string, string>> {
  const pairs = page.split('\0').flatMap((line): [string, string][] => {
    const at = line.indexOf('=')
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : []
  })
  return Object.fromEntries(pairs)
}
