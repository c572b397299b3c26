import type { Severity } from '../model/audit.js'
import type { DatabaseReport, ReportedFinding, ReportedKeySet } from './report.js'

/** The same finding in several databases, or in several schemas of one. */
export interface FindingGroup {
  readonly rule: string
  readonly severity: Severity
  /** Of the key set, or the pattern that means it in every schema. */
  readonly id: string
  /** Never empty; most surplus rows first. */
  readonly members: readonly FindingMember[]
}

export interface FindingMember {
  readonly database: DatabaseReport
  readonly finding: ReportedFinding
  /** Undefined for findings that are about no key set. */
  readonly keySet: ReportedKeySet | undefined
}

/** In the order of the findings: gravest first. */
export function groupFindings(databases: readonly DatabaseReport[]): FindingGroup[] {
  const members = databases.flatMap((database) => {
    const keySets = new Map(database.keySets.map((keySet) => [keySet.id, keySet]))
    return database.findings.map((finding): FindingMember => {
      return { database, finding, keySet: keySets.get(finding.keySet) }
    })
  })
  const groups = grouped(members, ({ finding, keySet }) => {
    return JSON.stringify([finding.severity, finding.rule, keySet?.pattern ?? finding.keySet])
  })
  return groups
    .map((same) => {
      const [{ finding, keySet }] = same
      const sorted = [...same].sort((a, b) => surplusOf(b.keySet) - surplusOf(a.keySet))
      return {
        rule: finding.rule,
        severity: finding.severity,
        id: keySet?.pattern ?? finding.keySet,
        members: sorted,
      }
    })
    .sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity))
}

const ORDER: readonly Severity[] = ['error', 'warning', 'note']

export interface KeySetGroup {
  readonly id: string
  readonly protection: ReportedKeySet['protection']
  /** Never empty. */
  readonly members: readonly { readonly database: DatabaseReport; readonly keySet: ReportedKeySet }[]
}

/** Key sets that are the same and have the same protection, by id. */
export function groupKeySets(databases: readonly DatabaseReport[]): KeySetGroup[] {
  const members = databases.flatMap((database) => database.keySets.map((keySet) => ({ database, keySet })))
  const groups = grouped(members, ({ keySet }) => JSON.stringify([keySet.pattern ?? keySet.id, keySet.protection]))
  return groups
    .map((same) => {
      const [{ keySet }] = same
      return {
        id: same.length === 1 ? keySet.id : (keySet.pattern ?? keySet.id),
        protection: keySet.protection,
        members: same,
      }
    })
    .sort((a, b) => (a.id === b.id ? 0 : a.id < b.id ? -1 : 1))
}

export function surplusOf(keySet: ReportedKeySet | undefined): number {
  return keySet?.duplicates?.counted ? keySet.duplicates.surplusRows : 0
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): [Item, ...Item[]][] {
  const groups = new Map<string, [Item, ...Item[]]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups.values()]
}
