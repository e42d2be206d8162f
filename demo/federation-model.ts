import type { Citizen } from './citizens.ts'

/** Two countries on this machine, running. */
export interface Federation {
  /** Address of the page that explains everything. */
  readonly home: string
  readonly portals: readonly RunningPortal[]
  readonly citizens: readonly Citizen[]
  /** Accounts whose holder acts for a company. */
  readonly companies: readonly Citizen[]
  stop(): Promise<void>
}

export interface RunningPortal {
  /** Country of the service, two capitals. */
  readonly country: string
  readonly url: string
}

/** What runs where, for the home page. */
export interface Party {
  readonly kind: 'portal' | 'node' | 'identity provider'
  readonly country: string
  readonly name: string
  readonly url: string
  /** What it is built on. */
  readonly software: string
  readonly links: readonly { readonly text: string; readonly url: string }[]
}
