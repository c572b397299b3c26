import type { z } from 'zod'
import type { ConfigDocument, Path } from './document.js'
import { configJsonSchema } from './json-schema.js'
import { didYouMean, nearest, type Problem } from './problems.js'
import { configSchema, type RawConfig } from './schema.js'

type Issue = z.core.$ZodIssue

/** Checks the data against the schema; on failure all problems, each with its place. */
export function validate(document: ConfigDocument): { config: RawConfig } | { problems: Problem[] } {
  const result = configSchema.safeParse(document.data, { reportInput: true })
  if (result.success) return { config: result.data }
  const { issues } = result.error
  const guessed = new Set(issues.flatMap((issue) => guesses(issue)))
  return {
    problems: issues
      // A misspelt key is also a missing one; once is enough.
      .filter((issue) => !(isMissing(issue) && guessed.has(issue.path.join('.'))))
      .flatMap((issue) => toProblems(issue, document)),
  }
}

const isMissing = (issue: Issue) => issue.code === 'invalid_type' && issue.input === undefined && issue.path.length > 0

/** The paths of the keys that an unknown key was probably meant to be. */
function guesses(issue: Issue): string[] {
  if (issue.code !== 'unrecognized_keys') return []
  return issue.keys.flatMap((key) => {
    const near = nearest(key, keysAt(issue.path))
    return near === null ? [] : [[...issue.path, near].join('.')]
  })
}

function toProblems(issue: Issue, document: ConfigDocument): Problem[] {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'config-unknown-key',
      message: `\`${key}\` is not a known key of ${owner(path)}.`,
      advice: didYouMean(key, keysAt(path)),
      location: document.locateKey([...path, key]),
    }))
  }
  const location = document.locate(path)
  if (isMissing(issue)) {
    const message = `\`${label(path)}\` is missing from ${owner(path.slice(0, -1))}.`
    return [{ code: 'config-missing-key', message, advice: `Add ${example(path)}.`, location }]
  }
  if (issue.code === 'invalid_type') return [{ ...wrongType(issue), location }]
  return [{ code: 'config-invalid-value', ...wrongValue(issue), location }]
}

function wrongType(issue: z.core.$ZodIssueInvalidType): Omit<Problem, 'location'> {
  const { input } = issue
  const wanted = kinds[issue.expected] ?? issue.expected
  const scalar = typeof input !== 'object' || input === null
  const advice =
    issue.expected === 'string' && scalar
      ? `Put it in quotes: '${String(input)}'.`
      : issue.expected === 'array' && scalar
        ? `Write [${String(input)}].`
        : `Write ${example(issue.path)}.`
  return {
    code: 'config-wrong-type',
    message: `${subject(issue.path)} must be ${wanted}, not ${kindOf(input)}.`,
    advice,
  }
}

function wrongValue(issue: Issue): { message: string; advice: string } {
  const { path, input } = issue
  if (path[0] === 'version') {
    return {
      message: `\`version\` is ${JSON.stringify(input)}, and this goc-audit reads version 1.`,
      advice: 'Write `version: 1`, or use the goc-audit that the file was written for.',
    }
  }
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String)
    const message = `${subject(path)} is \`${String(input)}\`, which it can't be.`
    const near = nearest(String(input), known)
    return { message, advice: `${near === null ? '' : `Did you mean \`${near}\`? `}It is one of ${known.join(', ')}.` }
  }
  if (issue.code === 'too_small') {
    return { message: `${subject(path)} is empty.`, advice: `Fill it in, or remove it where it isn't needed.` }
  }
  if (issue.code === 'invalid_format' && issue.format === 'date') {
    return { message: `${subject(path)} is \`${String(input)}\`, which is no day.`, advice: 'Write it as 2027-03-01.' }
  }
  return { message: `${subject(path)} is not valid: ${issue.message}.`, advice: `Write ${example(path)}.` }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? 'text' : `the number ${String(value)}`
}

/** The last key of a path: of the list for one of its members. */
function label(path: Path): string {
  return String(path.filter((part) => typeof part === 'string').at(-1) ?? 'the file')
}

function subject(path: Path): string {
  if (path.length === 0) return 'The file'
  return typeof path.at(-1) === 'number' ? `A member of \`${label(path)}\`` : `\`${label(path)}\``
}

const owners: Readonly<Record<string, string>> = {
  keysets: 'a key set',
  references: 'a reference',
  databases: 'an entry of `databases`',
  logs: 'an entry of `logs`',
  ignore: 'an entry of `ignore`',
}

function owner(path: Path): string {
  if (path.length === 0) return 'the file'
  const name = label(path)
  return typeof path.at(-1) === 'number' ? (owners[name] ?? `\`${name}\``) : `\`${name}\``
}

const examples: Readonly<Record<string, string>> = {
  table: '`table: shop.cart`',
  columns: '`columns: [session_id]`',
  keysets: '`keysets:` and below it a list of `- table: …` with `columns: […]`',
  match: '`match: { email: lower }`',
  bound_as: '`bound_as: { email: text }`',
  merge: '`merge: { quantity: sum }`',
  reason: '`reason: "…"`, so that others know why',
  url: '`url: postgresql://user@host/database`',
  database: '`database:` and below it `url: …`',
  archive: '`archive: { schema: goc_audit }`',
}

function example(path: Path): string {
  if (path.length === 0) return '`keysets:` and the other keys at the beginning of their lines'
  if (typeof path.at(-1) === 'number') return `it as ${owner(path)}: \`key: value\` lines`
  return examples[label(path)] ?? `\`${label(path)}: …\``
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly items?: SchemaNode
  readonly additionalProperties?: SchemaNode | boolean
}

function keysAt(path: Path): string[] {
  let node: SchemaNode | undefined = JSON.parse(configJsonSchema()) as SchemaNode
  for (const part of path) node = typeof part === 'number' ? node?.items : node?.properties?.[String(part)]
  return Object.keys(node?.properties ?? {})
}
