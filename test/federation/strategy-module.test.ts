import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { notifiedLevels } from '../../src/identity/loa.ts'
import { appNames } from '../testkit/app-scheme.ts'
import { linkOf, partiesOf, postRequest, submitStep } from '../testkit/flow.ts'
import { freshId, mintRequest, sign } from '../testkit/mint.ts'
import { startTarget } from '../testkit/target.ts'
import { releasedIn } from '../testkit/verdict.ts'
import { cookiesOf } from '../testkit/wire.ts'

/* A Passport strategy that the configuration names as a module: no code of the node's operator starts the node. */

const [low] = notifiedLevels
const BANK = 'https://bank.xa.example/authorize'
const NATURAL = 'http://eidas.europa.eu/attributes/naturalperson/'

/** A strategy without any package: the code of an answer is the level that was reached. */
const bank = `
const said = { sub: '02635542Y', family_name: 'Appleyard', given_name: 'Marigold', birthdate: '1964-12-31' }

export default ({ read }) => ({
  entityId: '${BANK}',
  handleParameter: 'state',
  begin: (handle) => ({ handle }),
  strategy: {
    authenticate({ query: { code } }, { handle }) {
      if (code === undefined) this.redirect('${BANK}?state=' + handle)
      else this.success(code)
    },
  },
  identify: (classRef, request, asked) => {
    const attributes = Object.entries(said).map(([name, value]) => ({ name, values: [value] }))
    return { outcome: read({ classRef, attributes, issuedAt: Date.now(), authenticatedAt: Date.now() }, request, asked), claims: [] }
  },
})
`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-strategy-'))
  await writeFile(join(folder, 'bank.mjs'), bank)
  await writeFile(join(folder, 'none.mjs'), 'export const strategy = 1\n')
  await writeFile(join(folder, 'throws.mjs'), "throw new TypeError('secret of the operator')\n")
})
afterAll(() => rm(folder, { recursive: true }))

/** A node whose configuration names this module, by a path that begins at the configuration file. */
const nodeWith = (file: string) =>
  startTarget({
    proxyService: {
      schemes: [
        {
          kind: 'passport',
          name: 'bank',
          strategy: { module: `../${basename(folder)}/${file}` },
          mapping: {
            attributes: Object.fromEntries(Object.entries(appNames).map(([theirs, ours]) => [theirs, NATURAL + ours])),
            loa: { basic: low },
          },
        },
      ],
    },
  })

test('a citizen signs in through a strategy that the configuration names as a module', async () => {
  const target = await nodeWith('bank.mjs')
  try {
    const { asker } = partiesOf(target, 'proxy-service')
    const requestedAuthnContext = { comparison: 'minimum', classRefs: [low], declRefs: [] } as const
    const message = await sign(mintRequest(asker, { id: freshId(), requestedAuthnContext }), asker.signing)
    const asked = await postRequest(target, asker, message)
    const state = linkOf(asked, BANK)?.searchParams.get('state') ?? ''
    const acs = target.proxyService.acsOf('bank')
    const query = new URLSearchParams({ state, code: 'basic' })
    const page = await target.wire.get(`${acs}?${query}`, { cookies: cookiesOf(asked) })
    expect((await releasedIn(target, await submitStep(target, page, [['action', 'continue']]))).loa).toBe(low)
  } finally {
    await target.stop()
  }
}, 60_000)

test.each([
  ['is not there', 'missing.mjs', /cannot be loaded/],
  ['throws, without its message', 'throws.mjs', /cannot be loaded: TypeError$/],
  ['has no function as its default export', 'none.mjs', /default export of \S+none\.mjs is not a function/],
])(
  'CFG_INVALID for a module that %s',
  async (_, file, detail) => {
    await expect(nodeWith(file)).rejects.toMatchObject({ code: 'CFG_INVALID', detail: expect.stringMatching(detail) })
  },
  60_000,
)
