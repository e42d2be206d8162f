/** What the operating system says of a file, in words. */
const troubles: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  EEXIST: 'it is not a folder',
  ENOTDIR: 'it is not a folder, or not in one',
}

/** Why a file or folder cannot be read, or written; nothing of its path or of what is in it. */
export function fileTrouble(thrown: unknown, cannotBe: 'read' | 'written' | 'opened anew' = 'read'): string {
  const code = String(Object(thrown).code)
  return `cannot be ${cannotBe}: ${Object.hasOwn(troubles, code) ? troubles[code] : code}`
}
