/** Every bound on HTTP in one place. */
export interface WebLimits {
  /** Octets of a body: the base64 of a message of 128 KiB with its percent-escapes, and some fields beside it. */
  readonly bodyOctets: number
  /** Octets of all bodies that are arriving together. */
  readonly arrivingOctets: number
  /** Time for a body to arrive. */
  readonly bodyMilliseconds: number
  /** Time for the header fields to arrive. */
  readonly headersMilliseconds: number
  /** Time for the whole request to arrive, when nothing else has ended it. */
  readonly requestMilliseconds: number
  /** Time a connection may stand still, while an answer is made or because the client does not read it. */
  readonly stallMilliseconds: number
  /**
   * Time a connection is kept for the next request. Longer than the minute after which most proxies give up theirs, for
   * a post that meets a connection being closed is an error page of the proxy's, and no post is sent twice.
   */
  readonly keepAliveMilliseconds: number
  /**
   * Requests of one connection, the last of which is told that it is the last. Requests that are sent all at once, without
   * waiting for answers, are taken all at once as well, and hold up everybody until they are answered.
   */
  readonly requestsPerConnection: number
  /** How often the server looks for connections out of time. */
  readonly checkMilliseconds: number
  /** Octets of request line and header fields together: a redirect carries its message there. */
  readonly headerOctets: number
  readonly connections: number
  /** How long a new sign-in may wait for its turn before it is told to come back. */
  readonly patienceMilliseconds: number
}

export const webLimits: WebLimits = {
  bodyOctets: 400 * 1024,
  arrivingOctets: 128 * 1024 * 1024,
  bodyMilliseconds: 15_000,
  headersMilliseconds: 10_000,
  requestMilliseconds: 20_000,
  stallMilliseconds: 60_000,
  keepAliveMilliseconds: 75_000,
  requestsPerConnection: 100,
  checkMilliseconds: 2_000,
  headerOctets: 32 * 1024,
  connections: 4_096,
  patienceMilliseconds: 5_000,
}
