import type { Numbering } from '../documents/naming.js'

export const attacks: Numbering
export function attacksDocument(): string
