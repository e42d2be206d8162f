/*
 * Connections take turns. HTTP/1.1 lets a connection send many requests before the first is answered, and the work
 * of one holds up the process for some milliseconds. A connection is served one request at a time, and one piece of work is
 * begun in each round of the event loop: what is cheap, like /health, is answered in between.
 */
export interface Turns {
  /** Resolves once all earlier requests of this connection are answered, with what lets the next one in. */
  enter(connection: object): Promise<() => void>
  /** Resolves when the work may begin. Sign-ins under way and new ones wait in two rows, which are served alternately. */
  begin(isUnderWay: boolean): Promise<void>
}

type Begin = () => void

/** `next` calls back in the next round of the event loop. */
export function createTurns(next: (run: () => void) => void = setImmediate): Turns {
  const underWay: Begin[] = []
  const fresh: Begin[] = []
  const connections = new WeakMap<object, Promise<void>>()
  let isFreshFirst = false

  function run(): void {
    isFreshFirst = !isFreshFirst
    const [first, second] = isFreshFirst ? [fresh, underWay] : [underWay, fresh]
    const begin = first.shift() ?? second.shift()
    if (fresh.length + underWay.length > 0) next(run)
    begin?.()
  }

  return {
    async enter(connection) {
      const before = connections.get(connection)
      let leave: () => void = () => undefined
      connections.set(connection, new Promise((resolve) => (leave = resolve)))
      await before
      return leave
    },
    begin: (isUnderWay) =>
      new Promise((resolve) => {
        if (fresh.length + underWay.length === 0) next(run)
        const row = isUnderWay ? underWay : fresh
        row.push(resolve)
      }),
  }
}
