import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '@oclif/core/command'
import { describe, expect, test } from 'vitest'
import { planFlags } from '../../../src/cli/flags.js'
import { configJsonSchema } from '../../../src/config/json-schema.js'
import { emitters } from '../../../src/emitters/index.js'
import { cliDocument, configDocument, type JsonSchema } from '../../support/reference.js'

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

test('the formats that `fix` offers are those that there are', () => {
  expect(planFlags.format.helpValue).toBe(Object.keys(emitters).join('|'))
})

test('what others may rely on: commands, arguments and flags', async () => {
  const surface = commands.map(([name, command]) => {
    const flags = Object.entries(command.flags).map(([flag, { char, type, ...rest }]) => {
      const options = 'options' in rest && rest.options ? ` ${rest.options.join('|')}` : ''
      return `  ${char ? `-${char} ` : ''}--${flag} ${type}${options}`
    })
    return [`${name} ${Object.keys(command.args).join(' ')}`.trim(), ...flags.sort()].join('\n')
  })
  await expect(`${surface.join('\n')}\n`).toMatchFileSnapshot('commands.txt')
})

test('docs/cli.md is what the commands say', async () => {
  await expect(cliDocument(commands)).toMatchFileSnapshot('../../../docs/cli.md')
})

test('docs/config-reference.md is what the schema says', async () => {
  await expect(configDocument(JSON.parse(configJsonSchema()) as JsonSchema)).toMatchFileSnapshot(
    '../../../docs/config-reference.md',
  )
})
