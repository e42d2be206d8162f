/** What the operating system says of a file, in words. */
const troubles: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a folder',
  ENOTDIR: 'it is not a folder, or not in one',
}

/** Why a file or folder cannot be read; nothing of its path or of what is in it. */
export function fileTrouble(thrown: unknown): string {
  const code = String(Object(thrown).code)
  return `cannot be read: ${Object.hasOwn(troubles, code) ? troubles[code] : code}`
}
