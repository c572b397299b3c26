import type { AuditedKeySet, Examination } from '../model/audit.js'
import type { Table } from '../model/catalog.js'
import type { Duplicates } from '../model/duplicates.js'
import type { Resolution } from '../model/keyset.js'
import type { StoredDatabase } from './schema.js'

/** Tables by number, each once, and what views read before the views themselves. */
class Tables {
  readonly list: StoredDatabase['tables'] = []
  readonly #places = new Map<Table, number>()

  placeOf(table: Table): number {
    const known = this.#places.get(table)
    if (known !== undefined) return known
    const base = table.base && { ...table.base, table: this.placeOf(table.base.table) }
    this.#places.set(table, this.list.length)
    return this.list.push(plain({ ...table, base })) - 1
  }
}

/** What was seen of one database, in the form of the file. `name` is the one under `databases:`. */
export function toStored(name: string | null, examination: Examination): StoredDatabase {
  const { database, complete, notAnalysed, notes, failures } = examination
  const tables = new Tables()
  const keySets = examination.keySets.map(({ resolved, facts, verdict, duplicates, remedy }) => {
    const { keySet, id, relation, table, parts, predicate } = resolved
    const places = { relation: tables.placeOf(relation), table: tables.placeOf(table) }
    return plain({ id, declared: keySet, ...places, parts, predicate, facts, verdict, duplicates, remedy })
  })
  return plain({ name, database, complete, tables: tables.list, keySets, notAnalysed, notes, failures })
}

export function fromStored({ tables: stored, keySets, name: _, ...rest }: StoredDatabase): Examination {
  const tables: Table[] = []
  for (const { base, ...table } of stored) {
    const under = base === null ? undefined : tables[base.table]
    tables.push(plain({ ...table, base: base && under ? { ...base, table: under } : null }))
  }
  return {
    ...rest,
    keySets: keySets.map(({ id, declared, relation, table, parts, predicate, facts, verdict, duplicates, remedy }) => {
      const keySet = { ...declared, resolution: NO_RESOLUTION }
      const resolved = { keySet, id, relation: tables[relation], table: tables[table], parts, predicate }
      return plain<AuditedKeySet>({ resolved, facts, verdict, duplicates: counted(duplicates), remedy })
    }),
  }
}

/** How duplicate groups are resolved is the configuration's to say. */
const NO_RESOLUTION: Resolution = { survivor: 'oldest', merge: {}, divergent: 'stop', references: [] }

function counted(stored: StoredDatabase['keySets'][number]['duplicates']): Duplicates {
  if (!stored.counted) return stored
  return plain({ ...stored, samples: [], firstSeen: null, lastSeen: null })
}

/** Where types differ only in `undefined` and in `readonly`; what goes into a file has passed its schema. */
function plain<T>(value: unknown): T {
  return value as T
}
