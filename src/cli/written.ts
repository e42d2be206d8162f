import { fileTrouble } from '../errors/file-trouble.ts'
import { UsageError } from './usage.ts'

/** Writes to this path, or says in words why it cannot be: the operator gave the path. */
export async function written(path: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (thrown) {
    throw new UsageError(`${path} ${fileTrouble(thrown, 'written')}`)
  }
}
