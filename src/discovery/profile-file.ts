import { UserError } from '../model/errors.js'
import { readJson } from '../model/json-source.js'
import type { Profile } from '../model/profile.js'

const SCHEMA_VERSION = 1
const LISTS = ['lookups', 'inserts', 'pairs', 'notAnalysed', 'sources'] as const
const NUMBERS = ['statements', 'sums', 'withSession', 'withTime', 'withRows'] as const

/** What `discover --profile` wrote. `file` is only for messages. Throws UserError with the place of the mistake. */
export function parseProfile(text: string, file: string): Profile {
  const source = readJson(text, file, 'profile-invalid')
  const refuse = (path: readonly string[], message: string): never => {
    throw new UserError(message, {
      code: 'profile-invalid',
      suggestions: ['`goc-audit discover --log … --profile FILE` writes one.'],
      location: source.locate(path),
    })
  }
  const data = source.data as Partial<Record<keyof Profile, unknown>> | null
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return refuse([], 'This is no profile.')
  if (typeof data.schemaVersion === 'number' && data.schemaVersion > SCHEMA_VERSION)
    return refuse(
      ['schemaVersion'],
      `This profile has version ${data.schemaVersion}, and this goc-audit reads version ${SCHEMA_VERSION}.`,
    )
  if (data.schemaVersion !== SCHEMA_VERSION) return refuse(['schemaVersion'], 'This is no profile.')
  for (const name of LISTS) {
    const list = data[name]
    if (!Array.isArray(list)) return refuse([name], `\`${name}\` is not as a profile has it.`)
    const keyed = name === 'lookups' || name === 'inserts' || name === 'pairs'
    if (keyed && !list.every((item) => typeof (item as { key?: unknown } | null)?.key === 'string'))
      return refuse([name], `\`${name}\` is not as a profile has it.`)
  }
  for (const name of NUMBERS)
    if (typeof data[name] !== 'number') return refuse([name], `\`${name}\` is not as a profile has it.`)
  return data as Profile
}
