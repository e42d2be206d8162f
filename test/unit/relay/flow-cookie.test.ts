import { randomBytes } from 'node:crypto'
import { newFlow, requireFlowCookie, spentCookie } from '../../../src/relay/flow-cookie.ts'

const flow = () => newFlow(randomBytes, 600)
const header = ({ cookie }: ReturnType<typeof flow>) => `${cookie.name}=${cookie.value}`

describe('the flow cookie', () => {
  test('admits the browser that holds the secret of the handle, among other cookies', () => {
    const begun = flow()
    expect(() => requireFlowCookie(begun.handle, `a=b; ${header(begun)}; c=d`)).not.toThrow()
  })

  test('is a __Host- cookie whose name tells two tabs apart, and a handle that fits into RelayState', () => {
    const [one, two] = [flow(), flow()]
    expect(one.cookie.name).toMatch(/^__Host-flow-[A-Za-z0-9_-]{16}$/)
    expect(one.cookie.name).not.toBe(two.cookie.name)
    expect(one.handle.length).toBeLessThanOrEqual(80)
    expect(spentCookie(one.handle)).toEqual({ name: one.cookie.name, value: undefined, maxAgeSeconds: 0 })
  })

  test('A-222 a browser without the cookie is refused', () => {
    expect(() => requireFlowCookie(flow().handle, undefined)).toThrow(expect.objectContaining({ code: 'ST_SESSION' }))
  })

  test('A-222 the secret of another flow under this name is refused', () => {
    const [mine, other] = [flow(), flow()]
    const forged = `${mine.cookie.name}=${other.cookie.value}`
    expect(() => requireFlowCookie(mine.handle, forged)).toThrow(expect.objectContaining({ code: 'ST_SESSION' }))
  })

  test('A-225 two cookies of the name are refused, whichever is right', () => {
    const begun = flow()
    expect(() => requireFlowCookie(begun.handle, `${header(begun)}; ${begun.cookie.name}=x`)).toThrow(
      expect.objectContaining({ code: 'ST_COOKIE' }),
    )
  })

  test.each(['', 'x', '../../etc', 'a'.repeat(44), `${'a'.repeat(42)}\n`])('%j is no handle', (handle) => {
    expect(() => requireFlowCookie(handle, undefined)).toThrow(expect.objectContaining({ code: 'ST_GONE' }))
  })

  test('ST_SESSION for a cookie of the other kind: neither counts as the other', () => {
    const [strict, plain] = [flow(), newFlow(randomBytes, 600, '')]
    expect(plain.cookie.name).toMatch(/^flow-[A-Za-z0-9_-]{16}$/)
    expect(spentCookie(plain.handle, '').name).toBe(plain.cookie.name)
    expect(() => requireFlowCookie(plain.handle, header(plain), '')).not.toThrow()
    const refused = expect.objectContaining({ code: 'ST_SESSION' })
    expect(() => requireFlowCookie(plain.handle, header(plain))).toThrow(refused)
    expect(() => requireFlowCookie(strict.handle, header(strict), '')).toThrow(refused)
  })
})
