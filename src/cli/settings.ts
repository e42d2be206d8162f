/** `--set path=value`, as often as it is said: single values of the configuration file, set anew. */
export const settingsOption = { set: { type: 'string', multiple: true, default: [] as string[] } } as const
