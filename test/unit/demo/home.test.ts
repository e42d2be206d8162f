import { citizens } from '../../../demo/citizens.ts'
import { homeApp } from '../../../demo/home.ts'
import { readMarked } from '../../../demo/html-reader.ts'
import { mappingOf, nationalSchemes } from '../../../demo/national-schemes.ts'
import { openServer } from '../../../demo/party.ts'
import { newUserAgent } from '../../../demo/user-agent.ts'

test('the home page names every citizen with user and password, and links every party', async () => {
  const server = await openServer(0)
  const party = {
    kind: 'portal',
    country: 'XA',
    name: 'Lighthouses',
    url: 'http://localhost:1',
    software: 'x',
  } as const
  server.serve(homeApp([{ ...party, links: [{ text: 'metadata', url: 'http://localhost:1/metadata' }] }], citizens))
  const { body } = await newUserAgent().get(`${server.url}/`)
  await server.stop()
  const marked = readMarked(body, 'data-user').map(({ attributes }) => [
    attributes.get('data-user'),
    attributes.get('data-password'),
  ])
  expect(marked).toEqual(citizens.map(({ user, password }) => [user, password]))
  expect(body).toContain('href="http://localhost:1/metadata"')
})

test('each country has three citizens: one in two scripts, one complete, one who only reaches low', () => {
  for (const country of ['XA', 'XB'] as const) {
    const own = citizens.filter((citizen) => citizen.country === country)
    expect(own).toHaveLength(3)
    expect(own.filter(({ level }) => level === 'low')).toHaveLength(1)
    expect(own.filter(({ facts }) => facts.CurrentFamilyName?.length === 2)).toHaveLength(1)
  }
})

test('the two national schemes share no name of an attribute or level', () => {
  const [a, b] = [mappingOf(nationalSchemes.XA), mappingOf(nationalSchemes.XB)]
  const names = [a, b].flatMap(({ attributes, loa }) => [...Object.keys(attributes), ...Object.keys(loa)])
  expect(new Set(names).size).toBe(names.length)
  expect(Object.values(a.attributes)).toEqual(Object.values(b.attributes))
})
