import type { Column, Table } from '../model/catalog.js'
import { UserError } from '../model/errors.js'
import type { KeySet, MergePolicy } from '../model/keyset.js'
import type { PlanFacts } from '../model/plan-facts.js'

/** Refuses policies that make no sense for their column, before anything is asked of the server. Throws UserError. */
export function checkPolicies(facts: PlanFacts): void {
  const asked = new Map<string, { readonly policy: MergePolicy; readonly keySet: string }>()
  for (const { resolved } of facts.keySets) {
    const { keySet, table, id } = resolved
    checkEach(facts, table, keySet.resolution.merge, keySet)
    for (const { table: name, merge } of keySet.resolution.references) {
      const child = facts.tables.find(
        (each) => each.table.name === name.name && (name.schema ?? each.table.schema) === each.table.schema,
      )
      if (child !== undefined) checkEach(facts, child.table, merge, keySet)
    }
    for (const [column, policy] of Object.entries(keySet.resolution.merge)) {
      const name = `${table.schema}.${table.name}.${column}`
      const first = asked.get(name)
      if (first !== undefined && first.policy !== policy) {
        throw new UserError(
          `${id} merges "${column}" by ${policy}, and ${first.keySet} by ${first.policy}: a row may belong to groups of both.`,
          { code: 'merge-conflict', location: keySet.location, suggestions: ['Use one policy per column of a table.'] },
        )
      }
      asked.set(name, { policy, keySet: id })
    }
  }
}

function checkEach(
  { way }: PlanFacts,
  table: Table,
  merge: Readonly<Record<string, MergePolicy>>,
  { location }: KeySet,
): void {
  for (const [name, policy] of Object.entries(merge)) {
    const column = table.columns.find((each) => each.name === name)
    const why = column === undefined ? null : misfit(table, column, policy, way)
    if (why === null) continue
    throw new UserError(`"${name}" of ${table.schema}.${table.name} can't be merged by ${policy}: ${why}.`, {
      code: 'merge-unfit',
      location,
      suggestions: ['Choose another policy: keep, first-non-null and latest fit every column.'],
    })
  }
}

function misfit(
  { primaryKey }: Table,
  column: Column,
  policy: MergePolicy,
  { mergeable }: PlanFacts['way'],
): string | null {
  if (policy === 'keep') return null
  if (primaryKey.includes(column.name)) return 'it is in the primary key, which survivors keep'
  if (column.generated !== null) return 'the database computes it'
  const { baseType, hasEquality } = column
  if ((policy === 'min' || policy === 'max') && !hasEquality) return `its type ${baseType} has no order`
  if (mergeable[policy]?.test(baseType) ?? true) return null
  if (policy === 'sum') return `its type ${baseType} can't be summed up`
  return `its type is ${baseType}, not ${policy === 'concat' ? 'text' : 'boolean'}`
}
