import type { Told } from './postgres-statements.js'

/** An entry that pgaudit made, and its number within the session: `statement.substatement`. */
export interface Audited extends Told {
  readonly serial: string
}

/**
 * Of `AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.cart,"SELECT …","1,x",0`. Null: it tells no statement; undefined:
 * it isn't as documented.
 */
export function auditedStatement(message: string): Audited | null | undefined {
  const fields = csvFields(message.slice(7))
  const [kind, statement, substatement, , , , , text, parameters, rows] = fields
  if (text === undefined || (kind !== 'SESSION' && kind !== 'OBJECT')) return undefined
  if (text.startsWith('<')) return null
  const values = parameters === undefined || parameters === '' || parameters.startsWith('<') ? null : parameters
  return {
    text,
    // Unquoted and without telling NULL from an empty string; the best there is.
    parameters: values === null ? null : csvFields(values),
    rows: rows === undefined || rows === '' ? Number.NaN : Number(rows),
    serial: `${statement}.${substatement}`,
  }
}

function csvFields(line: string): string[] {
  const fields: string[] = []
  for (let at = 0; at <= line.length; ) {
    if (line[at] === '"') {
      let end = line.indexOf('"', at + 1)
      while (end >= 0 && line[end + 1] === '"') end = line.indexOf('"', end + 2)
      if (end < 0) end = line.length
      fields.push(line.slice(at + 1, end).replaceAll('""', '"'))
      at = end + 2
    } else {
      const comma = line.indexOf(',', at)
      const end = comma < 0 ? line.length : comma
      fields.push(line.slice(at, end))
      at = end + 1
    }
  }
  return fields
}
