/** What is looked at to know whether the event loop keeps up. */
export interface Lateness {
  /** To be called every BEAT_MILLISECONDS. */
  beat(): void
  /** The last two beats came 2.5 s late or more: not one long piece of work, but more work than the process can do. */
  isLate(): boolean
}

export const BEAT_MILLISECONDS = 500

const LATE_MILLISECONDS = 2_500

/** `now` gives milliseconds that never go back. */
export function createLateness(now: () => number): Lateness {
  let due = now() + BEAT_MILLISECONDS
  let lags: readonly [number, number] = [0, 0]
  return {
    beat() {
      lags = [lags[1], now() - due]
      due = now() + BEAT_MILLISECONDS
    },
    isLate: () => Math.min(...lags) >= LATE_MILLISECONDS,
  }
}
