import { demo } from '../../../demo/command.ts'
import { commands } from '../../../src/cli/commands.ts'
import { configFolder, leastConfig } from '../../testkit/config.ts'

/** Runs a command and gives what it said on standard error and its exit code. */
async function run(...words: readonly string[]): Promise<{ code: number; said: string }> {
  let said = ''
  const write = process.stderr.write
  process.stderr.write = (text: unknown) => {
    said += String(text)
    return true
  }
  try {
    return { code: await commands(words, async () => demo), said }
  } finally {
    process.stderr.write = write
  }
}

describe('the command line', () => {
  test.each([
    ['a word it does not know', ['frobnicate']],
    ['a word that only objects have', ['constructor']],
    ['an option it does not know', ['demo', '--nope']],
    ['a port that is none', ['demo', '--port', '99999999']],
    ['a command without its file', ['serve']],
    ['a command with too many files', ['check', 'a.json', 'b.json']],
    ['a command without its folder', ['metadata', 'a.json']],
    ['keys for nobody', ['keys', 'a']],
    ['keys for a country that is none', ['keys', 'a', '--country', 'Sweden', '--organization', 'Agency']],
    ['keys for a name too long', ['keys', 'a', '--country', 'SE', '--organization', 'a'.repeat(65)]],
    ['keys for no time', ['keys', 'a', '--country', 'SE', '--organization', 'Agency', '--days', '0']],
    ['keys for ever', ['keys', 'a', '--country', 'SE', '--organization', 'Agency', '--days', '3651']],
  ])('%s is answered with usage and exit code 2', async (_, words) => {
    const { code, said } = await run(...words)
    expect(code).toBe(2)
    expect(said).toContain('usage: passerelle')
  })

  test.each(['--help', '-h'])(
    '%s behind a command is answered with its usage, as something said and not as a fault',
    async (option) => {
      let told = ''
      const { write } = process.stdout
      process.stdout.write = (text: unknown) => {
        told += String(text)
        return true
      }
      try {
        expect(await run('demo', '--port', '1', option)).toEqual({ code: 0, said: '' })
      } finally {
        process.stdout.write = write
      }
      expect(told).toMatch(/^usage: passerelle demo \[--port N\]/)
    },
  )

  test('a folder that metadata cannot be written to is told by its path', async () => {
    const folder = await configFolder()
    try {
      const file = await folder.write('config.json', JSON.stringify(leastConfig))
      const { code, said } = await run('metadata', file, file)
      expect(code).toBe(2)
      expect(said).toContain(`${file} cannot be written: it is not a folder`)
    } finally {
      await folder.remove()
    }
  })

  test('a configuration that is not there is told by its code, without a stack', async () => {
    const { code, said } = await run('check', '/nowhere/node.json')
    expect(code).toBe(1)
    expect(said).toMatch(/^passerelle check: CFG_INVALID: /)
    expect(said).not.toMatch(/\n\s+at /)
  })
})
