import type { Command } from '@oclif/core/command'

/** docs/cli.md: what `--help` says, on one page. */
export function cliDocument(commands: readonly (readonly [name: string, command: Command.Class])[]): string {
  return [
    '# Commands',
    '',
    'Made from the commands themselves; `goc-audit COMMAND --help` prints the same. Every command takes `--json`.',
    '',
    '| command | |',
    '|---|---|',
    ...commands.map(([name, { summary = '' }]) => `| [${name}](#goc-audit-${name}) | ${cell(summary)} |`),
    '',
    ...commands.flatMap(([name, command]) => section(name, command)),
  ].join('\n')
}

function section(name: string, command: Command.Class): string[] {
  const args = Object.entries(command.args).map(([key, { name: shown, required }]) => {
    const word = (shown ?? key).toUpperCase()
    return required ? word : `[${word}]`
  })
  const examples = (command.examples ?? []).flatMap((example) => {
    if (typeof example === 'string' || !('command' in example)) return []
    return [
      `# ${example.description}`,
      example.command.replaceAll('<%= config.bin %>', 'goc-audit').replaceAll('<%= command.id %>', name),
      '',
    ]
  })
  return [
    `## goc-audit ${name}`,
    '',
    ...(command.summary ? [command.summary, ''] : []),
    ...(command.description ? [command.description, ''] : []),
    '```',
    `goc-audit ${[name, ...args, '[flags]'].join(' ')}`,
    '```',
    '',
    '| flag | meaning | default |',
    '|---|---|---|',
    ...Object.entries(command.flags)
      .filter(([, { hidden }]) => !hidden)
      .map(([flag, about]) => flagRow(flag, about)),
    '',
    '```sh',
    ...examples.slice(0, -1),
    '```',
    '',
  ]
}

function flagRow(flag: string, about: Command.Class['flags'][string]): string {
  const { char, summary = '', type } = about
  const options = 'options' in about && about.options ? about.options.join('|') : undefined
  const value = type === 'boolean' ? '' : ` ${options ?? ('helpValue' in about && about.helpValue) ?? 'VALUE'}`
  const repeatable = 'multiple' in about && about.multiple && !/repeatable/i.test(summary) ? ' Repeatable.' : ''
  const fallback = 'default' in about && about.default !== undefined && type !== 'boolean' ? shownDefault(about) : ''
  return `| \`${char ? `-${char}, ` : ''}--${flag}${cell(value)}\` | ${cell(summary)}${repeatable} | ${cell(fallback)} |`
}

function shownDefault(about: Command.Class['flags'][string]): string {
  const { default: value } = about as { default?: unknown }
  return typeof value === 'string' || typeof value === 'number' ? `\`${value}\`` : 'see `--help`'
}

/** docs/config-reference.md: every key of the file, from its JSON Schema. */
export function configDocument(schema: JsonSchema): string {
  return [
    '# Every key of `.goc-audit.yml`',
    '',
    'Made from the schema that editors and goc-audit itself check the file with. [Configuration](configuration.md) explains with examples.',
    '',
    '| key | type | meaning | default |',
    '|---|---|---|---|',
    ...rows(schema, ''),
    '',
  ].join('\n')
}

export interface JsonSchema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly additionalProperties?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
}

function rows(schema: JsonSchema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, one]) => {
    const path = `${prefix}${key}`
    const inner = one.items ?? one
    const required = schema.required?.includes(key) && one.default === undefined ? 'required' : ''
    const fallback = one.default === undefined ? required : `\`${JSON.stringify(one.default)}\``
    const deeper = inner.properties ? rows(inner, one.items ? `${path}[].` : `${path}.`) : []
    return [`| \`${path}\` | ${cell(typeOf(one))} | ${cell(one.description ?? '')} | ${cell(fallback)} |`, ...deeper]
  })
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ')
  if (schema.items) return `list of ${plural(typeOf(schema.items))}`
  if (typeof schema.additionalProperties === 'object') return `mapping to ${typeOf(schema.additionalProperties)}`
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ')
  return schema.properties ? 'mapping' : (schema.type ?? 'any')
}

const plural = (type: string): string => (/^(string|mapping|integer|number)$/.test(type) ? `${type}s` : type)

const cell = (text: string | false): string => (text || '').replaceAll('|', '\\|').replaceAll('\n', ' ')
