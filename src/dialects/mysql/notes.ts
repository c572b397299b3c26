import type { ResolvedKeySet } from '../../model/verdict.js'
import type { ServerInfo } from './driver.js'
import { isText } from './oracle.js'

const HISTORY =
  'The table is system-versioned: the lookup and the unique index see its current rows only, and its history may hold a key several times.'

const UNCHECKED =
  'Rows that were imported with unique_checks = 0, as dumps are, may repeat in spite of a unique index; counting shows them.'

/** What else is to know of a key set on this server, as sentences. */
export function notesOn({ table, keySet }: ResolvedKeySet, { flavour }: Pick<ServerInfo, 'flavour'>): string[] {
  const counted = table.columns.filter(
    (column) => isText(column) && /^(bigint|decimal|numeric)\b/i.test(keySet.boundAs[column.name] ?? ''),
  )
  const asNumbers = counted.map(({ name }) => {
    const exact = flavour === 'mariadb' && /^bigint/i.test(keySet.boundAs[name] ?? '')
    const how = exact
      ? 'as whole numbers; MySQL would compare them as doubles'
      : 'as doubles, for which numbers are equal that differ only beyond their 15th digit'
    return `${name} is a text that is compared with a number here: ${how}.`
  })
  return [
    ...(table.systemVersioned === true ? [HISTORY] : []),
    ...(table.indexes.some(({ unique, primary }) => unique && !primary) ? [UNCHECKED] : []),
    ...asNumbers,
  ]
}
