import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../model/errors.js'
import { type Environment, home } from '../environment.js'
import { didYouMean } from '../problems.js'

/** The parameters of one section of the user's or the system's service file. Throws UserError when no file has it. */
export function readService(name: string, env: Environment): Record<string, string> {
  const files = [
    env.PGSERVICEFILE || join(home(env), '.pg_service.conf'),
    ...(env.PGSYSCONFDIR ? [join(env.PGSYSCONFDIR, 'pg_service.conf')] : []),
  ]
  const known: string[] = []
  for (const file of files) {
    const sections = readSections(file)
    const found = sections.get(name)
    if (found !== undefined) return found
    known.push(...sections.keys())
  }
  throw new UserError(`There is no service "${name}" in ${files.join(' or ')}.`, {
    code: 'service-not-found',
    suggestions: [
      known.length === 0
        ? 'PGSERVICEFILE names the file; a section is `[name]` and lines `host=…`.'
        : didYouMean(name, known),
    ],
  })
}

function readSections(file: string): Map<string, Record<string, string>> {
  const sections = new Map<string, Record<string, string>>()
  let current: Record<string, string> = {}
  for (const line of readLines(file)) {
    const header = /^\[(.*)\]$/.exec(line)
    if (header) {
      current = {}
      sections.set(header[1] ?? '', current)
      continue
    }
    const [, key, value] = /^([^#=\s][^=]*?)\s*=\s*(.*)$/.exec(line) ?? []
    if (key !== undefined && value !== undefined) current[key] = value
  }
  return sections
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .map((line) => line.trim())
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new UserError(`The service file ${file} can't be read: ${(cause as Error).message}.`, {
      code: 'service-file-unreadable',
      cause,
    })
  }
}
