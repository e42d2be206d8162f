import { randomBytes } from 'node:crypto'
import { newFlow, requireFlowCookie, spentCookie, traceIn, traceSeconds } from '../../../src/relay/flow-cookie.ts'

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

describe('the trace of a flow', () => {
  const traced = ({ trace }: ReturnType<typeof flow>) => `${trace.name}=${trace.value}`

  test('is a cookie of its own that outlives the flow', () => {
    const { cookie, trace } = flow()
    expect(trace.name).toBe(cookie.name.replace('flow', 'trace'))
    expect(trace.name).toMatch(/^__Host-trace-[A-Za-z0-9_-]{16}$/)
    expect([cookie.maxAgeSeconds, trace.maxAgeSeconds]).toEqual([600, traceSeconds(600)])
    expect(traceSeconds(600)).toBe(1800)
  })

  test('A-223 is not the secret of the flow and does not admit', () => {
    const begun = flow()
    const refused = expect.objectContaining({ code: 'ST_SESSION' })
    const { cookie, trace } = begun
    expect(() => requireFlowCookie(begun.handle, traced(begun))).toThrow(refused)
    expect(() => requireFlowCookie(begun.handle, `${cookie.name}=${trace.value}`)).toThrow(refused)
    expect(cookie.value).not.toContain(trace.value)
  })

  test('is found among other cookies, and not where there are two or none that can be one', () => {
    const begun = flow()
    const { trace, handle } = begun
    expect(traceIn(handle, `a=b; ${header(begun)}; ${traced(begun)}`)).toBe(trace.value)
    for (const cookies of [
      undefined,
      header(begun),
      traced(flow()),
      `${traced(begun)}; ${traced(begun)}`,
      `${traced(begun)}A`,
      `${trace.name}=`,
      traced(begun).replace('__Host-', ''),
    ]) {
      expect(traceIn(handle, cookies)).toBeUndefined()
    }
    expect(traceIn('nope', traced(begun))).toBeUndefined()
  })
})
