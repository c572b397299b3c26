import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '@oclif/core/command'
import { describe, expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../../../commands')
const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''))
const commands = await Promise.all(
  names.map(async (name) => {
    const module: { default: Command.Class } = await import(join(folder, `${name}.ts`))
    return [name, module.default] as const
  }),
)

describe.each(commands)('%s', (_, command) => {
  test('says what it does, with examples and exit codes', () => {
    expect(command.summary).toMatch(/\.$/)
    expect(command.description).toContain('Exit codes: 0 ')
    expect(command.examples?.length).toBeGreaterThan(0)
    for (const flag of Object.values(command.flags)) expect(flag.summary).toMatch(/\.$/)
  })

  test('takes --json', () => {
    expect(command.enableJsonFlag).toBe(true)
  })
})

test('what others may rely on: commands, arguments and flags', async () => {
  const surface = commands.map(([name, command]) => ({
    command: name,
    args: Object.keys(command.args),
    flags: Object.entries(command.flags)
      .map(([flag, { char, type, ...rest }]) => {
        const options = 'options' in rest ? rest.options : undefined
        return [char ? `-${char} ` : '', `--${flag} ${type}`, options ? ` ${options.join('|')}` : ''].join('')
      })
      .sort(),
  }))
  await expect(`${JSON.stringify(surface, null, 2)}\n`).toMatchFileSnapshot('commands.json')
})
