import type { Audit, AuditedKeySet } from '../model/audit.js'
import type { DatabaseState, KeySetState } from '../model/baseline.js'
import type { HistoryDatabase } from '../model/history.js'
import { patternOf } from '../model/keyset-id.js'

/** An audit as a baseline is compared with it. */
export function databaseState({ alias, complete, keySets, findings, ignored }: Audit): DatabaseState {
  const found = grouped(findings)
  const hidden = new Set(ignored.map(({ keySet }) => keySet))
  return {
    name: alias ?? null,
    complete,
    keySets: keySets.map(({ resolved, verdict, duplicates }): KeySetState => {
      return {
        id: resolved.id,
        pattern: patternOf(resolved.keySet),
        schema: resolved.relation.schema,
        protection: verdict.protection,
        hazards: verdict.hazards,
        counts: countsOf(duplicates),
        findings: found.get(resolved.id) ?? [],
        ignored: hidden.has(resolved.id),
      }
    }),
  }
}

function grouped(findings: Audit['findings']): ReadonlyMap<string, KeySetState['findings'][number][]> {
  const found = new Map<string, KeySetState['findings'][number][]>()
  for (const { keySet, rule, severity } of findings) {
    const same = found.get(keySet)
    if (same === undefined) found.set(keySet, [{ rule, severity }])
    else same.push({ rule, severity })
  }
  return found
}

function countsOf(duplicates: AuditedKeySet['duplicates']): KeySetState['counts'] {
  if (!duplicates.counted) return null
  const { groups, surplusRows, divergentGroups, exact } = duplicates
  return { groups, surplusRows, divergentGroups, exact: exact || groups === 0 }
}

/** An audit as a history keeps it. */
export function historyDatabase({ database, complete, keySets, findings }: Audit, partial: boolean): HistoryDatabase {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort()
  return {
    name: database.name,
    complete,
    partial,
    keySets: keySets.map(({ resolved, verdict, duplicates }) => {
      const exact = duplicates.counted && (duplicates.exact || duplicates.groups === 0) ? duplicates : null
      return {
        id: resolved.id,
        protection: verdict.protection,
        groups: exact?.groups ?? null,
        surplusRows: exact?.surplusRows ?? null,
      }
    }),
    findings: Object.fromEntries(rules.map((rule) => [rule, findings.filter((one) => one.rule === rule).length])),
  }
}
