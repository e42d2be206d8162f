/** What the node needs to serve. */
export interface HealthSources {
  /** Never rejects for long: the store has a time limit of its own. */
  readonly storeReachable: () => Promise<boolean>
  /** Whether there is verified, unexpired metadata of at least one peer to serve. */
  readonly trustLoaded: () => boolean
  /** Whether the instances of the node open what each other seals; absent where there is one instance. */
  readonly sealKeys?: () => SealKeyState
}

/** What this instance knows of the seal keys of all instances. */
export interface SealKeyState {
  readonly equal: boolean
  /** Of two instances that differ, this is the one that started later: sign-ins go to the other. */
  readonly atFault: boolean
}

export interface Health {
  /** Whether to send citizens here. That the process answers at all says that it lives. */
  readonly healthy: boolean
  /** For the operator, not for the public. */
  readonly store: 'ok' | 'unreachable'
  readonly trust: 'ok' | 'empty'
  /** 'unequal': instances differ and this is the later one; 'others': they differ and another is the later one. */
  readonly sealKeys: 'ok' | 'unequal' | 'others'
}

/** Fails closed: what cannot be learnt is not well. Never rejects. */
export async function readHealth({ storeReachable, trustLoaded, sealKeys }: HealthSources): Promise<Health> {
  const [store, trust] = await Promise.all([isTrue(storeReachable), isTrue(trustLoaded)])
  const keys = keysOf(sealKeys?.())
  return {
    healthy: store && trust && keys !== 'unequal',
    store: store ? 'ok' : 'unreachable',
    trust: trust ? 'ok' : 'empty',
    sealKeys: keys,
  }
}

function keysOf(state: SealKeyState | undefined): Health['sealKeys'] {
  if (state === undefined || state.equal) return 'ok'
  return state.atFault ? 'unequal' : 'others'
}

/** The answer does not say what is wrong, so the log does, when it comes up and when it is over. */
export function toldHealth(
  read: () => Promise<Health>,
  { info, error }: { info(message: string): void; error(message: string): void },
): () => Promise<Health> {
  let told = ''
  return async () => {
    const health = await read()
    const trouble = troubleOf(health)
    if (trouble !== told && trouble !== '') error(`/health says 503: ${trouble}`)
    if (trouble !== told && trouble === '') info('/health says 200 again')
    told = trouble
    return health
  }
}

const UNEQUAL =
  'an instance that started earlier has other seal keys (PASSERELLE_SEAL_KEYS): add a key on every instance before one seals with it'

function troubleOf({ store, trust, sealKeys }: Health): string {
  return [
    ...(store === 'ok' ? [] : ['the store does not answer, is full, or may forget']),
    ...(trust === 'ok' ? [] : ['no node of another country is trusted']),
    ...(sealKeys === 'unequal' ? [UNEQUAL] : []),
  ].join(', ')
}

async function isTrue(learn: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await learn()
  } catch {
    return false
  }
}
