import { createTurns } from '../../../src/web/turns.ts'

/** Rounds of an event loop that the test turns by hand. */
function handTurned() {
  const rounds: (() => void)[] = []
  const turns = createTurns((run) => rounds.push(run))
  const turnOnce = async () => {
    for (const run of rounds.splice(0)) run()
    await Promise.resolve()
  }
  return { turns, turnOnce, rounds }
}

describe('A-303: turns', () => {
  test('one piece of work is begun in each round, new sign-ins and those under way alternately', async () => {
    const { turns, turnOnce, rounds } = handTurned()
    const begun: string[] = []
    for (const name of ['new 1', 'new 2', 'new 3', 'under way 1', 'under way 2']) {
      void turns.begin(name.startsWith('under way')).then(() => begun.push(name))
    }
    const seen: number[] = []
    while (rounds.length > 0) {
      await turnOnce()
      seen.push(begun.length)
    }
    expect(seen).toEqual([1, 2, 3, 4, 5])
    expect(begun).toEqual(['new 1', 'under way 1', 'new 2', 'under way 2', 'new 3'])
  })

  test('work that comes when all is done begins in the next round', async () => {
    const { turns, turnOnce } = handTurned()
    for (let round = 0; round < 3; round += 1) {
      let isBegun = false
      void turns.begin(false).then(() => {
        isBegun = true
      })
      expect(isBegun).toBe(false)
      await turnOnce()
      expect(isBegun).toBe(true)
    }
  })

  test('a connection is served one request at a time, in its order; others do not wait for it', async () => {
    const { turns } = handTurned()
    const [mine, other] = [{}, {}]
    const order: string[] = []
    const serve = async (connection: object, name: string) => {
      const leave = await turns.enter(connection)
      order.push(name)
      return leave
    }
    const first = await serve(mine, 'mine 1')
    const second = serve(mine, 'mine 2')
    const third = serve(mine, 'mine 3')
    ;(await serve(other, 'other 1'))()
    expect(order).toEqual(['mine 1', 'other 1'])
    first()
    ;(await second)()
    await third
    expect(order).toEqual(['mine 1', 'other 1', 'mine 2', 'mine 3'])
  })
})
