import fc from 'fast-check'

/**
 * fast-check as every suite of this project uses it. `npm test` draws the same values each time: it judges the change,
 * not the draw. `npm run test:long` draws anew and more often, and says how to draw the same once more.
 */

/** How many times as often as `npm test`. */
const times = Number(process.env['PASSERELLE_TIMES'] ?? 1)

/** How often something is tried that `npm test` tries `usual` times. */
export function often(usual: number): number {
  return usual * times
}

/** For fc.assert, in place of the 100 times a property is tried when nothing is said. */
export function runs(usual: number): { readonly numRuns: number } {
  return { numRuns: often(usual) }
}

fc.configureGlobal({ seed: Number(process.env['PASSERELLE_SEED'] ?? 1), ...runs(100) })

export default fc
