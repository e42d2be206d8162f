/** What the node needs to serve. */
export interface HealthSources {
  /** Never rejects for long: the store has a time limit of its own. */
  readonly storeReachable: () => Promise<boolean>
  /** Whether there is verified, unexpired metadata of at least one peer to serve. */
  readonly trustLoaded: () => boolean
}

export interface Health {
  /** Whether to send citizens here. That the process answers at all says that it lives. */
  readonly healthy: boolean
  /** For the operator, not for the public. */
  readonly store: 'ok' | 'unreachable'
  readonly trust: 'ok' | 'empty'
}

/** Fails closed: what cannot be learnt is not well. Never rejects. */
export async function readHealth({ storeReachable, trustLoaded }: HealthSources): Promise<Health> {
  const [store, trust] = await Promise.all([isTrue(storeReachable), isTrue(trustLoaded)])
  return { healthy: store && trust, store: store ? 'ok' : 'unreachable', trust: trust ? 'ok' : 'empty' }
}

async function isTrue(learn: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await learn()
  } catch {
    return false
  }
}
