import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'

/** A file that log lines are appended to. */
export interface LogFile {
  write(text: string): void
  /** Opens the path anew, after a rotation has renamed the file. Rejects with the file system's error; then the old one stays. */
  reopen(): Promise<void>
  /** Writes what is waiting and closes. */
  close(): Promise<void>
  /** Resolves to the error when the file takes no more. */
  readonly failed: Promise<Error>
}

/** Group may read: collectors of logs run as another user. */
const MODE = 0o640

/** Opens a log file for appending; rejects with the file system's error. */
export async function openLogFile(path: string): Promise<LogFile> {
  let fail: (error: Error) => void = () => undefined
  const failed = new Promise<Error>((resolve) => {
    fail = resolve
  })
  let stream = await opened(path, fail)
  return {
    failed,
    write: (text) => void stream.write(text),
    async reopen() {
      const before = stream
      stream = await opened(path, fail)
      await ended(before)
    },
    close: () => ended(stream),
  }
}

async function opened(path: string, fail: (error: Error) => void): Promise<WriteStream> {
  const stream = createWriteStream(path, { flags: 'a', mode: MODE })
  await once(stream, 'open')
  stream.on('error', fail)
  return stream
}

async function ended(stream: WriteStream): Promise<void> {
  if (stream.closed || stream.errored !== null) return
  stream.end()
  await once(stream, 'close').catch(() => undefined)
}
